-- The way back from schema 10 to the one before it. Run it with every node stopped, then start the former release.
-- A former release knows no deletions of single messages: it shows their texts again.
BEGIN;

DROP TABLE message_deletion;

ALTER TABLE conversation DROP COLUMN unspoken, DROP COLUMN described;

ALTER TABLE document DROP COLUMN deleted_version;

DELETE FROM flyway_schema_history WHERE version = '10';

COMMIT;
