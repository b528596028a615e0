CREATE TABLE projection_checkpoint (
    tenant     TEXT COLLATE "C" NOT NULL,
    projection TEXT COLLATE "C" NOT NULL,
    partition  BIGINT           NOT NULL,
    position   BIGINT,
    revision   BIGINT,
    PRIMARY KEY (tenant, projection, partition)
) WITH (fillfactor = 50);
