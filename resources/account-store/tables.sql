-- The account store's tables. Every statement can be run again: what is there already is left as it is.
-- Statements end with a line that holds only //; {{…}} is filled in by scripts/account-store/sql-files.mjs.
-- Times are UTC. There are no foreign keys: group replication with several writers cannot cascade, and nobody but the
-- routines writes here.

-- One row: what the whole store is set to.
CREATE TABLE IF NOT EXISTS store (
  only_row TINYINT UNSIGNED NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only_row = 1),
  schema_version INT UNSIGNED NOT NULL,
  -- 1: `register` asks for an invitation.
  invite_only TINYINT(1) NOT NULL DEFAULT 0,
  -- New accounts per hour, all together: a flood of them ends there.
  registrations_per_hour INT UNSIGNED NOT NULL DEFAULT 200,
  -- What one account may keep, in bytes of records and of applied operations' ids.
  account_quota_bytes BIGINT UNSIGNED NOT NULL DEFAULT 268435456,
  -- What one account may have written within an hour, whatever remains of it, and how many devices may be signed in.
  written_bytes_per_hour BIGINT UNSIGNED NOT NULL DEFAULT 67108864,
  sessions_per_account INT UNSIGNED NOT NULL DEFAULT 50,
  -- The reaper ends statements of the client account that are older, and connections that idle for longer.
  statement_seconds INT UNSIGNED NOT NULL DEFAULT 20,
  idle_seconds INT UNSIGNED NOT NULL DEFAULT 90,
  -- The client account's password, as every learner's connection string has it. Kept so that it can be printed again.
  client_password VARCHAR(64) NOT NULL,
  -- Where desktops find the server, and the authority (PEM) that its certificate is checked against; empty: a public one.
  public_host VARCHAR(255) NOT NULL DEFAULT '',
  public_port INT UNSIGNED NOT NULL DEFAULT 3306,
  public_name VARCHAR(255) NOT NULL DEFAULT '',
  public_ca TEXT NOT NULL,
  -- The name that apps sign in with at a proxy; empty: none, each connection under a random one of its own.
  public_user VARCHAR(32) NOT NULL DEFAULT '',
  created_time DATETIME(3) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
-- A learner: Django's auth_user, as BotChat's ancestor had it, and what sync needs.
CREATE TABLE IF NOT EXISTS account (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  username VARCHAR(64) NOT NULL,
  -- SHA-256 of salt and key; the key is scrypt of the password, made by the app.
  password BINARY(32) NOT NULL,
  salt BINARY(16) NOT NULL,
  -- SHA-256 of salt and the recovery code's key.
  recovery BINARY(32) NOT NULL,
  date_joined DATETIME(3) NOT NULL,
  last_login DATETIME(3) NULL,
  -- Set when its owner deleted it: the purge takes it 7 days later, a login before that brings it back.
  deleted_time DATETIME(3) NULL,
  -- Changes when the server was restored from a backup: apps then read everything anew.
  epoch CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- The cursor of sync: the number of the account's last change. Taken FOR UPDATE by every push.
  seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  used_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
  -- What was written for it since then; counted anew an hour later.
  written_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
  written_since DATETIME(3) NULL,
  UNIQUE KEY account_by_name (username),
  KEY account_by_joining (date_joined),
  KEY account_by_deletion (deleted_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
-- A device that is signed in. `session` would do as a name, but is a keyword in places.
CREATE TABLE IF NOT EXISTS login_session (
  token_hash BINARY(32) NOT NULL PRIMARY KEY,
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device VARCHAR(100) NOT NULL,
  created_time DATETIME(3) NOT NULL,
  used_time DATETIME(3) NOT NULL,
  expiry_time DATETIME(3) NOT NULL,
  -- The hash that the password had before this device changed it: the same call again is known by it.
  changed_from BINARY(32) NULL,
  UNIQUE KEY login_session_by_account (account_id, id),
  KEY login_session_by_expiry (expiry_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
-- Guesses by the hash of what is tried, on whom and from where, for names that exist and names that do not.
CREATE TABLE IF NOT EXISTS login_throttle (
  name_hash BINARY(32) NOT NULL PRIMARY KEY,
  -- The hash without the where: whoever resets a password takes away all of them.
  subject BINARY(32) NOT NULL DEFAULT '',
  failures INT UNSIGNED NOT NULL,
  next_time DATETIME(3) NOT NULL,
  KEY login_throttle_by_time (next_time),
  KEY login_throttle_by_subject (subject)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
CREATE TABLE IF NOT EXISTS invitation (
  code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  uses_left INT UNSIGNED NOT NULL,
  expiry_time DATETIME(3) NOT NULL,
  created_time DATETIME(3) NOT NULL,
  note VARCHAR(100) NOT NULL DEFAULT '',
  -- What the routine looks for, so that the code is in no statement.
  code_hash BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(code, 256))) STORED,
  UNIQUE KEY invitation_by_hash (code_hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
-- Everything that is synced, of whatever kind. Read it through the views `topic` and `conversation`.
CREATE TABLE IF NOT EXISTS record (
  account_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- The account's counter when it last changed.
  seq BIGINT UNSIGNED NOT NULL,
  -- What it belongs to: a deleted parent takes it along.
  parent_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  parent_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  -- JSON object of fields, as the app sent them. Text, because MySQL's JSON type would put them in another order.
  fields MEDIUMTEXT NOT NULL,
  -- The clock of every field that `clocks`, a JSON object, does not name.
  clock CHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  clocks MEDIUMTEXT NOT NULL,
  -- The clock of its deletion; a deleted record stays deleted and has no fields.
  deleted CHAR(34) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (account_id, kind, id),
  UNIQUE KEY record_by_change (account_id, seq),
  KEY record_by_parent (account_id, parent_kind, parent_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
-- The operations that were applied, so that each is applied once however often it is sent.
CREATE TABLE IF NOT EXISTS applied (
  account_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  op_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- The clock it was given, where its own was too far ahead.
  clock CHAR(34) CHARACTER SET ascii COLLATE ascii_bin NULL,
  applied_time DATETIME(3) NOT NULL,
  PRIMARY KEY (account_id, op_id),
  KEY applied_by_time (applied_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
-- One row, which the admin's command holds while it works. No routine touches it.
CREATE TABLE IF NOT EXISTS admin_lock (
  only_row TINYINT UNSIGNED NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only_row = 1)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
//
