-- The way back from schema 4.1 to the one before it. Run it with every node stopped, then start the former release.
BEGIN;

-- Whoever comes forward again rebuilds the shared projections: their tables stay, how far they were is forgotten.
DROP TABLE projection_checkpoint;

DELETE FROM flyway_schema_history WHERE version = '4.1';

COMMIT;
