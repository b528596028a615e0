CREATE TABLE log_identity (
    epoch      TEXT    NOT NULL,
    genesis    BLOB    NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE partition_head (
    partition   INTEGER PRIMARY KEY,
    position    INTEGER NOT NULL,
    chain       BLOB    NOT NULL,
    recorded_at INTEGER NOT NULL
);

CREATE TABLE event (
    partition      INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    tenant         TEXT    NOT NULL,
    stream_type    TEXT    NOT NULL,
    stream_id      TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    event_id       BLOB    NOT NULL,
    type           TEXT    NOT NULL,
    schema_version INTEGER NOT NULL,
    subject        TEXT    NOT NULL,
    key_id         BLOB    NOT NULL,
    metadata       BLOB    NOT NULL,
    payload        BLOB    NOT NULL,
    recorded_at    INTEGER NOT NULL,
    occurred_at    INTEGER NOT NULL,
    digest         BLOB    NOT NULL,
    chain          BLOB    NOT NULL,
    PRIMARY KEY (partition, position)
);

CREATE UNIQUE INDEX event_id ON event (tenant, event_id);

CREATE UNIQUE INDEX event_stream ON event (tenant, stream_type, stream_id, version);

CREATE TABLE subject_key (
    tenant     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    key_id     TEXT    NOT NULL,
    wrapped    BLOB,
    created_at INTEGER,
    PRIMARY KEY (tenant, subject, key_id)
) WITHOUT ROWID;

CREATE TABLE blob (
    tenant  TEXT    NOT NULL,
    address TEXT    NOT NULL,
    part    INTEGER NOT NULL,
    subject TEXT,
    key_id  TEXT,
    sealed  BLOB,
    PRIMARY KEY (tenant, address, part)
);

CREATE TABLE blob_unfinished (
    tenant  TEXT NOT NULL,
    address TEXT NOT NULL,
    since   INTEGER,
    PRIMARY KEY (tenant, address)
) WITHOUT ROWID;

CREATE TABLE conversation (
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    created_at    INTEGER,
    updated_at    INTEGER,
    last_sequence INTEGER,
    position      INTEGER,
    deleted_at    INTEGER,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE document (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    version     INTEGER,
    fingerprint TEXT,
    detail      TEXT,
    created_at  INTEGER,
    updated_at  INTEGER,
    position    INTEGER,
    deleted_at  INTEGER,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE document_content (
    tenant      TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    document    TEXT,
    PRIMARY KEY (tenant, fingerprint)
) WITHOUT ROWID;

CREATE TABLE parked (
    tenant     TEXT    NOT NULL,
    projection TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    key        TEXT    NOT NULL,
    version    INTEGER,
    event_id   TEXT,
    event_type TEXT,
    error      TEXT,
    attempts   INTEGER,
    parked_at  INTEGER,
    PRIMARY KEY (tenant, projection, generation, key)
) WITHOUT ROWID;

CREATE TABLE skipped (
    tenant       TEXT    NOT NULL,
    projection   TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    from_version INTEGER NOT NULL,
    to_version   INTEGER,
    skipped_by   TEXT,
    skipped_at   INTEGER,
    PRIMARY KEY (tenant, projection, key, from_version)
) WITHOUT ROWID;
