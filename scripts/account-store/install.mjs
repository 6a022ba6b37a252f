// init and upgrade. Every step can be run again, and the whole after being broken off anywhere: a step looks at what is
// there, and nothing is taken away that apps are using.
import { existsSync, readFileSync } from 'node:fs';
import { isCertificateName, isIpAddress } from '../../src/main/core/sync/connection-string.ts';
import {
  grantToClients,
  makeClientAccount,
  makeLockedAccount,
  makePassword,
  makeProxyAccount,
  removeStrayRights,
  strayRights,
} from './accounts.mjs';
import { alone, endPrepared, inTheWay } from './admin-lock.mjs';
import { reaperGrants, sqlFor } from './product-sql.mjs';
import { checkAsClient, connectionStringOf, readStore } from './published.mjs';
import { Refusal } from './refusal.mjs';
import { upgradeTables } from './schema-upgrade.mjs';
import { checkSettings } from './server-settings.mjs';
import { readRoutines, readStatements } from './sql-files.mjs';

export const schemaVersion = 2;
const routineFiles = ['routines-account.sql', 'routines-sync.sql'];

export async function install(admin, given) {
  const { schema } = given.address;
  const published = readPublished(given);
  const server = await recogniseServer(admin);
  console.log(`${server.product} ${server.version}`);

  await admin.query(`CREATE DATABASE IF NOT EXISTS \`${schema}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await admin.query(`USE \`${schema}\``);
  // Routines keep the modes that they were made with.
  await admin.query(
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY'",
  );
  await admin.query('SET NAMES utf8mb4 COLLATE utf8mb4_bin');
  await makeTables(admin, given);
  await alone(given.address, async () => {
    if (given['end-prepared']) await endPrepared(admin, server);
    // Longer than the reaper leaves anybody who is in the way of a change.
    await admin.query('SET SESSION lock_wait_timeout = (SELECT statement_seconds + 10 FROM store)');
    await inTheWay(() => bringUpToDate(admin, given, server));
    await publish(admin, published, given);
    await report(admin, schema, server);
  });
}

async function bringUpToDate(admin, given, server) {
  const names = namesFor(given.address.schema, server);
  await upgradeTables(admin, schemaVersion);
  await makeLockedAccount(admin, names.owner_account);
  // First, because it ends what is in the way of the rest.
  for (const problem of await makeHousekeeping(admin, names, server)) console.log(`\nTo be mended: ${problem}`);
  await makeRoutines(admin, routineFiles, names);
  for (const statement of readStatements('views.sql', names)) await admin.query(statement);
  await makeClientAccount(admin);
  await makeProxyAccount(admin, given.proxy);
  for (const statement of readStatements('grants.sql', names)) await admin.query(statement);
  await grantToClients(admin, names);
  await removeStrayRights(admin);
}

async function report(admin, schema, server) {
  const store = await readStore(admin);
  const checked = await checkAsClient(store, schema);
  console.log(checked.ok ? `Ready: an app reaches the store over TLS (contract ${checked.version}).` : checked.problem);
  const warnings = [...(await strayRights(admin, server)), ...(await checkSettings(admin, { ...server, mend: true }))];
  for (const warning of warnings) console.log(`\nTo be mended: ${warning}`);
  console.log(`\nNew accounts: ${store.invite_only ? 'by invitation only' : 'anybody with the line below'}.`);
  console.log(`What learners paste into BotChat, one line:\n\n${connectionStringOf(store, schema)}\n`);
  if (!checked.ok) process.exitCode = 1;
}

/** Which server this is, or why it will not do. */
export async function recogniseServer(admin) {
  const [[{ version, comment }]] = await admin.query('SELECT VERSION() AS version, @@version_comment AS comment');
  const product = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
  if (/tidb|vitess|planetscale|singlestore/i.test(`${version} ${comment}`))
    throw new Refusal(`${comment || version} has no stored routines of the kind that an account store is made of.`);
  const [major, minor, patch] = version.split(/[.-]/).map(Number);
  const number = major * 1_000_000 + minor * 1000 + patch;
  if (number < (product === 'MariaDB' ? 10_006_000 : 8_000_021))
    throw new Refusal(`${product} ${version} is too old: MariaDB 10.6 or MySQL 8.0.21 is the least.`);
  return { product, version };
}

function namesFor(schema, { product }) {
  const account = (role) => `'${schema}_${role}'@'localhost'`;
  return {
    schema: `\`${schema}\``,
    owner_account: account('owner'),
    reaper_account: account('reaper'),
    owner: `DEFINER = ${account('owner')}`,
    reaper: `DEFINER = ${account('reaper')}`,
    ...sqlFor[product],
  };
}

