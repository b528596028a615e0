-- The way back from schema 8 to the one before it. Run it with every node stopped, then start the former release.
-- How far reactions have come is kept elsewhere too; streams that they have put aside are lost, so retry them before.
BEGIN;

DROP TABLE reaction_mark;
DROP TABLE reaction_parked;

DELETE FROM flyway_schema_history WHERE version = '8';

COMMIT;
