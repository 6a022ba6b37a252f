-- What the server does by itself, by events. Apps may call none of it.

-- {{processes}} is information_schema.PROCESSLIST on MariaDB and performance_schema.threads on MySQL, where the former
-- fails altogether while any statement holds bytes that are no text (9.7): one app could have blinded the reaper.
-- Runs as the reaper, who may see and end other connections, and read nothing but who has an account here and two
-- numbers of `store`. Statement time limits are no help: a session can lift its own.
CREATE {{reaper}} PROCEDURE reap()
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_done BOOLEAN DEFAULT FALSE;
  DECLARE v_id BIGINT UNSIGNED;
  DECLARE v_statement_seconds, v_idle_seconds INT UNSIGNED;
  -- Whoever has no named account came in by the client account, whatever the name that was given.
  DECLARE c_old CURSOR FOR
    SELECT process.id FROM {{processes}} AS process
    WHERE process.id <> CONNECTION_ID()
      AND process.command NOT IN ('Daemon', 'Connect', 'Binlog Dump', 'Binlog Dump GTID', 'Slave_IO', 'Slave_SQL')
      AND process.user NOT IN ('system user', 'event_scheduler')
      AND process.seconds > IF(process.command = 'Sleep', v_idle_seconds, v_statement_seconds)
      AND NOT EXISTS (
        SELECT 1 FROM mysql.user AS named
        WHERE named.User <> '' AND CONVERT(named.User USING utf8mb4) = CONVERT(process.user USING utf8mb4)
          AND CONVERT(process.host USING utf8mb4) LIKE CONVERT(named.Host USING utf8mb4));
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = TRUE;
  -- Gone by itself in the meantime.
  DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;
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
  DECLARE v_rows INT DEFAULT 1;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET timestamp = DEFAULT;
  each_account: LOOP
    SET v_account = NULL;
    START TRANSACTION;
    SELECT id INTO v_account FROM account WHERE deleted_time < UTC_TIMESTAMP(3) - INTERVAL 7 DAY LIMIT 1 FOR UPDATE;
    IF v_account IS NULL THEN COMMIT; LEAVE each_account; END IF;
    DELETE FROM record WHERE account_id = v_account;
    DELETE FROM applied WHERE account_id = v_account;
    DELETE FROM login_session WHERE account_id = v_account;
    DELETE FROM account WHERE id = v_account;
    COMMIT;
  END LOOP;
  SET v_rows = 1;
  WHILE v_rows > 0 DO
    DELETE FROM applied WHERE applied_time < UTC_TIMESTAMP(3) - INTERVAL 90 DAY LIMIT 5000;
    SET v_rows = ROW_COUNT();
    COMMIT;
  END WHILE;
  DELETE FROM login_session WHERE expiry_time < UTC_TIMESTAMP(3);
  -- A row that blocks nothing any more. After a day without a try the five free ones are back.
  DELETE FROM login_throttle WHERE next_time < UTC_TIMESTAMP(3) - INTERVAL 1 DAY;
  DELETE FROM invitation WHERE expiry_time < UTC_TIMESTAMP(3) - INTERVAL 30 DAY;
  COMMIT;
END
//
