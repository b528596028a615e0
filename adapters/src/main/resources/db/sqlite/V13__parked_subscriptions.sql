-- Streams of which a subscription's reader could not deal with an event.
CREATE TABLE subscription_parked (
    tenant     TEXT NOT NULL,
    name       TEXT NOT NULL,
    key        TEXT NOT NULL,
    version    INTEGER,
    event_id   TEXT   ,
    event_type TEXT   ,
    error      TEXT   ,
    attempts   INTEGER,
    parked_at  INTEGER,
    retried_at INTEGER,
    PRIMARY KEY (tenant, name, key)
) WITHOUT ROWID;
