-- Sagas, with what does not change before what does.
CREATE TABLE saga (
    tenant         TEXT NOT NULL,
    id             TEXT NOT NULL,
    type           TEXT   ,
    correlation    TEXT   ,
    status         TEXT   ,
    step           TEXT   ,
    retries        INTEGER,
    error          TEXT   ,
    state_version  INTEGER,
    revision       INTEGER,
    started_at     INTEGER,
    updated_at     INTEGER,
    completed_at   INTEGER,
    actor          TEXT   ,
    correlation_id TEXT   ,
    subject        TEXT   ,
    key_id         TEXT   ,
    state          BLOB,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

-- The sagas of one status and type, in order of their start.
CREATE TABLE saga_listed (
    tenant     TEXT    NOT NULL,
    listing    TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    PRIMARY KEY (tenant, listing, started_at, id)
) WITHOUT ROWID;
