// The connection of the person who runs the server: over TLS that is checked, or a socket of this machine.
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import mysql from 'mysql2/promise';
import { isIpAddress } from '../../src/main/core/sync/connection-string.ts';
import { Refusal } from './refusal.mjs';

/** Understands mysql://user:password@host:port/schema?ca=FILE|socket=FILE&name=CERTIFICATE-NAME. */
export function readAdminUrl(text) {
  if (!text) throw new Refusal('Which server? Give its admin URL: mysql://root:PASSWORD@HOST:3306/botchat?ca=ca.pem');
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Refusal('That is no URL. Characters like @ : / # in a password are written %40 %3A %2F %23.');
  }
  if (url.protocol !== 'mysql:') throw new Refusal('An admin URL begins with mysql://');
  const schema = decode(url.pathname.slice(1));
  if (!/^[A-Za-z][A-Za-z0-9_]{0,23}$/.test(schema))
    throw new Refusal(
      'The URL names no schema, or one that BotChat cannot use: letters, digits and _, at most 24, as in …:3306/botchat',
    );
  const caFile = url.searchParams.get('ca');
  if (caFile !== null && !existsSync(caFile)) throw new Refusal(`There is no ${caFile}, which the URL names as ca.`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    user: decode(url.username) || 'root',
    password: decode(url.password),
    host,
    port: Number(url.port || 3306),
    schema,
    socket: url.searchParams.get('socket'),
    ca: caFile === null ? null : readFileSync(caFile, 'utf8'),
    // mysql2 checks names only: for an IP address the name has to be told.
    certificateName: url.searchParams.get('name') ?? (isIpAddress(host) ? 'localhost' : host),
  };
}

/** "%40" → "@". */
function decode(written) {
  try {
    return decodeURIComponent(written);
  } catch {
    throw new Refusal('In a URL a % begins a code: a % in a user name or a password is written %25.');
  }
}

export async function connectAsAdmin({ user, password, host, port, socket, ca, certificateName }) {
  const way = socket
    ? { socketPath: socket }
    : {
        host: certificateName,
        stream: () => connect({ host, port, noDelay: true }),
        ssl: { ...(ca && { ca }), verifyIdentity: true, minVersion: 'TLSv1.2' },
      };
  try {
    return await mysql.createConnection({
      ...way,
      user,
      password,
      charset: 'utf8mb4_bin',
      supportBigNumbers: true,
      flags: ['-LOCAL_FILES'],
      // What routines are created with is what they run with, whatever a caller sets.
      connectTimeout: 10_000,
    });
  } catch (error) {
    throw new Refusal(`Cannot sign in at ${socket ?? `${host}:${port}`} as ${user}: ${explain(error)}`);
  }
}

function explain({ code, errno, message }) {
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return 'the server has no TLS. docs/account-store.md tells how to set it up.';
  if (code === 'HANDSHAKE_SSL_ERROR')
    return `its certificate is not trusted (${message}). Name the authority that signed it: …/botchat?ca=ca.pem, and for a server that is reached by an IP address &name=THE-NAME-IN-ITS-CERTIFICATE.`;
  if (errno === 1045 || errno === 1698) return 'wrong user or password.';
  if (errno === 1040 || errno === 1203 || errno === 1226)
    return 'it has no free connection. Raise max_connections (or the limit of this account), or end some.';
  if (errno === 1130)
    return 'it lets nobody in from this machine: the account needs a host that covers it, as in root@%.';
  if (errno === 1820 || errno === 1862) return 'the password has expired: set a new one with ALTER USER.';
  if (errno === 3118 || errno === 4151) return 'the account is locked: unlock it with ALTER USER … ACCOUNT UNLOCK.';
  if (errno === 1251 || errno === 1524 || /authentication.*plugin|AUTH_SWITCH/i.test(`${message} ${code}`))
    return `it asks for a way to sign in that this command does not know (${message}). Give the account a password by caching_sha2_password or mysql_native_password: ALTER USER … IDENTIFIED WITH ….`;
  return `${message} (${code})`;
}
