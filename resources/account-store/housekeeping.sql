-- What the server does by itself, by events. Apps may call none of it.

-- {{processes}} lists connections by what a session cannot set: information_schema.PROCESSLIST on MariaDB, the performance
-- schema's timers on MySQL, where the former goes by the session's own clock and fails altogether while any statement
-- holds bytes that are no text (9.7).
-- Runs as the reaper, who may see and end other connections, and read nothing but who has an account here and two
-- numbers of `store`. Statement time limits are no help: a session can lift its own.
CREATE {{reaper}} PROCEDURE reap()
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_done BOOLEAN DEFAULT FALSE;
  DECLARE v_id BIGINT UNSIGNED;
  DECLARE v_statement_seconds, v_idle_seconds INT UNSIGNED;
  -- Whoever has no named account came in by the client account, whatever the name that was given: names are compared
  -- byte by byte, as the server does when somebody signs in.
  DECLARE c_old CURSOR FOR
    SELECT process.id FROM {{processes}} AS process
    WHERE process.id <> CONNECTION_ID()
      AND (process.statement_seconds > v_statement_seconds OR process.idle_seconds > v_idle_seconds
        -- What a routine began it has ended. Only a hostile app leaves something open between its statements.
        OR process.transaction_seconds > v_statement_seconds OR process.keeps_definitions)
      AND NOT EXISTS (
        SELECT 1 FROM mysql.user AS named
        WHERE named.User <> ''
          AND CAST(CONVERT(named.User USING utf8mb4) AS BINARY) = CAST(CONVERT(process.user USING utf8mb4) AS BINARY)
          AND CONVERT(process.host USING utf8mb4) LIKE CONVERT(named.Host USING utf8mb4));
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = TRUE;
  -- Gone by itself in the meantime.
  DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;
  -- As InnoDB of MariaDB tells when a transaction began.
  SET time_zone = 'SYSTEM';
  SELECT statement_seconds, idle_seconds INTO v_statement_seconds, v_idle_seconds FROM store;
  OPEN c_old;
  each_old: LOOP
    FETCH c_old INTO v_id;
    IF v_done THEN LEAVE each_old; END IF;
    KILL v_id;
  END LOOP;
  CLOSE c_old;
END
//
-- Removes accounts 7 days after they were deleted, operations' ids after 90 days, and what has expired.
CREATE {{owner}} PROCEDURE purge_expired()
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_used, v_rows BIGINT UNSIGNED;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  each_account: LOOP
    SET v_account = NULL;
    START TRANSACTION;
    -- One that somebody holds is for the next time.
    SELECT id INTO v_account FROM account WHERE deleted_time < UTC_TIMESTAMP(3) - INTERVAL 7 DAY LIMIT 1
      FOR UPDATE SKIP LOCKED;
    IF v_account IS NULL THEN COMMIT; LEAVE each_account; END IF;
    DELETE FROM record WHERE account_id = v_account;
    DELETE FROM applied WHERE account_id = v_account;
    DELETE FROM login_session WHERE account_id = v_account;
    DELETE FROM account WHERE id = v_account;
    COMMIT;
  END LOOP;
  each_batch: LOOP
    SET v_account = NULL;
    SELECT account_id INTO v_account FROM applied WHERE applied_time < UTC_TIMESTAMP(3) - INTERVAL 90 DAY
      ORDER BY applied_time LIMIT 1;
    IF v_account IS NULL THEN LEAVE each_batch; END IF;
    START TRANSACTION;
    -- In the order of push: the account first.
    SELECT used_bytes INTO v_used FROM account WHERE id = v_account FOR UPDATE;
    DELETE FROM applied WHERE account_id = v_account AND applied_time < UTC_TIMESTAMP(3) - INTERVAL 90 DAY LIMIT 5000;
    SET v_rows = ROW_COUNT();
    UPDATE account SET used_bytes = v_used - LEAST(v_used, 100 * v_rows) WHERE id = v_account;
    COMMIT;
  END LOOP;
  DELETE FROM login_session WHERE expiry_time < UTC_TIMESTAMP(3);
  -- A row that blocks nothing any more. After a day without a try the five free ones are back.
  DELETE FROM login_throttle WHERE next_time < UTC_TIMESTAMP(3) - INTERVAL 1 DAY;
  DELETE FROM invitation WHERE expiry_time < UTC_TIMESTAMP(3) - INTERVAL 30 DAY;
  COMMIT;
END
//
