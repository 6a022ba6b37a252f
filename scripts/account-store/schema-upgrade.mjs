// Brings the tables of a store that an older BotChat made to the form of tables.sql. Apps go on meanwhile, and every step
// can be run again: it looks at what is there.

/** What tables.sql has got since version 1, in its words. */
const additions = [
  ['store', 'written_bytes_per_hour', 'BIGINT UNSIGNED NOT NULL DEFAULT 67108864 AFTER account_quota_bytes'],
  ['store', 'sessions_per_account', 'INT UNSIGNED NOT NULL DEFAULT 50 AFTER written_bytes_per_hour'],
  ['account', 'written_bytes', 'BIGINT UNSIGNED NOT NULL DEFAULT 0'],
  ['account', 'written_since', 'DATETIME(3) NULL'],
  ['login_session', 'changed_from', 'BINARY(32) NULL'],
  [
    'login_throttle',
    'subject',
    "BINARY(32) NOT NULL DEFAULT '' AFTER name_hash, ADD KEY login_throttle_by_subject (subject)",
  ],
  [
    'invitation',
    'code_hash',
    'BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(code, 256))) STORED, ADD UNIQUE KEY invitation_by_hash (code_hash)',
  ],
];

export async function upgradeTables(admin, version) {
  for (const [table, column, definition] of additions) {
    const [[{ present }]] = await admin.query(
      `SELECT COUNT(*) AS present FROM information_schema.COLUMNS
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ?`,
      [table, column],
    );
    if (present === 0) await admin.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`);
  }
  await admin.beginTransaction();
  const [[{ found }]] = await admin.query('SELECT schema_version AS found FROM store FOR UPDATE');
  // Since version 2 the ids of applied operations are part of what an account uses.
  if (found < 2)
    await admin.query(
      'UPDATE account SET used_bytes = used_bytes + 100 * (SELECT COUNT(*) FROM applied WHERE account_id = account.id)',
    );
  await admin.query('UPDATE store SET schema_version = ?', [version]);
  await admin.commit();
}
