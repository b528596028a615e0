-- The way back from schema 4 to the one before it. Run it with every node stopped, then start the former release.
BEGIN;

DROP TABLE cluster_node;
DROP TABLE lease;

DELETE FROM flyway_schema_history WHERE version = '4';

COMMIT;
