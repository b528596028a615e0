CREATE TABLE snapshot (
    tenant         TEXT    NOT NULL,
    stream_type    TEXT    NOT NULL,
    stream_id      TEXT    NOT NULL,
    schema_version INTEGER NOT NULL,
    version        INTEGER,
    event_id       TEXT,
    keys           TEXT,
    sealed         BLOB,
    PRIMARY KEY (tenant, stream_type, stream_id, schema_version)
);
