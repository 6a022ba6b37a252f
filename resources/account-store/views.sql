-- For the person who runs the server: topics and conversations as BotChat's ancestor had them. Apps cannot see these.
-- What is no time, or none that a column can hold, is NULL.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW topic AS
SELECT
  record.id,
  record.account_id AS user_id,
  account.username,
  NULLIF(JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.theme')), 'null') AS theme,
  NULLIF(JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.context')), 'null') AS context,
  TIMESTAMPADD(MICROSECOND, IF(
    JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.created_time')) REGEXP '\\A-?[0-9]{1,14}(\\.[0-9]+)?\\z',
    JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.created_time')), NULL) * 1000, TIMESTAMP('1970-01-01')) AS created_time,
  record.deleted IS NOT NULL AS deleted,
  record.seq
FROM record JOIN account ON account.id = record.account_id
WHERE record.kind = 'topic'
//
CREATE OR REPLACE SQL SECURITY INVOKER VIEW conversation AS
SELECT
  record.id,
  record.account_id AS user_id,
  account.username,
  record.parent_id AS topic_id,
  TIMESTAMPADD(MICROSECOND, IF(
    JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.created_time')) REGEXP '\\A-?[0-9]{1,14}(\\.[0-9]+)?\\z',
    JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.created_time')), NULL) * 1000, TIMESTAMP('1970-01-01')) AS created_time,
  NULLIF(JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.prompt')), 'null') AS prompt,
  NULLIF(JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.bridge')), 'null') AS bridge,
  NULLIF(JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.response')), 'null') AS response,
  NULLIF(JSON_UNQUOTE(JSON_EXTRACT(record.fields, '$.rung')), 'null') AS rung,
  record.deleted IS NOT NULL AS deleted,
  record.seq
FROM record JOIN account ON account.id = record.account_id
WHERE record.kind = 'conversation'
//
