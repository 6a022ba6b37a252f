import { createHash, X509Certificate } from 'node:crypto';

// The admin command prints what this file parses, and runs it by Node's type stripping: so it imports nothing of ours
// and holds only types that can be erased.

/** What a desktop needs in order to reach an account store. */
export interface StoreAddress {
  /** DNS name or IP address. */
  readonly host: string;
  readonly port: number;
  readonly schema: string;
  /** The client account's password; every learner of this store has it. */
  readonly clientPassword: string;
  /** The name to sign in with at a proxy; without one each connection gets a name of its own. */
  readonly userName?: string;
  /** The name that the server's certificate must be for: the host, unless that is an IP address. */
  readonly certificateName: string;
  /** The authorities (PEM) that may have signed the certificate; none: those that the system trusts. */
  readonly ca: readonly string[];
}

export type ConnectionStringProblem = 'not-a-connection-string' | 'damaged' | 'too-new';

export type ParsedConnectionString =
  | { readonly ok: true; readonly address: StoreAddress }
  | { readonly ok: false; readonly problem: ConnectionStringProblem };

const scheme = 'botchat://';
const version = '1';
const ipAddress = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i;
const dnsName = /^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i;

/**
 * One line to be pasted into the app:
 * `botchat://host:port/schema?v=1&key=…&name=…&ca=…&sum=…`, the authority as base64url of its DER, and a check sum of
 * what stands before it, because people lose the end of long lines.
 */
export function formatConnectionString(address: StoreAddress): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const query = new URLSearchParams({ v: version, key: address.clientPassword });
  if (address.userName !== undefined) query.set('user', address.userName);
  if (address.certificateName !== address.host) query.set('name', address.certificateName);
  for (const pem of address.ca) query.append('ca', new X509Certificate(pem).raw.toString('base64url'));
  const body = `${scheme}${host}:${String(address.port)}/${encodeURIComponent(address.schema)}?${query.toString()}`;
  return `${body}&sum=${checkSum(body)}`;
}

/**
 * Understands what `formatConnectionString` made, also where a mail program or a chat broke it into lines, put marks,
 * words or invisible characters around or into it, or wrote its signs as HTML's entities. Never throws.
 */
export function parseConnectionString(text: string): ParsedConnectionString {
  // An input method may have made full-width forms of plain signs, and a page entities.
  const plain = text.normalize('NFKC').replaceAll(/&amp;/gi, '&').replaceAll(foreign, '');
  const beginnings = [...plain.matchAll(/botchat:\/\//gi)].map(({ index }) => plain.slice(index));
  if (beginnings.length === 0) return { ok: false, problem: 'not-a-connection-string' };
  const parsed = beginnings.map(parseLine);
  return parsed.find(({ ok }) => ok) ?? parsed[0] ?? { ok: false, problem: 'damaged' };
}

/** What no connection string has in it: blanks, brackets and marks of texts, invisible characters. */
const foreign = /[^A-Za-z0-9\-_.~*+%&=:/?[\]]+/g;

/** `text` begins with a connection string; what comes after its sum is not part of it. */
function parseLine(text: string): ParsedConnectionString {
  const match = /^(.*?)&sum=([0-9a-f]{8})/.exec(scheme + text.slice(scheme.length));
  const body = match?.[1];
  if (body === undefined || checkSum(body) !== match?.[2]) return { ok: false, problem: 'damaged' };
  const address = /^botchat:\/\/(?:\[([^\]]+)\]|([^:/?[\]]+)):(\d{1,5})\/([A-Za-z0-9_]{1,64})\?(.*)$/i.exec(body);
  const query = new URLSearchParams(address?.[5]);
  if (query.get('v') !== version) return { ok: false, problem: 'too-new' };
  const host = address?.[1] ?? address?.[2] ?? '';
  const port = Number(address?.[3]);
  const clientPassword = query.get('key') ?? '';
  const userName = query.get('user');
  const certificateName = query.get('name') ?? host;
  const hostIsRight = ipAddress.test(host) || dnsName.test(host);
  if (!hostIsRight || !isCertificateName(certificateName) || port < 1 || port > 65_535 || clientPassword === '')
    return { ok: false, problem: 'damaged' };
  try {
    const ca = query.getAll('ca').map((der) => new X509Certificate(Buffer.from(der, 'base64url')).toString());
    const found = { host, port, schema: address?.[4] ?? '', clientPassword, certificateName, ca };
    return { ok: true, address: userName === null ? found : { ...found, userName } };
  } catch {
    return { ok: false, problem: 'damaged' };
  }
}

/** Whether a certificate can be checked for this name. mysql2 checks names only: an address would pass as "localhost". */
export function isCertificateName(name: string): boolean {
  return dnsName.test(name) && !ipAddress.test(name);
}

export function isIpAddress(host: string): boolean {
  return ipAddress.test(host);
}

function checkSum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
