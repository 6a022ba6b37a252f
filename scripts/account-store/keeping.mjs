// What the person who runs a store does now and then.
import { randomInt } from 'node:crypto';
import { makePassword, strayRights } from './accounts.mjs';
import { preparedTransactions } from './admin-lock.mjs';
import { recogniseServer } from './install.mjs';
import { checkAsClient, connectionStringOf, readStore } from './published.mjs';
import { isName, normaliseName, passwordKey } from '../../src/main/core/sync/password-key.ts';
import { Refusal } from './refusal.mjs';
import { checkSettings } from './server-settings.mjs';

async function open(admin, { address }) {
  // A schema that does not exist is the same as one without a store.
  await admin.query(`USE \`${address.schema}\``).catch(() => undefined);
  return readStore(admin);
}

/** Twelve letters that are not taken for one another: 60 bits. */
function makeInvitationCode() {
  const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  const code = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
  return code.match(/.{4}/g).join('-');
}

function wholeNumber(text, name, most) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Refusal(`--${name} takes a number from 1 to ${most}.`);
  return number;
}

export async function invite(admin, given) {
  const store = await open(admin, given);
  const uses = wholeNumber(given.uses ?? '1', 'uses', 10_000);
  const days = wholeNumber(given.days ?? '14', 'days', 3650);
  const code = makeInvitationCode();
  await admin.query(
    `INSERT INTO invitation (code, uses_left, expiry_time, created_time, note)
     VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL ? DAY, UTC_TIMESTAMP(3), ?)`,
    [code, uses, days, (given.note ?? '').slice(0, 100)],
  );
  console.log(`Invitation for ${uses} new account${uses > 1 ? 's' : ''}, good for ${days} days:\n\n${code}\n`);
  if (!store.invite_only) console.log('The store is open: nobody needs it. `init … --invite-only` closes it.');
}

export async function resetPassword(admin, given) {
  await open(admin, given);
  if (!given.name) throw new Refusal('Whose? --name NAME');
  const name = normaliseName(given.name);
  if (!isName(name)) throw new Refusal(`${given.name} cannot be the name of an account.`);
  const password = makePassword().slice(-12);
  const key = await passwordKey(name, password);
  await admin.beginTransaction();
  const [{ affectedRows }] = await admin.query(
    `UPDATE account SET password = UNHEX(SHA2(CONCAT(salt, ?), 256)), deleted_time = NULL WHERE username = ?`,
    [key, name],
  );
  if (affectedRows === 0) {
    await admin.rollback();
    throw new Refusal(`There is no account ${name}.`);
  }
  await admin.query('DELETE FROM login_session WHERE account_id = (SELECT id FROM account WHERE username = ?)', [name]);
  await admin.query(
    "DELETE FROM login_throttle WHERE subject IN (UNHEX(SHA2(CONCAT('login ', ?), 256)), UNHEX(SHA2(CONCAT('recovery ', ?), 256)))",
    [name, name],
  );
  await admin.commit();
  console.log(`New password of ${name}, to be changed by its owner in BotChat:\n\n${password}\n`);
  console.log('All its devices are signed out. Its history and its recovery code are as they were.');
}

export async function announceRestore(admin, given) {
  await open(admin, given);
  const [{ affectedRows }] = await admin.query('UPDATE account SET epoch = UUID()');
  console.log(`Told ${affectedRows} accounts. Their apps read everything anew, and send again what the backup lacks.`);
}

export async function showStatus(admin, given) {
  const store = await open(admin, given);
  const { schema } = given.address;
  const [[counts]] = await admin.query(`SELECT
    (SELECT COUNT(*) FROM account WHERE deleted_time IS NULL) AS accounts,
    (SELECT COUNT(*) FROM account WHERE deleted_time IS NOT NULL) AS leaving,
    (SELECT COUNT(*) FROM login_session WHERE expiry_time > UTC_TIMESTAMP(3)) AS sessions,
    (SELECT COUNT(*) FROM record WHERE kind = 'topic' AND deleted IS NULL) AS topics,
    (SELECT COUNT(*) FROM record WHERE kind = 'conversation' AND deleted IS NULL) AS conversations,
    (SELECT COALESCE(SUM(used_bytes), 0) FROM account) AS bytes,
    (SELECT COUNT(*) FROM invitation WHERE uses_left > 0 AND expiry_time > UTC_TIMESTAMP(3)) AS invitations,
    (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND STATUS = 'ENABLED') AS events`);
  const checked = await checkAsClient(store, schema);
  console.log(`Accounts       ${counts.accounts}, and ${counts.leaving} that will be removed
Devices        ${counts.sessions} signed in
Kept           ${counts.topics} topics, ${counts.conversations} conversations, ${Math.round(Number(counts.bytes) / 1024)} KiB
New accounts   ${store.invite_only ? `by invitation; ${counts.invitations} open` : 'anybody with the connection string'}
Housekeeping   ${counts.events === 2 ? 'two events' : `${counts.events} of two events: run upgrade`}
For apps       ${checked.ok ? `reachable at ${store.public_host}:${store.public_port}, contract ${checked.version}` : checked.problem}`);
  const server = await recogniseServer(admin);
  const prepared = await preparedTransactions(admin, server);
  if (prepared.length > 0)
    console.log(
      `\nTo be mended: ${prepared.length} transactions were left prepared (XA), perhaps by a hostile app. Nothing here makes such: where no other program on this server does, \`upgrade … --end-prepared\` rolls them back.`,
    );
  for (const warning of [
    ...(await strayRights(admin, server)),
    ...(await checkSettings(admin, { ...server, mend: false })),
  ])
    console.log(`\nTo be mended: ${warning}`);
  console.log(`\nWhat learners paste into BotChat, one line:\n\n${connectionStringOf(store, schema)}\n`);
  if (!checked.ok) process.exitCode = 1;
}
