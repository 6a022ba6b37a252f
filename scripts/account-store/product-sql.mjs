// What MariaDB and MySQL say differently: pieces that are filled into resources/account-store/*.sql.

/** Connections of whoever signed in: since when each runs or idles, how old its transaction is, s. */
const mariaDbProcesses = `(
      SELECT process.ID AS id, process.USER AS user,
        -- The host comes with its port.
        REGEXP_REPLACE(process.HOST, ':[0-9]+$', '') AS host,
        IF(process.COMMAND = 'Sleep', NULL, process.TIME_MS / 1000) AS statement_seconds,
        IF(process.COMMAND = 'Sleep', process.TIME_MS / 1000, NULL) AS idle_seconds,
        TIMESTAMPDIFF(SECOND, open.trx_started, SYSDATE()) AS transaction_seconds,
        FALSE AS keeps_definitions
      FROM information_schema.PROCESSLIST AS process
        LEFT JOIN information_schema.INNODB_TRX AS open ON open.trx_mysql_thread_id = process.ID
      -- The server's own threads have another command or no host.
      WHERE process.COMMAND NOT IN ('Daemon', 'Connect') AND process.HOST <> '')`;

// Not information_schema.INNODB_TRX, which fails as the list of processes does where a statement holds bytes that are no
// text. A negative difference is one of two looks at a running clock.
const mySqlProcesses = `(
      SELECT thread.PROCESSLIST_ID AS id, thread.PROCESSLIST_USER AS user, thread.PROCESSLIST_HOST AS host,
        IF(statement.EVENT_ID IS NOT NULL AND statement.END_EVENT_ID IS NULL, statement.TIMER_WAIT / 1e12, NULL) AS statement_seconds,
        CASE
          -- It never said anything, so that it cannot have moved its clock; one that is just signing in may have none yet.
          WHEN statement.EVENT_ID IS NULL AND thread.PROCESSLIST_COMMAND = 'Sleep' AND thread.PROCESSLIST_TIME < 1e9
            THEN thread.PROCESSLIST_TIME
          WHEN statement.END_EVENT_ID IS NOT NULL
            THEN (CAST(present.timer AS DECIMAL(30)) - CAST(statement.TIMER_END AS DECIMAL(30))) / 1e12
        END AS idle_seconds,
        (SELECT MAX(open.TIMER_WAIT) / 1e12 FROM performance_schema.events_transactions_current AS open
          WHERE open.THREAD_ID = thread.THREAD_ID AND open.STATE = 'ACTIVE') AS transaction_seconds,
        -- A call that failed before it began, or a look at a table that was refused, keeps the routine or the table from
        -- being changed until the transaction ends; and whoever waits to change it keeps all others from using it.
        statement.END_EVENT_ID IS NOT NULL AND EXISTS (
          SELECT 1 FROM performance_schema.metadata_locks AS kept
          WHERE kept.OWNER_THREAD_ID = thread.THREAD_ID AND kept.LOCK_DURATION = 'TRANSACTION'
            AND kept.OWNER_EVENT_ID <= statement.END_EVENT_ID) AS keeps_definitions
      FROM performance_schema.threads AS thread
        -- This statement's own timer is the present.
        JOIN (SELECT MAX(TIMER_END) AS timer FROM performance_schema.events_statements_current) AS present
        LEFT JOIN performance_schema.events_statements_current AS statement
          ON statement.THREAD_ID = thread.THREAD_ID AND statement.NESTING_EVENT_LEVEL = 0
      -- The server's own threads came by no connection; who is still signing in is the server's to end (connect_timeout).
      WHERE thread.CONNECTION_TYPE IS NOT NULL AND thread.PROCESSLIST_COMMAND <> 'Connect')`;

/** MariaDB takes \x, 1. and 1e999 for JSON. Every string and number is looked at; numbers end at 1e99, or 200 digits. */
const strictJson = String.raw`(v_op REGEXP '\\A(?:[^"0-9-]++|"(?:[^"\\\\]++|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+"|-?(?:0|[1-9][0-9]{0,199}+)(?:\\.[0-9]++)?(?:[eE](?:-[0-9]++|\\+?[0-9]{1,2}))?(?![0-9.eE+-]))*+\\z')`;

export const sqlFor = {
  MariaDB: {
    processes: mariaDbProcesses,
    connection_admin: 'CONNECTION ADMIN',
    session_settings: ", default_regex_flags = ''",
    is_strict_json: strictJson,
    document: 'v_op',
    read_document: '',
  },
  MySQL: {
    processes: mySqlProcesses,
    connection_admin: 'CONNECTION_ADMIN',
    session_settings: '',
    is_strict_json: 'TRUE',
    // A text would be read anew for every question that is asked of it. MariaDB has nothing but texts.
    document: 'v_document',
    read_document: 'SET v_document = v_op;',
  },
};

/** What the reaper reads of the performance schema: never a statement's text. */
export const reaperGrants = {
  MariaDB: [],
  MySQL: [
    `GRANT SELECT (THREAD_ID, PROCESSLIST_ID, PROCESSLIST_USER, PROCESSLIST_COMMAND, PROCESSLIST_TIME, PROCESSLIST_HOST, CONNECTION_TYPE)
       ON performance_schema.threads`,
    `GRANT SELECT (THREAD_ID, EVENT_ID, END_EVENT_ID, NESTING_EVENT_LEVEL, TIMER_END, TIMER_WAIT)
       ON performance_schema.events_statements_current`,
    'GRANT SELECT (THREAD_ID, STATE, TIMER_WAIT) ON performance_schema.events_transactions_current',
    'GRANT SELECT (OWNER_THREAD_ID, OWNER_EVENT_ID, LOCK_DURATION) ON performance_schema.metadata_locks',
  ],
};
