// init and upgrade. Every step can be run again, and the whole after being broken off anywhere: a step looks at what is
// there, and nothing is taken away that apps are using.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIpAddress } from '../../src/main/core/sync/connection-string.ts';
import { checkAsClient, connectionStringOf, readStore } from './published.mjs';
import { Refusal } from './refusal.mjs';
import { checkSettings } from './server-settings.mjs';
import { readRoutines, readStatements } from './sql-files.mjs';

export const schemaVersion = 1;
const routineFiles = ['routines-account.sql', 'routines-sync.sql'];

export async function install(admin, given) {
  const { schema } = given.address;
  const published = readPublished(given);
  const server = await recogniseServer(admin);
  console.log(`${server.product} ${server.version}`);

  await admin.query(`CREATE DATABASE IF NOT EXISTS \`${schema}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await admin.query(`USE \`${schema}\``);
  await withLock(admin, schema, async () => {
    // Routines keep the modes that they were made with.
    await admin.query(
      "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY'",
    );
    await admin.query('SET NAMES utf8mb4 COLLATE utf8mb4_bin');
    await makeTables(admin, given);
    const names = namesFor(schema, server);
    await makeLockedAccount(admin, names.owner_account);
    await makeRoutines(admin, routineFiles, names);
    for (const statement of readStatements('views.sql', names)) await admin.query(statement);
    await makeClientAccount(admin);
    await makeProxyAccount(admin, given.proxy);
    for (const statement of readStatements('grants.sql', names)) await admin.query(statement);
    await grantToClients(admin, names);
    await removeStrayRights(admin);
    const kept = await makeHousekeeping(admin, names, server);
    await publish(admin, published, given);
    const warnings = [...kept, ...(await checkSettings(admin, { ...server, mend: true }))];

    const store = await readStore(admin);
    const line = connectionStringOf(store, schema);
    const checked = await checkAsClient(store, schema);
    console.log(
      checked.ok ? `Ready: an app reaches the store over TLS (contract ${checked.version}).` : checked.problem,
    );
    for (const warning of warnings) console.log(`\nTo be mended: ${warning}`);
    console.log(`\nNew accounts: ${store.invite_only ? 'by invitation only' : 'anybody with the line below'}.`);
    console.log(`What learners paste into BotChat, one line:\n\n${line}\n`);
    if (!checked.ok) process.exitCode = 1;
  });
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

/** Two that run at once would undo each other's work. */
async function withLock(admin, schema, work) {
  const lock = `botchat ${schema}`;
  const [[{ got }]] = await admin.query('SELECT GET_LOCK(?, 10) AS got', [lock]);
  if (got !== 1) throw new Refusal('Somebody else is working on this store right now. Try again in a minute.');
  try {
    await work();
  } finally {
    await admin.query('DO RELEASE_LOCK(?)', [lock]);
  }
}

/** Where the connections are listed, by the same names of columns. The host of the first comes with its port. */
const processes = {
  MariaDB: `(
      SELECT ID AS id, USER AS user, COMMAND AS command, TIME AS seconds,
        IF(HOST LIKE '%:%', LEFT(HOST, CHAR_LENGTH(HOST) - CHAR_LENGTH(SUBSTRING_INDEX(HOST, ':', -1)) - 1), HOST) AS host
      FROM information_schema.PROCESSLIST)`,
  MySQL: `(
      SELECT PROCESSLIST_ID AS id, PROCESSLIST_USER AS user, PROCESSLIST_COMMAND AS command, PROCESSLIST_TIME AS seconds,
        PROCESSLIST_HOST AS host
      FROM performance_schema.threads WHERE TYPE = 'FOREGROUND')`,
};

function namesFor(schema, { product }) {
  const account = (role) => `'${schema}_${role}'@'localhost'`;
  return {
    schema: `\`${schema}\``,
    owner_account: account('owner'),
    reaper_account: account('reaper'),
    owner: `DEFINER = ${account('owner')}`,
    reaper: `DEFINER = ${account('reaper')}`,
    processes: processes[product],
    connection_admin: product === 'MariaDB' ? 'CONNECTION ADMIN' : 'CONNECTION_ADMIN',
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

/** Letters, digits and a sign: what password rules of servers ask for. */
export function makePassword() {
  const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return `Bc-7${Array.from({ length: 24 }, () => letters[randomInt(letters.length)]).join('')}`;
}

async function makeLockedAccount(admin, account) {
  await admin.query(`CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${makePassword()}' ACCOUNT LOCK`);
  await admin.query(`ALTER USER ${account} ACCOUNT LOCK`);
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

/**
 * The account of all apps. It has no name: an account with a name can be given another password, by any app, with SET
 * PASSWORD, and all others are locked out.
 */
async function makeClientAccount(admin) {
  const [[{ client_password: password }]] = await admin.query('SELECT client_password FROM store');
  const [[{ max }]] = await admin.query('SELECT @@max_connections AS max');
  // Some connections stay for the person who runs the server.
  const limit = Math.max(1, Math.floor(max * 0.8));
  const rest = `IDENTIFIED BY ${admin.escape(password)} REQUIRE SSL WITH MAX_USER_CONNECTIONS ${limit}`;
  const [[{ present }]] = await admin.query(
    "SELECT COUNT(*) AS present FROM mysql.user WHERE User = '' AND Host = '%'",
  );
  if (present > 0) {
    const [routines] = await admin.query(
      "SELECT DISTINCT Db FROM mysql.procs_priv WHERE User = '' AND Host = '%' AND Db <> DATABASE()",
    );
    if (routines.length > 0)
      throw new Refusal(
        `The client account already serves the store in ${routines[0].Db}: it can have one password only, so one server carries one store.`,
      );
    await admin.query(`ALTER USER ''@'%' ${rest}`);
  } else await admin.query(`CREATE USER ''@'%' ${rest}`);
}

/**
 * The account of a proxy, which needs a name. It comes from the proxy's address only: anywhere else its name would be
 * one that everybody knows and can take the password of.
 */
async function makeProxyAccount(admin, proxy) {
  if (proxy === undefined) return;
  const [, name, address] = /^([A-Za-z][A-Za-z0-9_]{0,31})@([^'%\\]+)$/.exec(proxy) ?? [];
  if (proxy !== 'none' && name === undefined)
    throw new Refusal('--proxy takes NAME@ADDRESS: the address that the proxy has for the server, without %.');
  if (name !== undefined) {
    const [[{ client_password: password }]] = await admin.query('SELECT client_password FROM store');
    const account = `${admin.escape(name)}@${admin.escape(address)}`;
    await admin.query(`CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${admin.escape(password)}`);
    await admin.query(`ALTER USER ${account} IDENTIFIED BY ${admin.escape(password)} REQUIRE SSL`);
  }
  await admin.query('UPDATE store SET public_user = ?', [name ?? '']);
}

/** The account without a name, and a proxy's. */
async function grantToClients(admin, names) {
  const [proxies] = await admin.query(
    "SELECT User AS name, Host AS host FROM mysql.user JOIN store ON public_user = User AND User <> '' AND Host <> '%'",
  );
  const accounts = ["''@'%'", ...proxies.map(({ name, host }) => `${admin.escape(name)}@${admin.escape(host)}`)];
  for (const client of accounts)
    for (const statement of readStatements('grants-client.sql', { ...names, client })) await admin.query(statement);
}

/** Rights that came with the server's installation and that every app would have. */
async function removeStrayRights(admin) {
  const [hosts] = await admin.query("SELECT Host AS host FROM mysql.user WHERE User = '' AND Host <> '%'");
  for (const { host } of hosts) {
    // It would outrank the client account for connections from there.
    await admin.query(`DROP USER ''@${admin.escape(host)}`);
    console.log(`Removed the left-over anonymous account ''@'${host}'.`);
  }
  const [schemas] = await admin.query("SELECT Db AS db FROM mysql.db WHERE User = '' AND Host = '%'");
  for (const { db } of schemas) {
    await admin.query(`REVOKE ALL PRIVILEGES ON ${admin.escapeId(db, true)}.* FROM ''@'%'`);
    console.log(`Took away every app's rights to the schema ${db}.`);
  }
}

/** The events, and the account that may end connections. Answers what could not be made. */
async function makeHousekeeping(admin, names, { product }) {
  try {
    await makeLockedAccount(admin, names.reaper_account);
    await makeRoutines(admin, ['housekeeping.sql'], names);
    for (const statement of readStatements('grants-reaper.sql', names)) await admin.query(statement);
    if (product === 'MySQL') {
      const columns = 'PROCESSLIST_ID, PROCESSLIST_USER, PROCESSLIST_COMMAND, PROCESSLIST_TIME, PROCESSLIST_HOST, TYPE';
      await admin.query(`GRANT SELECT (${columns}) ON performance_schema.threads TO ${names.reaper_account}`);
    }
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
  let authority;
  if (ca === 'system') authority = '';
  else if (ca !== undefined) authority = readFileSync(ca, 'utf8');
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
