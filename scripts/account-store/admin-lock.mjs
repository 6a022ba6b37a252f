// Works on a store alone, however apps try to be in the way.
import { connectAsAdmin } from './admin-connection.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Runs `work` while nobody else does: two that run at once would undo each other's. The lock is a row that only
 * administrators can reach (a name for GET_LOCK would be every app's to take), held by a connection of its own, because
 * each CREATE or ALTER commits.
 */
export async function alone(address, work) {
  const holder = await connectAsAdmin(address);
  try {
    await holder.query(`USE \`${address.schema}\``);
    await holder.query('SET SESSION innodb_lock_wait_timeout = 10');
    await holder.query('INSERT IGNORE INTO admin_lock (only_row) VALUES (1)');
    await holder.beginTransaction();
    await holder.query('SELECT only_row FROM admin_lock FOR UPDATE');
    await work();
  } catch (error) {
    if (error.errno === 1205 && /admin_lock/.test(error.sql))
      throw new Refusal('Somebody else is working on this store right now. Try again in a minute.');
    throw error;
  } finally {
    holder.destroy();
  }
}

/** Says what a change waited for in vain. */
export async function inTheWay(work) {
  try {
    return await work();
  } catch (error) {
    if (error.errno !== 1205) throw error;
    throw new Refusal(
      `A connection or a prepared transaction keeps this from being done:\n\n${error.sql.slice(0, 200)}\n\nThe reaper ends such connections of apps within half a minute where event_scheduler is ON: try again. Prepared transactions are ended by --end-prepared (status tells how many there are).`,
    );
  }
}

/** The transactions that were left prepared (XA), each as an SQL literal. They outlive their connection and a restart. */
export async function preparedTransactions(admin, { product }) {
  const [rows] = await admin.query(product === 'MySQL' ? 'XA RECOVER CONVERT XID' : 'XA RECOVER');
  return rows.map(({ formatID: format, gtrid_length: length, data }) => {
    const hex = Buffer.isBuffer(data) ? data.toString('hex') : data.replace(/^0x/, '');
    return `x'${hex.slice(0, 2 * length)}', x'${hex.slice(2 * length)}', ${format}`;
  });
}

/** Rolls them back. Only where the administrator says so: they could be another program's. */
export async function endPrepared(admin, server) {
  let ended = 0;
  for (const transaction of await preparedTransactions(admin, server)) {
    // One whose connection is still there is its own business.
    const errno = await admin.query(`XA ROLLBACK ${transaction}`).then(
      () => 0,
      (error) => error.errno,
    );
    // MariaDB says so (1402) of one that has changed nothing.
    if (errno === 0 || errno === 1402) ended += 1;
    else if (![1397, 1399].includes(errno)) throw new Refusal(`XA ROLLBACK ${transaction} fails with ${errno}.`);
  }
  console.log(`Prepared transactions: ${ended} rolled back.`);
}
