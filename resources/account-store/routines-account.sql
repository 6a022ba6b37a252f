-- What an app may ask about accounts. Every routine that apps may call
--   * sets the session's clock back first: `SET timestamp = …` of a hostile caller moves NOW() inside of routines;
--   * takes long types and checks lengths itself, so that nothing but an error of ours comes back;
--   * ends a transaction that the caller may have begun, and rolls its own back on any error;
--   * holds no secret: `SHOW PROFILES` prints statements inside of routines.
-- Errors of ours are SQLSTATE 45000 with a number from 30001 on (src/main/core/sync/account-errors.ts).
-- The names end in the version of the contract; the version before stays for apps that were not updated.

-- Helpers, which apps may not call.

-- Finds the account of a token. Notes once an hour that the session was used, and lets it live another 180 days.
CREATE {{owner}} PROCEDURE open_session(IN p_token LONGBLOB, OUT p_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  DECLARE v_hash BINARY(32);
  DECLARE v_used DATETIME(3);
  SET p_account = NULL;
  IF COALESCE(OCTET_LENGTH(p_token), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'E_SESSION';
  END IF;
  SET v_hash = UNHEX(SHA2(p_token, 256));
  SELECT account.id, login_session.used_time INTO p_account, v_used
    FROM login_session JOIN account ON account.id = login_session.account_id
    WHERE login_session.token_hash = v_hash AND login_session.expiry_time > v_now AND account.deleted_time IS NULL;
  IF p_account IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'E_SESSION';
  END IF;
  IF v_used < v_now - INTERVAL 1 HOUR THEN
    UPDATE login_session SET used_time = v_now, expiry_time = v_now + INTERVAL 180 DAY WHERE token_hash = v_hash;
  END IF;
END
//
-- Counts a try before it is made, and commits: a caller who hangs up cannot take that back. Five are free, then each
-- costs twice the time of the one before, up to 15 minutes. Names that do not exist are counted alike.
CREATE {{owner}} PROCEDURE count_attempt(IN p_name_hash BINARY(32))
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_failures INT UNSIGNED;
  DECLARE v_next DATETIME(3);
  DECLARE v_now DATETIME(3);
  DECLARE v_message VARCHAR(64);
  START TRANSACTION;
  INSERT INTO login_throttle (name_hash, failures, next_time) VALUES (p_name_hash, 0, UTC_TIMESTAMP(3))
    ON DUPLICATE KEY UPDATE name_hash = p_name_hash;
  SELECT failures + 1, next_time INTO v_failures, v_next FROM login_throttle WHERE name_hash = p_name_hash FOR UPDATE;
  -- Only now: waiting for the row may have taken a while.
  SET v_now = UTC_TIMESTAMP(3);
  IF v_now < v_next THEN
    COMMIT;
    SET v_message = CONCAT('E_THROTTLED ', CEILING(TIMESTAMPDIFF(MICROSECOND, v_now, v_next) / 1000000));
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30004, MESSAGE_TEXT = v_message;
  END IF;
  UPDATE login_throttle
    SET failures = v_failures,
        next_time = v_now + INTERVAL IF(v_failures < 5, 0, LEAST(900, POW(2, LEAST(v_failures, 20) - 4))) SECOND
    WHERE name_hash = p_name_hash;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE start_session(IN p_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, IN p_token LONGBLOB,
  IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  INSERT INTO login_session (token_hash, id, account_id, device, created_time, used_time, expiry_time)
    VALUES (UNHEX(SHA2(p_token, 256)), UUID(), p_account, p_device, v_now, v_now, v_now + INTERVAL 180 DAY);
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
CREATE {{owner}} PROCEDURE check_new_session(IN p_token LONGBLOB, IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  IF COALESCE(OCTET_LENGTH(p_token), 0) <> 32 OR COALESCE(CHAR_LENGTH(p_device), 0) NOT BETWEEN 1 AND 100
    OR p_device REGEXP '[[:cntrl:]]' THEN
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
  SET timestamp = DEFAULT;
  IF NOT EXISTS (SELECT 1 FROM store) THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30010, MESSAGE_TEXT = 'E_NOT_SET_UP';
  END IF;
  SELECT 'botchat-account-store' AS product, 1 AS oldest_version, 1 AS newest_version, store.schema_version,
    store.invite_only, VERSION() AS server_version,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), UTC_TIMESTAMP(3)) DIV 1000 AS server_time_ms
    FROM store;
END
//
CREATE {{owner}} PROCEDURE register_v1(
  IN p_name LONGTEXT CHARACTER SET utf8mb4, IN p_key LONGBLOB, IN p_recovery LONGBLOB,
  IN p_invitation LONGTEXT CHARACTER SET utf8mb4, IN p_token LONGBLOB, IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_now DATETIME(3);
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();
  DECLARE v_salt BINARY(16) DEFAULT UNHEX(REPLACE(UUID(), '-', ''));
  DECLARE v_taken CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_invite_only TINYINT;
  DECLARE v_limit INT UNSIGNED;
  DECLARE v_joined BIGINT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  SET v_now = UTC_TIMESTAMP(3);
  CALL check_new_session(p_token, p_device);
  IF COALESCE(OCTET_LENGTH(p_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_recovery), 0) <> 32
    OR COALESCE(CHAR_LENGTH(p_invitation), 0) > 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  CALL check_name(p_name);
  START TRANSACTION;
  SELECT id INTO v_taken FROM account WHERE username = p_name;
  IF v_taken IS NOT NULL THEN
    -- The same call again, because its answer was lost on the way: it has the token.
    IF EXISTS (SELECT 1 FROM login_session WHERE token_hash = UNHEX(SHA2(p_token, 256)) AND account_id = v_taken) THEN
      SET v_account = v_taken;
    ELSE
      SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30005, MESSAGE_TEXT = 'E_NAME_TAKEN';
    END IF;
  ELSE
    SELECT invite_only, registrations_per_hour INTO v_invite_only, v_limit FROM store;
    SELECT COUNT(*) INTO v_joined FROM account WHERE date_joined > v_now - INTERVAL 1 HOUR;
    IF v_joined >= v_limit THEN
      SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30008, MESSAGE_TEXT = 'E_REGISTRATIONS';
    END IF;
    IF v_invite_only THEN
      UPDATE invitation SET uses_left = uses_left - 1
        WHERE code = p_invitation AND uses_left > 0 AND expiry_time > v_now;
      IF ROW_COUNT() <> 1 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30007, MESSAGE_TEXT = 'E_INVITATION';
      END IF;
    END IF;
    BEGIN
      -- Two at once with one name: the second hears what it would have heard a moment later.
      DECLARE EXIT HANDLER FOR 1062 SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30005, MESSAGE_TEXT = 'E_NAME_TAKEN';
      INSERT INTO account (id, username, password, salt, recovery, date_joined, last_login, epoch)
        VALUES (v_account, p_name, UNHEX(SHA2(CONCAT(v_salt, p_key), 256)), v_salt,
          UNHEX(SHA2(CONCAT(v_salt, p_recovery), 256)), v_now, v_now, UUID());
      CALL start_session(v_account, p_token, p_device);
    END;
  END IF;
  COMMIT;
  SELECT v_account AS account_id;
END
//
CREATE {{owner}} PROCEDURE login_v1(
  IN p_name LONGTEXT CHARACTER SET utf8mb4, IN p_key LONGBLOB, IN p_token LONGBLOB,
  IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_name_hash BINARY(32);
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_password, v_given BINARY(32);
  DECLARE v_deleted DATETIME(3);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  CALL check_new_session(p_token, p_device);
  CALL check_name(p_name);
  IF COALESCE(OCTET_LENGTH(p_key), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  SET v_name_hash = UNHEX(SHA2(p_name, 256));
  CALL count_attempt(v_name_hash);
  START TRANSACTION;
  SELECT id, password, UNHEX(SHA2(CONCAT(salt, p_key), 256)), deleted_time
    INTO v_account, v_password, v_given, v_deleted
    FROM account WHERE username = p_name FOR UPDATE;
  IF v_account IS NULL OR v_password <> v_given THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  DELETE FROM login_throttle WHERE name_hash = v_name_hash;
  -- Signing in again within the 7 days takes a deletion back.
  UPDATE account SET last_login = UTC_TIMESTAMP(3), deleted_time = NULL WHERE id = v_account;
  -- The same call again, because its answer was lost on the way, has its session already.
  IF NOT EXISTS (SELECT 1 FROM login_session WHERE token_hash = UNHEX(SHA2(p_token, 256)) AND account_id = v_account) THEN
    CALL start_session(v_account, p_token, p_device);
  END IF;
  COMMIT;
  SELECT v_account AS account_id, v_deleted IS NOT NULL AS restored;
END
//
-- A new password by the recovery code, which is spent by it: the app brings a new one.
CREATE {{owner}} PROCEDURE recover_v1(
  IN p_name LONGTEXT CHARACTER SET utf8mb4, IN p_recovery LONGBLOB, IN p_new_key LONGBLOB, IN p_new_recovery LONGBLOB,
  IN p_token LONGBLOB, IN p_device LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_name_hash BINARY(32);
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_salt BINARY(16);
  DECLARE v_recovery BINARY(32);
  DECLARE v_repeated INT DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  CALL check_new_session(p_token, p_device);
  IF COALESCE(OCTET_LENGTH(p_recovery), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_new_key), 0) <> 32
    OR COALESCE(OCTET_LENGTH(p_new_recovery), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  CALL check_name(p_name);
  -- Counted apart from sign-ins: guessing passwords must not shut the way back.
  SET v_name_hash = UNHEX(SHA2(CONCAT('recovery:', p_name), 256));
  CALL count_attempt(v_name_hash);
  START TRANSACTION;
  SELECT id, salt, recovery INTO v_account, v_salt, v_recovery FROM account WHERE username = p_name FOR UPDATE;
  SELECT COUNT(*) INTO v_repeated FROM login_session
    WHERE token_hash = UNHEX(SHA2(p_token, 256)) AND account_id = v_account;
  IF v_account IS NULL
    OR (v_recovery <> UNHEX(SHA2(CONCAT(v_salt, p_recovery), 256)) AND v_repeated = 0) THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  -- The same call again, because its answer was lost on the way, changes nothing: above all not what was counted.
  IF v_repeated = 0 THEN
    DELETE FROM login_throttle WHERE name_hash IN (v_name_hash, UNHEX(SHA2(p_name, 256)));
    DELETE FROM login_session WHERE account_id = v_account;
    UPDATE account
      SET password = UNHEX(SHA2(CONCAT(v_salt, p_new_key), 256)),
          recovery = UNHEX(SHA2(CONCAT(v_salt, p_new_recovery), 256)),
          last_login = UTC_TIMESTAMP(3), deleted_time = NULL
      WHERE id = v_account;
    CALL start_session(v_account, p_token, p_device);
  END IF;
  COMMIT;
  SELECT v_account AS account_id;
END
//
CREATE {{owner}} PROCEDURE logout_v1(IN p_token LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  START TRANSACTION;
  -- A token that is not known has been signed out already.
  IF OCTET_LENGTH(p_token) = 32 THEN
    DELETE FROM login_session WHERE token_hash = UNHEX(SHA2(p_token, 256));
  END IF;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE sessions_v1(IN p_token LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  START TRANSACTION;
  CALL open_session(p_token, v_account);
  SELECT id, device,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), created_time) DIV 1000 AS created_time_ms,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), used_time) DIV 1000 AS used_time_ms,
    token_hash = UNHEX(SHA2(p_token, 256)) AS is_this
    FROM login_session WHERE account_id = v_account AND expiry_time > UTC_TIMESTAMP(3)
    ORDER BY used_time DESC, id LIMIT 1000;
  COMMIT;
END
//
CREATE {{owner}} PROCEDURE revoke_session_v1(IN p_token LONGBLOB, IN p_session LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_revoked INT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  IF COALESCE(p_session REGEXP '^[0-9a-f-]{36}$', 0) = 0 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  START TRANSACTION;
  CALL open_session(p_token, v_account);
  DELETE FROM login_session WHERE account_id = v_account AND id = CONVERT(p_session USING ascii);
  SET v_revoked = ROW_COUNT();
  COMMIT;
  SELECT v_revoked AS revoked;
END
//
-- Ends all other sessions. A new recovery code may come along: NULL keeps the old one.
CREATE {{owner}} PROCEDURE change_password_v1(
  IN p_token LONGBLOB, IN p_old_key LONGBLOB, IN p_new_key LONGBLOB, IN p_new_recovery LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_name_hash, v_password BINARY(32);
  DECLARE v_salt BINARY(16);
  DECLARE v_ended INT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  IF COALESCE(OCTET_LENGTH(p_old_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_new_key), 0) <> 32
    OR COALESCE(OCTET_LENGTH(p_new_recovery), 32) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  START TRANSACTION;
  CALL open_session(p_token, v_account);
  SELECT UNHEX(SHA2(username, 256)) INTO v_name_hash FROM account WHERE id = v_account;
  COMMIT;
  CALL count_attempt(v_name_hash);
  START TRANSACTION;
  SELECT salt, password INTO v_salt, v_password FROM account WHERE id = v_account FOR UPDATE;
  -- The new key is as good as the old one: then this is the same call again, because its answer was lost on the way.
  IF v_password NOT IN (UNHEX(SHA2(CONCAT(v_salt, p_old_key), 256)), UNHEX(SHA2(CONCAT(v_salt, p_new_key), 256))) THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  DELETE FROM login_throttle WHERE name_hash = v_name_hash;
  UPDATE account
    SET password = UNHEX(SHA2(CONCAT(v_salt, p_new_key), 256)),
        recovery = COALESCE(UNHEX(SHA2(CONCAT(v_salt, p_new_recovery), 256)), recovery)
    WHERE id = v_account;
  DELETE FROM login_session WHERE account_id = v_account AND token_hash <> UNHEX(SHA2(p_token, 256));
  SET v_ended = ROW_COUNT();
  COMMIT;
  SELECT v_ended AS ended_sessions;
END
//
-- Marks the account; the purge takes it 7 days later. Its sessions are refused from now on, but stay until then: the
-- same call again, because its answer was lost on the way, must find its own.
CREATE {{owner}} PROCEDURE delete_account_v1(IN p_token LONGBLOB, IN p_key LONGBLOB)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_name_hash, v_password, v_given BINARY(32);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  IF COALESCE(OCTET_LENGTH(p_key), 0) <> 32 OR COALESCE(OCTET_LENGTH(p_token), 0) <> 32 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  START TRANSACTION;
  SELECT account.id, UNHEX(SHA2(account.username, 256)) INTO v_account, v_name_hash
    FROM login_session JOIN account ON account.id = login_session.account_id
    WHERE token_hash = UNHEX(SHA2(p_token, 256)) AND expiry_time > UTC_TIMESTAMP(3);
  COMMIT;
  IF v_account IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'E_SESSION';
  END IF;
  CALL count_attempt(v_name_hash);
  START TRANSACTION;
  SELECT password, UNHEX(SHA2(CONCAT(salt, p_key), 256)) INTO v_password, v_given
    FROM account WHERE id = v_account FOR UPDATE;
  IF v_password <> v_given THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30003, MESSAGE_TEXT = 'E_LOGIN';
  END IF;
  DELETE FROM login_throttle WHERE name_hash = v_name_hash;
  UPDATE account SET deleted_time = COALESCE(deleted_time, UTC_TIMESTAMP(3)) WHERE id = v_account;
  COMMIT;
  SELECT (SELECT COUNT(*) FROM record WHERE account_id = v_account AND deleted IS NULL) AS records,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), account.deleted_time + INTERVAL 7 DAY) DIV 1000 AS purge_time_ms
    FROM account WHERE id = v_account;
END
//
