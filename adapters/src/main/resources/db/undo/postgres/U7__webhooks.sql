-- The way back from schema 7 to the one before it. Run it with every node stopped, then start the former release.
-- Endpoints of webhooks and subscriptions are lost, with how far each has come: note them down before.
BEGIN;

DROP TABLE webhook_endpoint;
DROP TABLE subscription;

DELETE FROM flyway_schema_history WHERE version = '7';

COMMIT;
