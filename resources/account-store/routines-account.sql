-- What an app may ask about accounts. Every routine that apps may call
--   * begins with begin_call, which ends what the caller began and takes back what it set in its session;
--   * ends with COMMIT, or the ROLLBACK of its handler: a caller without autocommit, or one within XA, would keep its
--     locks for as long as it likes;
--   * leaves every account as it should be after each of its statements: what a caller can interrupt in its middle (KILL
--     QUERY; MariaDB: max_statement_time) runs no handler, and the caller may commit the half. So what limits it is
--     counted before anything is written;
--   * hashes what is secret with SET before any statement uses it: MariaDB shows statements inside of routines, with
--     the values of their variables, to everybody; `SHOW PROFILES` shows one's own on both;
--   * takes long types and checks lengths itself, so that nothing but an error of ours comes back.
-- Errors of ours are SQLSTATE 45000 with a number from 30001 on (src/main/core/sync/account-errors.ts).
-- The names end in the version of the contract; the version before stays for apps that were not updated.

-- Helpers, which apps may not call.

-- Among what a caller may have set, `timestamp` moves NOW() inside of routines, and `default_regex_flags` of MariaDB changes
-- what REGEXP means. The first statement fails within XA.
CREATE {{owner}} PROCEDURE begin_call()
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  ROLLBACK AND NO CHAIN NO RELEASE;
  SET timestamp = DEFAULT;
  SET SESSION completion_type = NO_CHAIN, unique_checks = 1{{session_settings}};
  SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
