-- The way back from schema 14 to the one before it. Run it with every node stopped, then start the former release.
-- What a change of the embedding model was thought to take, and what it has taken, gets lost. A change that is under
-- way in a phase that the former release does not know is gone, too; its vectors are kept.
BEGIN;

DELETE FROM model_refresh WHERE phase IN ('estimating', 'estimated');
ALTER TABLE model_refresh DROP COLUMN estimate_only;
ALTER TABLE model_refresh DROP COLUMN estimate;
ALTER TABLE model_refresh DROP COLUMN tokens;

DELETE FROM flyway_schema_history WHERE version = '14';

COMMIT;
