-- How far the generations of shared projections have come. Until now no feature used the table.
DROP TABLE projection_checkpoint;

CREATE TABLE projection_checkpoint (
    tenant     TEXT    NOT NULL,
    projection TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    partition  INTEGER NOT NULL,
    position   INTEGER,
    revision   INTEGER,
    PRIMARY KEY (tenant, projection, generation, partition)
) WITHOUT ROWID;

CREATE TABLE projection_generation (
    tenant     TEXT    NOT NULL,
    projection TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    place      TEXT,
    version    INTEGER,
    tables     TEXT,
    form       TEXT,
    PRIMARY KEY (tenant, projection, generation)
) WITHOUT ROWID;
