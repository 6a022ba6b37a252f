// npm run account-store -- <command>: makes, keeps and looks after an account store. docs/account-store.md tells how.
import { parseArgs } from 'node:util';
import { connectAsAdmin, readAdminUrl } from './account-store/admin-connection.mjs';
import { makeCertificates } from './account-store/certificates.mjs';
import { runDevelopmentStore } from './account-store/development-store.mjs';
import { install } from './account-store/install.mjs';
import { announceRestore, invite, resetPassword, showStatus } from './account-store/keeping.mjs';
import { Refusal } from './account-store/refusal.mjs';

const usage = `Usage: npm run account-store -- COMMAND [ADMIN-URL] [options]

ADMIN-URL is mysql://USER:PASSWORD@HOST:PORT/SCHEMA?ca=FILE for a server whose certificate was signed by FILE, or
mysql://USER:PASSWORD@localhost/SCHEMA?socket=FILE for one on this machine. BOTCHAT_ACCOUNT_STORE_URL can hold it.

  init ADMIN-URL            make a store, or bring it up to date; as often as you like
      --host NAME           how learners' machines reach the server (default: the host of ADMIN-URL)
      --port N              … and at which port (default: that of ADMIN-URL)
      --ca FILE             … and which authority signed its certificate: FILE, or "system" for a public one
      --certificate-name N  … and the DNS name it is for, where --host is an IP address
      --proxy NAME@ADDRESS  learners come through a proxy there, which signs in with that name ("none": no more)
      --invite-only         new accounts need an invitation;   --open: they need none
      --end-prepared        roll back the transactions that were left prepared (status tells of them)
  upgrade ADMIN-URL         bring an existing store up to date
  invite ADMIN-URL          make an invitation;   --uses N (default 1)   --days N (default 14)   --note TEXT
  reset-password ADMIN-URL --name NAME   give an account a new password and end its sessions
  restored ADMIN-URL        say that the server was restored from a backup: every app compares notes with it anew
  status ADMIN-URL          show the connection string, how much there is, and what should be mended
  certificates --host NAME [--out FOLDER]   make an authority and a certificate for a server
  dev [--folder FOLDER]     start a private store on this machine, for developers, until Ctrl+C
`;

const options = {
  host: { type: 'string' },
  port: { type: 'string' },
  ca: { type: 'string' },
  'certificate-name': { type: 'string' },
  proxy: { type: 'string' },
  'invite-only': { type: 'boolean' },
  open: { type: 'boolean' },
  'end-prepared': { type: 'boolean' },
  uses: { type: 'string' },
  days: { type: 'string' },
  note: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  folder: { type: 'string' },
};

const withAdmin = (work) => async (given, url) => {
  const address = readAdminUrl(url ?? process.env.BOTCHAT_ACCOUNT_STORE_URL);
  const admin = await connectAsAdmin(address);
  try {
    await work(admin, { ...given, address });
  } finally {
    await admin.end();
  }
};

const commands = {
  init: withAdmin(install),
  upgrade: withAdmin((admin, given) => install(admin, { ...given, mustExist: true })),
  invite: withAdmin(invite),
  'reset-password': withAdmin(resetPassword),
  restored: withAdmin(announceRestore),
  status: withAdmin(showStatus),
  certificates: (given) => makeCertificates(given),
  dev: (given) => runDevelopmentStore(given),
};

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name, url, ...rest] = positionals;
  if (name === undefined || !Object.hasOwn(commands, name) || rest.length > 0) {
    console.error(usage);
    process.exitCode = 2;
  } else await commands[name](values, url);
} catch (error) {
  // What the person at the keyboard can do something about has words; anything else is a defect and shows where.
  const known = error instanceof Refusal || String(error?.code).startsWith('ERR_PARSE_ARGS');
  console.error(`\n${known ? error.message : (error?.stack ?? error)}`);
  process.exitCode = 1;
}
