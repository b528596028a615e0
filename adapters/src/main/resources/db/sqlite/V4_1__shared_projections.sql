CREATE TABLE projection_checkpoint (
    tenant     TEXT    NOT NULL,
    projection TEXT    NOT NULL,
    partition  INTEGER NOT NULL,
    position   INTEGER,
    revision   INTEGER,
    PRIMARY KEY (tenant, projection, partition)
) WITHOUT ROWID;
