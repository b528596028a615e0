-- How far the generations of shared projections have come. Until now no feature used the table.
DROP TABLE projection_checkpoint;

CREATE TABLE projection_checkpoint (
    tenant     TEXT COLLATE "C" NOT NULL,
    projection TEXT COLLATE "C" NOT NULL,
    generation BIGINT           NOT NULL,
    partition  BIGINT           NOT NULL,
    position   BIGINT,
    revision   BIGINT,
    PRIMARY KEY (tenant, projection, generation, partition)
) WITH (fillfactor = 50);

CREATE TABLE projection_generation (
    tenant     TEXT COLLATE "C" NOT NULL,
    projection TEXT COLLATE "C" NOT NULL,
    generation BIGINT           NOT NULL,
    place      TEXT COLLATE "C",
    version    BIGINT,
    tables     TEXT COLLATE "C",
    form       TEXT COLLATE "C",
    PRIMARY KEY (tenant, projection, generation)
);
