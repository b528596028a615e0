-- Sagas, with what does not change before what does.
CREATE TABLE saga (
    tenant         TEXT COLLATE "C" NOT NULL,
    id             TEXT COLLATE "C" NOT NULL,
    type           TEXT COLLATE "C",
    correlation    TEXT COLLATE "C",
    status         TEXT COLLATE "C",
    step           TEXT COLLATE "C",
    retries        BIGINT,
    error          TEXT COLLATE "C",
    state_version  BIGINT,
    revision       BIGINT,
    started_at     BIGINT,
    updated_at     BIGINT,
    completed_at   BIGINT,
    actor          TEXT COLLATE "C",
    correlation_id TEXT COLLATE "C",
    subject        TEXT COLLATE "C",
    key_id         TEXT COLLATE "C",
    state          BYTEA,
    PRIMARY KEY (tenant, id)
);

-- The sagas of one status and type, in order of their start.
CREATE TABLE saga_listed (
    tenant     TEXT COLLATE "C" NOT NULL,
    listing    TEXT COLLATE "C" NOT NULL,
    started_at BIGINT           NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, listing, started_at, id)
);
