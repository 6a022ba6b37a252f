// What a store tells learners' apps, and whether they can use it.
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { formatConnectionString, isCertificateName } from '../../src/main/core/sync/connection-string.ts';
import { Refusal } from './refusal.mjs';

/** The store's row; says so when there is none. */
export async function readStore(admin) {
  try {
    const [[store]] = await admin.query('SELECT * FROM store');
    if (store) return store;
  } catch (error) {
    // No schema selected, no such schema, no such table.
    if (![1046, 1049, 1146].includes(error.errno)) throw error;
  }
  throw new Refusal('There is no account store in this schema. Make one with init.');
}

function addressOf(store, schema) {
  return {
    host: store.public_host,
    port: store.public_port,
    schema,
    clientPassword: store.client_password,
    ...(store.public_user !== '' && { userName: store.public_user }),
    certificateName: store.public_name,
    ca: store.public_ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [],
  };
}

export function connectionStringOf(store, schema) {
  if (!isCertificateName(store.public_name))
    throw new Refusal(
      `Apps cannot check a certificate for "${store.public_name}": it takes a DNS name. Say one that the server's certificate has, with --certificate-name (Google Cloud SQL: its DNS name, as the instance's page shows it), or make a certificate with the certificates command.`,
    );
  return formatConnectionString(addressOf(store, schema));
}

/** Does what an app does first: over TLS, with the client account, asks what this is. */
export async function checkAsClient(store, schema) {
  const { host, port, clientPassword, userName, certificateName, ca } = addressOf(store, schema);
  let client;
  try {
    client = await mysql.createConnection({
      host: certificateName,
      stream: () => connect({ host, port }),
      user: userName ?? `u${randomBytes(8).toString('hex')}`,
      password: clientPassword,
      database: schema,
      ssl: { ...(ca.length > 0 && { ca }), verifyIdentity: true, minVersion: 'TLSv1.2' },
      connectTimeout: 10_000,
    });
    const [[[info]]] = await client.query('CALL server_info()');
    return { ok: true, version: info.newest_version };
  } catch (error) {
    return {
      ok: false,
      problem: `The store is made, but an app would not get in at ${host}:${port}: ${error.message} (${error.code ?? error.errno}).\nCheck --host, --port, --ca and --certificate-name, the firewall, and the server's TLS (docs/account-store.md).`,
    };
  } finally {
    client?.destroy();
  }
}
