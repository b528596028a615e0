-- The way back from schema 5.1 to the one before it. Run it with every node stopped, then start the former release and
-- let it fill its list of documents again: cairn projections rebuild documents
BEGIN;

DELETE FROM flyway_schema_history WHERE version = '5.1';

COMMIT;
