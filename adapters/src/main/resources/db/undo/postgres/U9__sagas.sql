-- The way back from schema 9 to the one before it. Run it with every node stopped, then start the former release.
-- Sagas are lost, with what they have still to do or undo: let them end before.
BEGIN;

DROP TABLE saga;
DROP TABLE saga_listed;

DELETE FROM flyway_schema_history WHERE version = '9';

COMMIT;
