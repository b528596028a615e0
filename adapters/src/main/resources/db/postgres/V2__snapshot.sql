CREATE TABLE snapshot (
    tenant         TEXT COLLATE "C" NOT NULL,
    stream_type    TEXT COLLATE "C" NOT NULL,
    stream_id      TEXT COLLATE "C" NOT NULL,
    schema_version BIGINT           NOT NULL,
    version        BIGINT,
    event_id       TEXT COLLATE "C",
    keys           TEXT COLLATE "C",
    sealed         BYTEA,
    PRIMARY KEY (tenant, stream_type, stream_id, schema_version)
);

-- As with payloads: sealed bytes cannot be compressed.
ALTER TABLE snapshot ALTER COLUMN sealed SET STORAGE EXTERNAL;
