CREATE TABLE lease (
    tenant    TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    partition BIGINT           NOT NULL,
    holder    TEXT COLLATE "C",
    token     BIGINT,
    PRIMARY KEY (tenant, name, partition)
);

-- Changed every few seconds by each node.
CREATE TABLE cluster_node (
    tenant       TEXT COLLATE "C" NOT NULL,
    node         TEXT COLLATE "C" NOT NULL,
    beat         BIGINT,
    competes_for TEXT COLLATE "C",
    PRIMARY KEY (tenant, node)
) WITH (fillfactor = 50);