async function makeTables(admin, { mustExist, 'invite-only': inviteOnly, address }) {
  const [[{ tables }]] = await admin.query(
    'SELECT COUNT(*) AS `tables` FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [address.schema],
  );
  const [[{ ours }]] = await admin.query(
    "SELECT COUNT(*) AS ours FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'store'",
    [address.schema],
  );
  if (mustExist && ours === 0) throw new Refusal(`There is no account store in ${address.schema}. Make one with init.`);
  if (ours === 0 && tables > 0)
    throw new Refusal(`${address.schema} holds tables of something else. Give the store a schema of its own.`);
  for (const statement of readStatements('tables.sql', {})) await admin.query(statement);
  // The client's password is kept before the account gets it: broken off in between, it is not lost.
  await admin.query(
    `INSERT IGNORE INTO store (schema_version, client_password, invite_only, public_ca, created_time)
     VALUES (?, ?, ?, '', UTC_TIMESTAMP(3))`,
    [schemaVersion, makePassword(), inviteOnly ? 1 : 0],
  );
  const [[{ found }]] = await admin.query('SELECT schema_version AS found FROM store');
  if (found > schemaVersion)
    throw new Refusal(
      `The store is newer (${found}) than this BotChat (${schemaVersion}). Use the newer one's command.`,
    );
}

/** Makes the routines that are not there, or not as they should be; the others stay untouched, and so do their rights. */
async function makeRoutines(admin, files, names) {
  const [rows] = await admin.query(
    'SELECT ROUTINE_NAME AS name, ROUTINE_COMMENT AS stamp FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()',
  );
  const present = new Map(rows.map(({ name, stamp }) => [name, stamp]));
  const wanted = files.flatMap((file) => readRoutines(file, names));
  const changed = wanted.filter(({ name, stamp }) => present.get(name) !== stamp);
  for (const { name, statement } of changed) {
    await admin.query(`DROP PROCEDURE IF EXISTS ${name}`);
    await admin.query(statement);
    // At once, not with all the others: an app that calls in between waits for milliseconds.
    if (present.has(name) && /_v\d+$|^server_info$/.test(name))
      await admin.query(`GRANT EXECUTE ON PROCEDURE ${names.schema}.${name} TO ''@'%'`);
  }
  console.log(`Routines: ${changed.length} made, ${wanted.length - changed.length} as they were.`);
}

/** The events, and the account that may end connections. Answers what could not be made. */
async function makeHousekeeping(admin, names, { product }) {
  try {
    await makeLockedAccount(admin, names.reaper_account);
    await makeRoutines(admin, ['housekeeping.sql'], names);
    for (const statement of readStatements('grants-reaper.sql', names)) await admin.query(statement);
    for (const grant of reaperGrants[product]) await admin.query(`${grant} TO ${names.reaper_account}`);
    for (const statement of readStatements('events.sql', names)) await admin.query(statement);
    return [];
  } catch (error) {
    if (![1044, 1045, 1142, 1143, 1227, 1370, 1410].includes(error.errno)) throw error;
    return [
      `this server does not let you make the housekeeping (${error.message}). Without it deleted accounts stay, and a statement that burns the processor runs on.`,
    ];
  }
}

function readPublished({
  address,
  host,
  port,
  ca,
  'certificate-name': certificateName,
  open,
  'invite-only': inviteOnly,
}) {
  if (open && inviteOnly) throw new Refusal('--open or --invite-only, not both.');
  const name = certificateName ?? (host !== undefined && !isIpAddress(host) ? host : undefined);
  if (host !== undefined && name === undefined)
    throw new Refusal(
      `${host} is an IP address: say which DNS name the server's certificate is for, with --certificate-name. The certificates command makes one for ${defaultCertificateName}.`,
    );
  if (name !== undefined && !isCertificateName(name))
    throw new Refusal(
      `--certificate-name takes a DNS name, and "${name}" is none. Say one that the server's certificate has (Google Cloud SQL: its DNS name, as the instance's page shows it), or make a certificate with the certificates command.`,
    );
  let authority;
  if (ca === 'system') authority = '';
  else if (ca !== undefined) {
    if (!existsSync(ca)) throw new Refusal(`There is no ${ca}, which --ca names.`);
    authority = readFileSync(ca, 'utf8');
  }
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new Refusal('--port takes a number.');
  return { host, port: port === undefined ? undefined : Number(port), name, ca: authority, address };
}

export const defaultCertificateName = 'botchat-store';

/** Keeps where learners find the store: what was given, or else what was kept, or else the way that the admin came. */
async function publish(admin, { host, port, name, ca, address }, { open, 'invite-only': inviteOnly }) {
  await admin.query(
    `UPDATE store SET
       public_name = COALESCE(?, IF(public_host = '', ?, public_name)),
       public_ca = COALESCE(?, IF(public_host = '', ?, public_ca)),
       public_port = COALESCE(?, IF(public_host = '', ?, public_port)),
       public_host = COALESCE(?, IF(public_host = '', ?, public_host))`,
    [name, address.certificateName, ca, address.ca ?? '', port, address.port, host, address.host].map(
      (value) => value ?? null,
    ),
  );
  if (open || inviteOnly) await admin.query('UPDATE store SET invite_only = ?', [inviteOnly ? 1 : 0]);
}
