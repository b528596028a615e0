-- Text compares by its bytes, as in SQLite: the order of keys is part of the contract.

CREATE TABLE log_identity (
    epoch      TEXT COLLATE "C" NOT NULL,
    genesis    BYTEA            NOT NULL,
    created_at BIGINT           NOT NULL
);

CREATE TABLE partition_head (
    partition   INTEGER PRIMARY KEY,
    position    BIGINT  NOT NULL,
    chain       BYTEA   NOT NULL,
    recorded_at BIGINT  NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE event (
    partition      INTEGER          NOT NULL,
    position       BIGINT           NOT NULL,
    tenant         TEXT COLLATE "C" NOT NULL,
    stream_type    TEXT COLLATE "C" NOT NULL,
    stream_id      TEXT COLLATE "C" NOT NULL,
    version        BIGINT           NOT NULL,
    event_id       BYTEA            NOT NULL,
    type           TEXT COLLATE "C" NOT NULL,
    schema_version INTEGER          NOT NULL,
    subject        TEXT COLLATE "C" NOT NULL,
    key_id         BYTEA            NOT NULL,
    metadata       BYTEA            NOT NULL,
    payload        BYTEA            NOT NULL,
    recorded_at    BIGINT           NOT NULL,
    occurred_at    BIGINT           NOT NULL,
    digest         BYTEA            NOT NULL,
    chain          BYTEA            NOT NULL,
    PRIMARY KEY (partition, position)
);

-- Sealed bytes cannot be compressed, so no time is spent on trying.
ALTER TABLE event ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX event_id ON event (tenant, event_id);

CREATE UNIQUE INDEX event_stream ON event (tenant, stream_type, stream_id, version);

CREATE TABLE subject_key (
    tenant     TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    key_id     TEXT COLLATE "C" NOT NULL,
    wrapped    BYTEA,
    created_at BIGINT,
    PRIMARY KEY (tenant, subject, key_id)
);

CREATE TABLE blob (
    tenant  TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    part    BIGINT           NOT NULL,
    subject TEXT COLLATE "C",
    key_id  TEXT COLLATE "C",
    sealed  BYTEA,
    PRIMARY KEY (tenant, address, part)
);

CREATE TABLE blob_unfinished (
    tenant  TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    since   BIGINT,
    PRIMARY KEY (tenant, address)
);

ALTER TABLE blob ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE conversation (
    tenant        TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT,
    updated_at    BIGINT,
    last_sequence BIGINT,
    position      BIGINT,
    deleted_at    BIGINT,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE document (
    tenant      TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    version     BIGINT,
    fingerprint TEXT COLLATE "C",
    detail      TEXT COLLATE "C",
    created_at  BIGINT,
    updated_at  BIGINT,
    position    BIGINT,
    deleted_at  BIGINT,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE document_content (
    tenant      TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    document    TEXT COLLATE "C",
    PRIMARY KEY (tenant, fingerprint)
);

CREATE TABLE parked (
    tenant     TEXT COLLATE "C" NOT NULL,
    projection TEXT COLLATE "C" NOT NULL,
    generation BIGINT           NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    version    BIGINT,
    event_id   TEXT COLLATE "C",
    event_type TEXT COLLATE "C",
    error      TEXT COLLATE "C",
    attempts   BIGINT,
    parked_at  BIGINT,
    PRIMARY KEY (tenant, projection, generation, key)
);

CREATE TABLE skipped (
    tenant       TEXT COLLATE "C" NOT NULL,
    projection   TEXT COLLATE "C" NOT NULL,
    key          TEXT COLLATE "C" NOT NULL,
    from_version BIGINT           NOT NULL,
    to_version   BIGINT,
    skipped_by   TEXT COLLATE "C",
    skipped_at   BIGINT,
    PRIMARY KEY (tenant, projection, key, from_version)
);

-- Not called vector, which is the name of pgvector's type.
CREATE TABLE embedding_shelf (
    id          BIGINT           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant      TEXT COLLATE "C" NOT NULL,
    model       TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    dimensions  INTEGER          NOT NULL,
    normalised  BOOLEAN          NOT NULL,
    sweeps      BIGINT           NOT NULL DEFAULT 0,
    UNIQUE (tenant, model, fingerprint, dimensions, normalised)
);

CREATE TABLE embedding (
    shelf BIGINT NOT NULL,
    key   BYTEA  NOT NULL,
    sweep BIGINT NOT NULL,
    value BYTEA  NOT NULL,
    PRIMARY KEY (shelf, key)
);

ALTER TABLE embedding ALTER COLUMN value SET STORAGE EXTERNAL;
