-- Push and pull. See routines-account.sql for what all routines have in common.
--
-- Takes a JSON array of operations, each a JSON text of its own in a JSON string: one that is malformed, too deep or
-- too long spoils only itself. An operation is
--   {"op_id", "kind", "id", "clock", "fields": {…}}   sets fields, each unless it was set by a later clock
--   {"op_id", "kind", "id", "clock", "deleted": true} deletes for good; what has it as parent goes along
-- and may name "parent_kind" and "parent_id". Kinds and fields mean nothing here: they are kept as they come. Only a field
-- whose name ends in _time is a number of milliseconds that is a date in JavaScript, or null.
--
-- Answers one row: `results`, a JSON array of [position, state, code, clock] with state applied, already or rejected and
-- the clock only where another one was given; the account's counter before and after; its epoch; the server's time.
CREATE {{owner}} PROCEDURE push_v1(IN p_token LONGBLOB, IN p_ops LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account, v_epoch CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_token_hash BINARY(32);
  DECLARE v_seq, v_seq_before, v_used, v_quota, v_written_before, v_written, v_budget, v_reserved BIGINT;
  DECLARE v_server_ms BIGINT;
  DECLARE v_results LONGTEXT CHARACTER SET utf8mb4 DEFAULT '[';
  DECLARE v_position INT DEFAULT 0;
  DECLARE v_done BOOLEAN DEFAULT FALSE;
  -- The operation.
  DECLARE v_op LONGTEXT CHARACTER SET utf8mb4;
  DECLARE v_document JSON;
  DECLARE v_state, v_code VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_given_clock CHAR(34) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_op_id, v_id, v_parent_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_kind, v_parent_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_clock CHAR(34) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_new_fields LONGTEXT CHARACTER SET utf8mb4;
  DECLARE v_delete, v_found, v_known, v_parent_gone BOOLEAN;
  -- The record as it is kept.
  DECLARE v_fields, v_clocks LONGTEXT CHARACTER SET utf8mb4;
  DECLARE v_base_clock, v_deleted, v_held CHAR(34) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_old_bytes, v_new_bytes, v_children_bytes, v_growth BIGINT;
  -- The field.
  DECLARE v_keys LONGTEXT CHARACTER SET utf8mb4;
  DECLARE v_path VARCHAR(80) CHARACTER SET utf8mb4;
  DECLARE v_key, v_key_count, v_changes INT;
  DECLARE c_ops CURSOR FOR
    SELECT ops.op FROM JSON_TABLE(p_ops, '$[*]' COLUMNS (position FOR ORDINALITY, op LONGTEXT PATH '$')) AS ops
    ORDER BY ops.position;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  IF COALESCE(OCTET_LENGTH(p_ops), 0) NOT BETWEEN 2 AND 1048576 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30009, MESSAGE_TEXT = 'E_BATCH';
  END IF;
  BEGIN
    -- MySQL does not say that JSON which is nested too deep is not valid, but fails.
    DECLARE EXIT HANDLER FOR 3157 SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30009, MESSAGE_TEXT = 'E_BATCH';
    IF NOT JSON_VALID(p_ops) THEN
      SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30009, MESSAGE_TEXT = 'E_BATCH';
    END IF;
  END;
  IF JSON_TYPE(p_ops) <> 'ARRAY' OR JSON_LENGTH(p_ops) > 500 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30009, MESSAGE_TEXT = 'E_BATCH';
  END IF;

  -- The session is looked up in a transaction of its own: the next one must first read after it has the lock, or it
  -- would not see what another push of this account has just committed.
  SET v_token_hash = UNHEX(SHA2(p_token, 256));
  START TRANSACTION;
  CALL open_session(v_token_hash, v_account);
  COMMIT;
  START TRANSACTION;
  -- More than the operations can come to: names of fields get clocks, and MySQL writes JSON in its own way.
  SET v_reserved = 10 * OCTET_LENGTH(p_ops) + 400 * JSON_LENGTH(p_ops);
  CALL spend(v_account, v_reserved);
  -- GUARANTEE: one push at a time per account; numbers are visible in their order. (A cursor by AUTO_INCREMENT or by
  -- timestamps loses rows: a number is drawn before its row is committed.)
  SELECT seq, seq, used_bytes, written_bytes - v_reserved, epoch
    INTO v_seq, v_seq_before, v_used, v_written_before, v_epoch
    FROM account WHERE id = v_account AND deleted_time IS NULL FOR UPDATE;
  IF v_seq IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = 'E_SESSION';
  END IF;
  SELECT account_quota_bytes, written_bytes_per_hour INTO v_quota, v_budget FROM store;
  -- GUARANTEE: numbers and bytes are counted before they are used. Whoever commits a half that was interrupted has
  -- numbers that are nobody's, and less room.
  UPDATE account SET seq = v_seq + JSON_LENGTH(p_ops), used_bytes = v_used + v_reserved WHERE id = v_account;
  -- The account's row is written for whatever comes, or for nothing at all.
  SET v_written = v_written_before + 3000;
  SET v_server_ms = TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), UTC_TIMESTAMP(3)) DIV 1000;

  OPEN c_ops;
  each_op: LOOP
    BEGIN
      DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = TRUE;
      SET v_op = NULL;
      FETCH c_ops INTO v_op;
    END;
    IF v_done THEN LEAVE each_op; END IF;
    SET v_position = v_position + 1, v_state = 'rejected', v_code = 'malformed', v_given_clock = NULL;

    one_op: BEGIN
      -- GUARANTEE: what cannot be read or kept rejects itself and nothing else. (Errors of data only: a deadlock or a
      -- lost lock has undone the whole transaction, and must end it.)
      DECLARE EXIT HANDLER FOR 1264, 1292, 1366, 1406, 3140, 3141, 3143, 3144, 3146, 3147, 3150, 3151, 3156, 3157, 4036, 4037, 4038
        BEGIN ROLLBACK TO SAVEPOINT before_op; SET v_state = 'rejected', v_code = 'malformed'; END;
      SAVEPOINT before_op;
      IF OCTET_LENGTH(v_op) > 262144 THEN SET v_code = 'too-large'; LEAVE one_op; END IF;
      IF v_op IS NULL OR NOT JSON_VALID(v_op) OR NOT {{is_strict_json}} THEN LEAVE one_op; END IF;
      {{read_document}}
      -- Of what is no object there is none of these. (The types of the variables bound the lengths.)
      SET v_op_id = JSON_VALUE({{document}}, '$.op_id'),
          v_kind = JSON_VALUE({{document}}, '$.kind'),
          v_id = JSON_VALUE({{document}}, '$.id'),
          v_clock = JSON_VALUE({{document}}, '$.clock'),
          v_parent_kind = JSON_VALUE({{document}}, '$.parent_kind'),
          v_parent_id = JSON_VALUE({{document}}, '$.parent_id'),
          v_delete = LOCATE('"deleted"', v_op) > 0 AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT({{document}}, '$.deleted')) = 'true', FALSE),
          v_new_fields = JSON_EXTRACT({{document}}, '$.fields'),
          v_keys = JSON_KEYS({{document}}, '$.fields');
      -- All of them at once, because each regular expression is compiled anew for each operation, and costs as much as
      -- reading a row. There are always seven, only the last may hold a bracket, and none of the letters of the others is
      -- the blank between them: so none can pass for two. Names of fields are put into JSON paths below, so they hold
      -- nothing that means something there.
      IF (v_parent_kind IS NULL) <> (v_parent_id IS NULL)
        OR CONCAT_WS(' ', COALESCE(v_clock, ''), COALESCE(v_op_id, ''), COALESCE(v_id, ''), COALESCE(v_parent_id, 'x'),
          COALESCE(v_kind, ''), COALESCE(v_parent_kind, 'x'), IF(v_delete, '["x"]', COALESCE(v_keys, '')))
          NOT REGEXP '\\A[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{16} (?:[A-Za-z0-9_.:-]++ ){3}(?:[a-z][a-z0-9_-]*+ ){2}\\[(?:"[A-Za-z][A-Za-z0-9_]{0,63}+"(?:, ?)?)++\\]\\z' THEN
        LEAVE one_op;
      END IF;
      -- (Only a name is followed by a colon; a quotation mark within a text comes after a backslash.)
      IF NOT v_delete AND (JSON_LENGTH(v_keys) > 64 OR v_keys LIKE '%\\_time"%'
        AND v_new_fields REGEXP '_time"\\s*+:\\s*+(?!(?:null|-?(?:(?:\\d{1,15}|[0-7]\\d{15}|8(?:[0-5]\\d{14}|6[0-3]\\d{13}))(?:\\.\\d+)?|8640{13}(?:\\.0+)?))\\s*+(?:,|\\}))') THEN
        LEAVE one_op;
      END IF;

      -- GUARANTEE: each operation is applied once, however often it is sent.
      SET v_known = FALSE;
      SELECT TRUE, clock INTO v_known, v_given_clock FROM applied WHERE account_id = v_account AND op_id = v_op_id;
      IF v_known THEN
        SET v_state = 'already', v_code = NULL;
        LEAVE one_op;
      END IF;

      -- GUARANTEE: nobody wins for ever. A clock more than 5 minutes ahead is brought back to just beyond that; the
      -- position keeps the order of several. (Not to the server's time: what the same machine stamped before, a little
      -- ahead and without objection, would then be later than what it wrote after it.)
      IF CONV(LEFT(v_clock, 12), 16, 10) > v_server_ms + 300000 THEN
        SET v_clock = CONCAT(LPAD(LOWER(HEX(v_server_ms + 300001)), 12, '0'), '-', LPAD(LOWER(HEX(v_position)), 4, '0'), RIGHT(v_clock, 17)),
            v_given_clock = v_clock;
      END IF;

      SET v_found = FALSE, v_fields = '{}', v_clocks = '{}', v_base_clock = v_clock, v_deleted = NULL, v_old_bytes = 0,
          v_children_bytes = 0, v_parent_gone = FALSE, v_changes = 0;
      SELECT TRUE, fields, clocks, clock, deleted, OCTET_LENGTH(fields) + OCTET_LENGTH(clocks) + 200
        INTO v_found, v_fields, v_clocks, v_base_clock, v_deleted, v_old_bytes
        FROM record WHERE account_id = v_account AND kind = v_kind AND id = v_id;
      IF v_parent_id IS NOT NULL THEN
        SELECT TRUE INTO v_parent_gone FROM record
          WHERE account_id = v_account AND kind = v_parent_kind AND id = v_parent_id AND deleted IS NOT NULL;
      END IF;

      -- GUARANTEE: a deletion wins over whatever else is done to a record, or to what belongs to it, before or after.
      IF v_deleted IS NOT NULL THEN
        SET v_changes = 0;
      ELSEIF v_delete OR v_parent_gone THEN
        SET v_fields = '{}', v_clocks = '{}', v_base_clock = v_clock, v_deleted = v_clock, v_changes = 1;
      ELSEIF NOT v_found THEN
        SET v_fields = v_new_fields, v_changes = 1;
      ELSE
        -- GUARANTEE: of two values of a field the one with the later clock stays, in whatever order they come.
        SET v_key = 0, v_key_count = JSON_LENGTH(v_keys);
        WHILE v_key < v_key_count DO
          SET v_path = CONCAT('$.', JSON_UNQUOTE(JSON_EXTRACT(v_keys, CONCAT('$[', v_key, ']')))),
              v_held = JSON_UNQUOTE(JSON_EXTRACT(v_clocks, v_path));
          IF v_held IS NULL AND JSON_CONTAINS_PATH(v_fields, 'one', v_path) THEN SET v_held = v_base_clock; END IF;
          IF v_held IS NULL OR v_clock >= v_held THEN
            SET v_fields = JSON_SET(v_fields, v_path, JSON_EXTRACT(v_new_fields, v_path)),
                v_clocks = JSON_SET(v_clocks, v_path, v_clock),
                v_changes = v_changes + 1;
          END IF;
          SET v_key = v_key + 1;
        END WHILE;
      END IF;

      SET v_new_bytes = IF(v_changes > 0, OCTET_LENGTH(v_fields) + OCTET_LENGTH(v_clocks) + 200, v_old_bytes);
      IF v_new_bytes > 524288 THEN SET v_given_clock = NULL, v_code = 'too-large'; LEAVE one_op; END IF;
      -- The operation's id is kept, too: 100 bytes until it is purged. Full or not, what is there can be deleted.
      SET v_growth = v_new_bytes - v_old_bytes + 100;
      IF v_growth > 0 AND v_used + v_growth > v_quota AND NOT (v_delete AND v_found AND v_changes > 0) THEN
        SET v_given_clock = NULL, v_code = 'full';
        LEAVE one_op;
      END IF;
      IF v_changes > 0 THEN
        IF v_found THEN
          UPDATE record
            SET seq = v_seq + 1, fields = v_fields, clocks = v_clocks, clock = v_base_clock, deleted = v_deleted,
                parent_kind = COALESCE(v_parent_kind, parent_kind), parent_id = COALESCE(v_parent_id, parent_id)
            WHERE account_id = v_account AND kind = v_kind AND id = v_id;
        ELSE
          INSERT INTO record (account_id, kind, id, seq, parent_kind, parent_id, fields, clock, clocks, deleted)
            VALUES (v_account, v_kind, v_id, v_seq + 1, v_parent_kind, v_parent_id, v_fields, v_base_clock, v_clocks, v_deleted);
        END IF;
        IF v_delete THEN
          -- The words of what belongs to it go at once. No new numbers: apps hear of it by the parent's deletion.
          SELECT COALESCE(SUM(OCTET_LENGTH(fields) + OCTET_LENGTH(clocks) - 4), 0) INTO v_children_bytes FROM record
            WHERE account_id = v_account AND parent_kind = v_kind AND parent_id = v_id AND deleted IS NULL;
          UPDATE record SET fields = '{}', clocks = '{}', clock = v_clock, deleted = v_clock
            WHERE account_id = v_account AND parent_kind = v_kind AND parent_id = v_id AND deleted IS NULL;
        END IF;
        SET v_seq = v_seq + 1;
      END IF;
      SET v_used = v_used + v_growth - v_children_bytes,
          v_written = v_written + 300 + IF(v_changes > 0, v_old_bytes + v_new_bytes + v_children_bytes, 0);
      INSERT INTO applied (account_id, op_id, clock, applied_time) VALUES (v_account, v_op_id, v_given_clock, UTC_TIMESTAMP(3));
      SET v_state = 'applied', v_code = NULL;
    END one_op;
    IF v_written > v_budget THEN LEAVE each_op; END IF;

    SET v_results = CONCAT(v_results, IF(v_position = 1, '', ','), '[', v_position - 1, ',"', v_state, '",',
      IF(v_code IS NULL, 'null', CONCAT('"', v_code, '"')), ',',
      IF(v_given_clock IS NULL, 'null', CONCAT('"', v_given_clock, '"')), ']');
  END LOOP;
  CLOSE c_ops;
  IF v_written > v_budget THEN
    -- Nothing of this batch is kept, and the hour's bytes are used up.
    ROLLBACK;
    START TRANSACTION;
    CALL spend(v_account, v_budget);
    COMMIT;
    START TRANSACTION;
    CALL spend(v_account, 0);
  END IF;
  UPDATE account SET seq = v_seq, used_bytes = v_used, written_bytes = v_written WHERE id = v_account;
  COMMIT;
  SELECT CONCAT(v_results, ']') AS results, v_seq_before AS seq_before, v_seq AS seq, v_epoch AS epoch,
    v_server_ms AS server_time_ms;
  COMMIT;
