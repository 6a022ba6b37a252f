// An account store's server on this machine, for an app that runs under wine: node account-store.mjs FOLDER
// Prints its administrator's URL, or `none` where there is no MariaDB, and goes on until it is asked to end.
import { mkdirSync } from 'node:fs';
import { findMariaDb, startMariaDb } from '../account-store/private-server.mjs';

const folder = process.argv[2];
if (findMariaDb()) {
  mkdirSync(folder, { recursive: true });
  const server = await startMariaDb({ folder });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  const authority = encodeURIComponent(server.certificates.ca);
  console.log(`mysql://root@127.0.0.1:${String(server.port)}/botchat?name=localhost&ca=${authority}`);
} else console.log('none');
