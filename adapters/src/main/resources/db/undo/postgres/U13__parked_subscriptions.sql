-- The way back from schema 13 to the one before it. Run it with every node stopped, then start the former release.
-- What subscriptions have put aside is lost, and so are its events for them: retry or skip it before.
BEGIN;

DROP TABLE subscription_parked;

DELETE FROM flyway_schema_history WHERE version = '13';

COMMIT;
