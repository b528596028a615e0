CREATE TABLE lease (
    tenant    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    partition INTEGER NOT NULL,
    holder    TEXT,
    token     INTEGER,
    PRIMARY KEY (tenant, name, partition)
) WITHOUT ROWID;

CREATE TABLE cluster_node (
    tenant       TEXT NOT NULL,
    node         TEXT NOT NULL,
    beat         INTEGER,
    competes_for TEXT,
    PRIMARY KEY (tenant, node)
) WITHOUT ROWID;
