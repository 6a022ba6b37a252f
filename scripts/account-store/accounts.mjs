// Who signs in at the server: the accounts that a store needs, and what each may do.
import { randomInt } from 'node:crypto';
import { Refusal } from './refusal.mjs';
import { readStatements } from './sql-files.mjs';

/** Letters, digits and a sign: what password rules of servers ask for. */
export function makePassword() {
  const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return `Bc-7${Array.from({ length: 24 }, () => letters[randomInt(letters.length)]).join('')}`;
}

export async function makeLockedAccount(admin, account) {
  await admin.query(`CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${makePassword()}' ACCOUNT LOCK`);
  await admin.query(`ALTER USER ${account} ACCOUNT LOCK`);
}

/**
 * The account of all apps. It has no name: an account with a name can be given another password, by any app, with SET
 * PASSWORD, and all others are locked out.
 */
export async function makeClientAccount(admin) {
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
export async function makeProxyAccount(admin, proxy) {
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
export async function grantToClients(admin, names) {
  const [proxies] = await admin.query(
    "SELECT User AS name, Host AS host FROM mysql.user JOIN store ON public_user = User AND User <> '' AND Host <> '%'",
  );
  const accounts = ["''@'%'", ...proxies.map(({ name, host }) => `${admin.escape(name)}@${admin.escape(host)}`)];
  for (const client of accounts)
    for (const statement of readStatements('grants-client.sql', { ...names, client })) await admin.query(statement);
}

/** Rights that came with the server's installation and that every app would have. */
export async function removeStrayRights(admin) {
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
  // MariaDB's installation gives the schemas that are called test… to PUBLIC, which is every account.
  const [ofPublic] = await admin.query("SELECT Db AS db FROM mysql.db WHERE User = 'PUBLIC' AND Host = ''");
  for (const { db } of ofPublic) {
    if (!/^test(\\_%)?$/.test(db)) continue;
    await admin.query(`REVOKE ALL PRIVILEGES ON ${admin.escapeId(db, true)}.* FROM PUBLIC`);
    console.log(`Took away everybody's rights to the schema ${db}.`);
  }
}

/** What every app may do that is not the store's. Somebody gave it to all accounts, so that it is not taken away here. */
export async function strayRights(admin, { product }) {
  if (product !== 'MariaDB') return [];
  try {
    const [grants] = await admin.query('SHOW GRANTS FOR PUBLIC');
    return grants
      .map((row) => Object.values(row)[0])
      .filter((grant) => !grant.startsWith('GRANT USAGE'))
      .map((grant) => `every app has the rights of PUBLIC. Take them away if nobody needs them: ${grant}`);
  } catch (error) {
    // Before 10.11 there is no PUBLIC; from then on, none until somebody gives it something.
    if ([1064, 1133, 1141, 1959].includes(error.errno)) return [];
    throw error;
  }
}
