-- The way back from schema 12 to the one before it. Run it with every node stopped, then start the former release.
-- How far a change of the embedding model is gets lost; switch or roll back before.
BEGIN;

DROP TABLE model_refresh;

DELETE FROM flyway_schema_history WHERE version = '12';

COMMIT;
