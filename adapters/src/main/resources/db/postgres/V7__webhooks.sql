-- Other servers that are told of events, with what does not change before what does.
CREATE TABLE webhook_endpoint (
    tenant        TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    url           TEXT COLLATE "C",
    pattern       TEXT COLLATE "C",
    conditions    TEXT COLLATE "C",
    status        TEXT COLLATE "C",
    reason        TEXT COLLATE "C",
    epoch         TEXT COLLATE "C",
    position      BIGINT,
    failing_since BIGINT,
    created_at    BIGINT,
    key_id        TEXT COLLATE "C",
    secrets       BYTEA,
    PRIMARY KEY (tenant, id)
);

-- Readers that fetch events, with how far each has come.
CREATE TABLE subscription (
    tenant          TEXT COLLATE "C" NOT NULL,
    name            TEXT COLLATE "C" NOT NULL,
    pattern         TEXT COLLATE "C",
    epoch           TEXT COLLATE "C",
    position        BIGINT,
    created_at      BIGINT,
    acknowledged_at BIGINT,
    PRIMARY KEY (tenant, name)
);
