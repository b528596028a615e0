-- Streams of which a subscription's reader could not deal with an event.
CREATE TABLE subscription_parked (
    tenant     TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    version    BIGINT,
    event_id   TEXT COLLATE "C",
    event_type TEXT COLLATE "C",
    error      TEXT COLLATE "C",
    attempts   BIGINT,
    parked_at  BIGINT,
    retried_at BIGINT,
    PRIMARY KEY (tenant, name, key)
);