END
//
-- The records that changed after `p_since`, at most `p_limit` and about 4 MiB; then a row of the account's epoch and
-- counter and the server's time. No records where the caller's epoch is not the account's: it has to begin at 0.
CREATE {{owner}} PROCEDURE pull_v1(IN p_token LONGBLOB, IN p_epoch LONGTEXT CHARACTER SET utf8mb4,
  IN p_since LONGTEXT CHARACTER SET utf8mb4, IN p_limit LONGTEXT CHARACTER SET utf8mb4)
  SQL SECURITY DEFINER COMMENT '{{stamp}}'
BEGIN
  DECLARE v_account, v_epoch CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_since, v_seq, v_upto BIGINT UNSIGNED DEFAULT 0;
  DECLARE v_limit INT UNSIGNED;
  DECLARE v_token_hash BINARY(32);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL begin_call();
  IF COALESCE(p_since REGEXP '\\A[0-9]{1,18}\\z', 0) = 0 OR COALESCE(p_limit REGEXP '\\A[0-9]{1,4}\\z', 0) = 0
    OR COALESCE(p_epoch REGEXP '\\A[0-9a-f-]{0,36}\\z', 1) = 0 THEN
    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'E_ARGUMENT';
  END IF;
  SET v_since = CAST(p_since AS UNSIGNED), v_limit = LEAST(GREATEST(CAST(p_limit AS UNSIGNED), 1), 1000);
  SET v_token_hash = UNHEX(SHA2(p_token, 256));
  START TRANSACTION;
  CALL open_session(v_token_hash, v_account);
  COMMIT;
  START TRANSACTION;
  SELECT seq, epoch INTO v_seq, v_epoch FROM account WHERE id = v_account;
  IF v_since > v_seq THEN
    -- GUARANTEE: a store that lost changes (it was restored from a backup, and nobody said so) is noticed by the first
    -- app that is ahead of it, and every app of this account reads anew.
    CALL spend(v_account, 1000);
    UPDATE account SET epoch = UUID() WHERE id = v_account AND seq < v_since AND epoch = CONVERT(p_epoch USING ascii);
    COMMIT;
    START TRANSACTION;
    SELECT seq, epoch INTO v_seq, v_epoch FROM account WHERE id = v_account;
  END IF;
  IF COALESCE(p_epoch, '') NOT IN ('', CONVERT(v_epoch USING utf8mb4)) THEN SET v_since = v_seq; END IF;
  SELECT COALESCE(MAX(page.seq), v_since) INTO v_upto FROM (
    SELECT sized.seq, SUM(sized.bytes) OVER (ORDER BY sized.seq) - sized.bytes AS bytes_before FROM (
      SELECT seq, OCTET_LENGTH(fields) + OCTET_LENGTH(clocks) AS bytes FROM record
        WHERE account_id = v_account AND seq > v_since ORDER BY seq LIMIT v_limit) AS sized) AS page
    WHERE page.bytes_before < 4194304;
  SELECT kind, id, seq, parent_kind, parent_id, fields, clock, clocks, deleted FROM record
    WHERE account_id = v_account AND seq > v_since AND seq <= v_upto ORDER BY seq;
  COMMIT;
  SELECT v_epoch AS epoch, v_seq AS seq,
    TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('1970-01-01'), UTC_TIMESTAMP(3)) DIV 1000 AS server_time_ms;
  COMMIT;
END
//
