-- The way back from schema 1000 to the one before it. Run it with every node stopped, then start the former release.
BEGIN;

DROP TABLE added;

DELETE FROM flyway_schema_history WHERE version = '1000';

COMMIT;