END
//
-- Finds the account of a token. Notes once an hour that the session was used, and lets it live another 180 days.
CREATE {{owner}} PROCEDURE open_session(IN p_token_hash BINARY(32), OUT p_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  DECLARE v_used DATETIME(3);
  SET p_account = NULL;
  SELECT account.id, login_session.used_time INTO p_account, v_used
    FROM login_session JOIN account ON account.id = login_session.account_id
    WHERE login_session.token_hash = p_token_hash AND login_session.expiry_time > v_now AND account.deleted_time IS NULL;
  IF p_account IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'E_SESSION';
  END IF;
  IF v_used < v_now - INTERVAL 1 HOUR THEN
    UPDATE login_session SET used_time = v_now, expiry_time = v_now + INTERVAL 180 DAY WHERE token_hash = p_token_hash;
  END IF;
END
//
-- Counts bytes that are going to be written for an account, within a transaction, and refuses when those of the hour are
-- used up: what is written over again is in no quota, but in the server's logs. Takes the account's row.
CREATE {{owner}} PROCEDURE spend(IN p_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, IN p_bytes BIGINT)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_written, v_budget BIGINT DEFAULT 0;
  DECLARE v_since DATETIME(3);
  DECLARE v_now DATETIME(3);
  DECLARE v_message VARCHAR(64);
  SELECT written_bytes, written_since INTO v_written, v_since FROM account WHERE id = p_account FOR UPDATE;
  -- Only now: waiting for the row may have taken a while.
  SET v_now = UTC_TIMESTAMP(3);
  SELECT written_bytes_per_hour INTO v_budget FROM store;
  IF v_since IS NULL OR v_since <= v_now - INTERVAL 1 HOUR THEN SET v_since = v_now, v_written = 0; END IF;
  IF v_written >= v_budget THEN
    SET v_message = CONCAT('E_BUDGET ', CEILING(TIMESTAMPDIFF(SECOND, v_now, v_since + INTERVAL 1 HOUR)));
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30011, MESSAGE_TEXT = v_message;
  END IF;
  UPDATE account SET written_bytes = v_written + p_bytes, written_since = v_since WHERE id = p_account;
END
//
-- Under which rows of login_throttle a guess is counted: from this network, and from anywhere. One who guesses from
-- elsewhere must not shut out the learner; a network of 2^64 addresses is one.
CREATE {{owner}} PROCEDURE throttle_rows(IN p_subject BINARY(32), OUT p_here BINARY(32), OUT p_anywhere BINARY(32))
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_host VARCHAR(255) CHARACTER SET utf8mb4 DEFAULT SUBSTRING_INDEX(USER(), '@', -1);
  IF IS_IPV6(v_host) AND NOT IS_IPV4_MAPPED(INET6_ATON(v_host)) THEN SET v_host = LEFT(HEX(INET6_ATON(v_host)), 16); END IF;
  SET p_here = UNHEX(SHA2(CONCAT(HEX(p_subject), ' ', v_host), 256)), p_anywhere = UNHEX(SHA2(HEX(p_subject), 256));
END
//
-- Counts a try before it is made, and commits: a caller who hangs up cannot take that back. Some are free, then each
-- costs twice the time of the one before, up to 15 minutes. Names that do not exist are counted alike.
CREATE {{owner}} PROCEDURE count_in_row(IN p_row BINARY(32), IN p_subject BINARY(32), IN p_free INT UNSIGNED)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_failures INT UNSIGNED;
  DECLARE v_next DATETIME(3);
  DECLARE v_now DATETIME(3);
  DECLARE v_message VARCHAR(64);
  START TRANSACTION;
  INSERT INTO login_throttle (name_hash, subject, failures, next_time) VALUES (p_row, p_subject, 0, UTC_TIMESTAMP(3))
    ON DUPLICATE KEY UPDATE name_hash = p_row;
  SELECT failures + 1, next_time INTO v_failures, v_next FROM login_throttle WHERE name_hash = p_row FOR UPDATE;
  -- Only now: waiting for the row may have taken a while.
  SET v_now = UTC_TIMESTAMP(3);
  IF v_now < v_next THEN
    COMMIT;
    SET v_message = CONCAT('E_THROTTLED ', CEILING(TIMESTAMPDIFF(MICROSECOND, v_now, v_next) / 1000000));
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30004, MESSAGE_TEXT = v_message;
  END IF;
  UPDATE login_throttle
    SET failures = v_failures,
        next_time = v_now + INTERVAL IF(v_failures < p_free, 0, LEAST(900, POW(2, LEAST(v_failures - p_free + 1, 20)))) SECOND
    WHERE name_hash = p_row;
  COMMIT;
END
//
-- Five guesses at a subject (what is tried, and on whom) are free from one network, and a hundred from all together.
CREATE {{owner}} PROCEDURE count_attempt(IN p_subject BINARY(32))
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_here, v_anywhere BINARY(32);
  CALL throttle_rows(p_subject, v_here, v_anywhere);
  CALL count_in_row(v_here, p_subject, 5);
  CALL count_in_row(v_anywhere, p_subject, 100);
END
//
-- A right one takes back what was counted, within the caller's transaction. Other networks keep their waits.
CREATE {{owner}} PROCEDURE forget_attempts(IN p_subject BINARY(32))
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_here, v_anywhere BINARY(32);
  CALL throttle_rows(p_subject, v_here, v_anywhere);
  DELETE FROM login_throttle WHERE name_hash IN (v_here, v_anywhere);
END
//
-- The one that was used longest ago makes room where there are too many. A token that is somebody else's already is none.
CREATE {{owner}} PROCEDURE start_session(IN p_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_token_hash BINARY(32), IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  DECLARE v_sessions, v_most INT UNSIGNED;
  DECLARE EXIT HANDLER FOR 1062 SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  SELECT COUNT(*) INTO v_sessions FROM login_session WHERE account_id = p_account;
  SELECT sessions_per_account INTO v_most FROM store;
  IF v_sessions >= v_most THEN
    DELETE FROM login_session WHERE account_id = p_account ORDER BY used_time, id LIMIT 1;
  END IF;
  INSERT INTO login_session (token_hash, id, account_id, device, created_time, used_time, expiry_time)
    VALUES (p_token_hash, UUID(), p_account, p_device, v_now, v_now, v_now + INTERVAL 180 DAY);
END
//
-- Names are compared with trailing blanks ignored, but counted by their bytes: a name with blanks is none.
CREATE {{owner}} PROCEDURE check_name(IN p_name LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  IF COALESCE(CHAR_LENGTH(p_name), 0) NOT BETWEEN 2 AND 64 OR p_name REGEXP '[[:space:][:cntrl:]]' THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30006, MESSAGE_TEXT = 'E_NAME';
  END IF;
END
//
CREATE {{owner}} PROCEDURE check_device(IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  IF COALESCE(CHAR_LENGTH(p_device), 0) NOT BETWEEN 1 AND 100 OR p_device REGEXP '[[:cntrl:]]' THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
END
//

-- What apps may call.

-- The one name without a version: it tells the versions.
CREATE {{owner}} PROCEDURE server_info()
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  IF NOT EXISTS (SELECT 1 FROM store) THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30010, MESSAGE_TEXT = 'E_NOT_SET_UP';
  END IF;
  SELECT 'botchat-account-store' AS product, 1 AS oldest_version, 1 AS newest_version, store.schema_version,
    store.invite_only, VERSION() AS server_version,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), UTC_TIMESTAMP(3)) DIV 1000 AS server_time_ms
    FROM store;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE register_v1(
  IN p_name LONGTEXT CHARACTER SET utf8mb4, IN p_key LONGBLOB, IN p_recovery LONGBLOB,
  IN p_invitation LONGTEXT CHARACTER SET utf8mb4, IN p_token LONGBLOB, IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_now DATETIME(3);
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();
  DECLARE v_salt BINARY(16);
  DECLARE v_token_hash, v_invitation_hash, v_password, v_recovery BINARY(32);
  DECLARE v_taken CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_invite_only TINYINT;
  DECLARE v_limit INT UNSIGNED;
  DECLARE v_joined BIGINT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  CALL check_device(p_device);
  IF COALESCE(OCTET_LENGTH(p_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_recovery), 0) <> 32
    OR COALESCE(OCTET_LENGTH(p_token), 0) <> 32 OR COALESCE(CHAR_LENGTH(p_invitation), 0) > 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  CALL check_name(p_name);
  -- Nor what looks like another name: formats, fillers and marks that nobody sees. Names that are there keep theirs.
  IF p_name REGEXP '[\\p{Cf}\\p{Co}\\p{Z}\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{2065}\\x{2800}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FFA0}\\x{FFF0}-\\x{FFF8}\\x{1D159}\\x{E0000}-\\x{E0FFF}]' THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30006, MESSAGE_TEXT = 'E_NAME';
  END IF;
  SET v_token_hash = UNHEX(SHA2(p_token, 256)), v_invitation_hash = UNHEX(SHA2(p_invitation, 256));
  START TRANSACTION;
  -- The row is taken, so that those who register at once are counted one after the other.
  SELECT invite_only, registrations_per_hour INTO v_invite_only, v_limit FROM store FOR UPDATE;
  SET v_now = UTC_TIMESTAMP(3);
  SELECT id INTO v_taken FROM account WHERE username = p_name;
  IF v_taken IS NOT NULL THEN
    -- The same call again, because its answer was lost on the way: it has the token.
    IF EXISTS (SELECT 1 FROM login_session WHERE token_hash = v_token_hash AND account_id = v_taken) THEN
      SET v_account = v_taken;
    ELSE
      SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30005, MESSAGE_TEXT = 'E_NAME_TAKEN';
    END IF;
  ELSE
    SELECT COUNT(*) INTO v_joined FROM account WHERE date_joined > v_now - INTERVAL 1 HOUR;
    IF v_joined >= v_limit THEN
      SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30008, MESSAGE_TEXT = 'E_REGISTRATIONS';
    END IF;
    IF v_invite_only THEN
      UPDATE invitation SET uses_left = uses_left - 1
        WHERE code_hash = v_invitation_hash AND uses_left > 0 AND expiry_time > v_now;
      IF ROW_COUNT() <> 1 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30007, MESSAGE_TEXT = 'E_INVITATION';
      END IF;
    END IF;
    -- The salt is made by the statement that keeps it, and no other one shows it together with a hash.
    INSERT INTO account (id, username, password, salt, recovery, date_joined, last_login, epoch)
      VALUES (v_account, p_name, '', UNHEX(LEFT(SHA2(CONCAT(UUID(), RAND(), RAND()), 256), 32)), '', v_now, v_now, UUID());
    SELECT salt INTO v_salt FROM account WHERE id = v_account;
    SET v_password = UNHEX(SHA2(CONCAT(v_salt, p_key), 256)), v_recovery = UNHEX(SHA2(CONCAT(v_salt, p_recovery), 256));
    UPDATE account SET password = v_password, recovery = v_recovery WHERE id = v_account;
    CALL start_session(v_account, v_token_hash, p_device);
  END IF;
  COMMIT;
  SELECT v_account AS account_id;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE login_v1(
  IN p_name LONGTEXT CHARACTER SET utf8mb4, IN p_key LONGBLOB, IN p_token LONGBLOB,
  IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_subject, v_token_hash BINARY(32);
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_salt BINARY(16);
  DECLARE v_password, v_given BINARY(32);
  DECLARE v_deleted DATETIME(3);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  CALL check_device(p_device);
  CALL check_name(p_name);
  IF COALESCE(OCTET_LENGTH(p_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_token), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  SET v_subject = UNHEX(SHA2(CONCAT('login ', p_name), 256)), v_token_hash = UNHEX(SHA2(p_token, 256));
  CALL count_attempt(v_subject);
  START TRANSACTION;
  SELECT id, password, salt, deleted_time INTO v_account, v_password, v_salt, v_deleted
    FROM account WHERE username = p_name FOR UPDATE;
  SET v_given = UNHEX(SHA2(CONCAT(v_salt, p_key), 256));
  IF v_account IS NULL OR v_password <> v_given THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  CALL forget_attempts(v_subject);
  CALL spend(v_account, 5000);
  -- Signing in again within the 7 days takes a deletion back.
  UPDATE account SET last_login = UTC_TIMESTAMP(3), deleted_time = NULL WHERE id = v_account;
  -- The same call again, because its answer was lost on the way, has its session already.
  IF NOT EXISTS (SELECT 1 FROM login_session WHERE token_hash = v_token_hash AND account_id = v_account) THEN
    CALL start_session(v_account, v_token_hash, p_device);
  END IF;
  COMMIT;
  SELECT v_account AS account_id, v_deleted IS NOT NULL AS restored;
  COMMIT;
END
//
-- A new password by the recovery code, which is spent by it: the app brings a new one.
CREATE {{owner}} PROCEDURE recover_v1(
  IN p_name LONGTEXT CHARACTER SET utf8mb4, IN p_recovery LONGBLOB, IN p_new_key LONGBLOB, IN p_new_recovery LONGBLOB,
  IN p_token LONGBLOB, IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_subject, v_token_hash BINARY(32);
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_salt BINARY(16);
  DECLARE v_recovery, v_given, v_new_password, v_new_recovery BINARY(32);
  DECLARE v_repeated INT DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  CALL check_device(p_device);
  IF COALESCE(OCTET_LENGTH(p_recovery), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_new_key), 0) <> 32
    OR COALESCE(OCTET_LENGTH(p_new_recovery), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_token), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  CALL check_name(p_name);
  -- Counted apart from sign-ins: guessing passwords must not shut the way back.
  SET v_subject = UNHEX(SHA2(CONCAT('recovery ', p_name), 256)), v_token_hash = UNHEX(SHA2(p_token, 256));
  CALL count_attempt(v_subject);
  START TRANSACTION;
  SELECT id, salt, recovery INTO v_account, v_salt, v_recovery FROM account WHERE username = p_name FOR UPDATE;
  SELECT COUNT(*) INTO v_repeated FROM login_session WHERE token_hash = v_token_hash AND account_id = v_account;
  SET v_given = UNHEX(SHA2(CONCAT(v_salt, p_recovery), 256));
  IF v_account IS NULL OR (v_recovery <> v_given AND v_repeated = 0) THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  -- The same call again, because its answer was lost on the way, changes nothing: above all not what was counted.
  IF v_repeated = 0 THEN
    CALL spend(v_account, 5000);
    CALL forget_attempts(v_subject);
    SET v_subject = UNHEX(SHA2(CONCAT('login ', p_name), 256));
    CALL forget_attempts(v_subject);
    DELETE FROM login_session WHERE account_id = v_account;
    SET v_new_password = UNHEX(SHA2(CONCAT(v_salt, p_new_key), 256)),
        v_new_recovery = UNHEX(SHA2(CONCAT(v_salt, p_new_recovery), 256));
    UPDATE account
      SET password = v_new_password, recovery = v_new_recovery, last_login = UTC_TIMESTAMP(3), deleted_time = NULL
      WHERE id = v_account;
    CALL start_session(v_account, v_token_hash, p_device);
  END IF;
  COMMIT;
  SELECT v_account AS account_id;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE logout_v1(IN p_token LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_token_hash BINARY(32);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  SET v_token_hash = UNHEX(SHA2(p_token, 256));
  START TRANSACTION;
  -- A token that is not known has been signed out already.
  DELETE FROM login_session WHERE token_hash = v_token_hash;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE sessions_v1(IN p_token LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_token_hash BINARY(32);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  SET v_token_hash = UNHEX(SHA2(p_token, 256));
  START TRANSACTION;
  CALL open_session(v_token_hash, v_account);
  SELECT id, device,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), created_time) DIV 1000 AS created_time_ms,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), used_time) DIV 1000 AS used_time_ms,
    token_hash = v_token_hash AS is_this
    FROM login_session WHERE account_id = v_account AND expiry_time > UTC_TIMESTAMP(3)
    ORDER BY used_time DESC, id LIMIT 1000;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE revoke_session_v1(IN p_token LONGBLOB, IN p_session LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_token_hash BINARY(32);
  DECLARE v_revoked INT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  IF COALESCE(p_session REGEXP '\\A[0-9a-f-]{36}\\z', 0) = 0 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  SET v_token_hash = UNHEX(SHA2(p_token, 256));
  START TRANSACTION;
  CALL open_session(v_token_hash, v_account);
  DELETE FROM login_session WHERE account_id = v_account AND id = CONVERT(p_session USING ascii);
  SET v_revoked = ROW_COUNT();
  COMMIT;
  SELECT v_revoked AS revoked;
  COMMIT;
END
//
-- Ends all other sessions. A new recovery code may come along: NULL keeps the old one. Guesses are counted by the device
-- that makes them: who has none of the account's cannot keep its owner from changing the password.
CREATE {{owner}} PROCEDURE change_password_v1(
  IN p_token LONGBLOB, IN p_old_key LONGBLOB, IN p_new_key LONGBLOB, IN p_new_recovery LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_token_hash, v_subject, v_password, v_changed_from, v_old, v_new, v_new_recovery BINARY(32);
  DECLARE v_salt BINARY(16);
  DECLARE v_ended INT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  IF COALESCE(OCTET_LENGTH(p_old_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_new_key), 0) <> 32
    OR COALESCE(OCTET_LENGTH(p_new_recovery), 32) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  SET v_token_hash = UNHEX(SHA2(p_token, 256)), v_subject = UNHEX(SHA2(CONCAT('session ', HEX(v_token_hash)), 256));
  START TRANSACTION;
  CALL open_session(v_token_hash, v_account);
  COMMIT;
  CALL count_attempt(v_subject);
  START TRANSACTION;
  CALL spend(v_account, 5000);
  SELECT salt, password INTO v_salt, v_password FROM account WHERE id = v_account FOR UPDATE;
  SELECT changed_from INTO v_changed_from FROM login_session WHERE token_hash = v_token_hash;
  SET v_old = UNHEX(SHA2(CONCAT(v_salt, p_old_key), 256)), v_new = UNHEX(SHA2(CONCAT(v_salt, p_new_key), 256)),
      v_new_recovery = UNHEX(SHA2(CONCAT(v_salt, p_new_recovery), 256));
  -- The same call again, because its answer was lost on the way: from this device, and from the same old key.
  IF v_password <> v_old AND NOT (v_password = v_new AND COALESCE(v_changed_from = v_old, FALSE)) THEN
    -- What was counted and spent stays so.
    COMMIT;
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  CALL forget_attempts(v_subject);
  UPDATE account SET password = v_new, recovery = COALESCE(v_new_recovery, recovery) WHERE id = v_account;
  DELETE FROM login_session WHERE account_id = v_account AND token_hash <> v_token_hash;
  SET v_ended = ROW_COUNT();
  UPDATE login_session SET changed_from = v_old WHERE token_hash = v_token_hash;
  COMMIT;
  SELECT v_ended AS ended_sessions;
  COMMIT;
END
//
-- Marks the account; the purge takes it 7 days later. Its sessions are refused from now on, but stay until then: the
-- same call again, because its answer was lost on the way, must find its own. Counted as in change_password_v1.
CREATE {{owner}} PROCEDURE delete_account_v1(IN p_token LONGBLOB, IN p_key LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_token_hash, v_subject, v_password, v_given BINARY(32);
  DECLARE v_salt BINARY(16);
  DECLARE v_deleted DATETIME(3);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  IF COALESCE(OCTET_LENGTH(p_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_token), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  SET v_token_hash = UNHEX(SHA2(p_token, 256)), v_subject = UNHEX(SHA2(CONCAT('session ', HEX(v_token_hash)), 256));
  START TRANSACTION;
  SELECT account_id INTO v_account FROM login_session
    WHERE token_hash = v_token_hash AND expiry_time > UTC_TIMESTAMP(3);
  COMMIT;
  IF v_account IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'E_SESSION';
  END IF;
  CALL count_attempt(v_subject);
  START TRANSACTION;
  SELECT password, salt, deleted_time INTO v_password, v_salt, v_deleted FROM account WHERE id = v_account FOR UPDATE;
  SET v_given = UNHEX(SHA2(CONCAT(v_salt, p_key), 256));
  IF v_password <> v_given THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  -- Whoever wants to go need not wait for an hour to be over; whoever went has no need to do it over and over.
  IF v_deleted IS NOT NULL THEN CALL spend(v_account, 5000); END IF;
  CALL forget_attempts(v_subject);
  UPDATE account SET deleted_time = COALESCE(deleted_time, UTC_TIMESTAMP(3)) WHERE id = v_account;
  COMMIT;
  SELECT (SELECT COUNT(*) FROM record WHERE account_id = v_account AND deleted IS NULL) AS records,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), account.deleted_time + INTERVAL 7 DAY) DIV 1000 AS purge_time_ms
    FROM account WHERE id = v_account;
  COMMIT;
END
//
