-- Other servers that are told of events, with what does not change before what does.
CREATE TABLE webhook_endpoint (
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    url           TEXT   ,
    pattern       TEXT   ,
    conditions    TEXT   ,
    status        TEXT   ,
    reason        TEXT   ,
    epoch         TEXT   ,
    position      INTEGER,
    failing_since INTEGER,
    created_at    INTEGER,
    key_id        TEXT   ,
    secrets       BLOB,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

-- Readers that fetch events, with how far each has come.
CREATE TABLE subscription (
    tenant          TEXT NOT NULL,
    name            TEXT NOT NULL,
    pattern         TEXT   ,
    epoch           TEXT   ,
    position        INTEGER,
    created_at      INTEGER,
    acknowledged_at INTEGER,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
