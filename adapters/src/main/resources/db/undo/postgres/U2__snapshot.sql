-- The way back from schema 2 to the one before it. Run it with every node stopped, then start the former release.
BEGIN;

-- Snapshots are made again from the log.
DROP TABLE snapshot;

DELETE FROM flyway_schema_history WHERE version = '2';

COMMIT;
