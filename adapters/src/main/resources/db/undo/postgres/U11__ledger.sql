-- The way back from schema 11 to the one before it. Run it with every node stopped, then start the former release.
-- What models were used for and what was spent of budgets is lost: note the figures before.
BEGIN;

DROP TABLE model_usage;
DROP TABLE model_budget;
DROP TABLE model_budget_slice;

DELETE FROM flyway_schema_history WHERE version = '11';

COMMIT;
