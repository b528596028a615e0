-- The last change of the model of the dense index, under way or ended.
CREATE TABLE model_refresh (
    tenant      TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    revision    BIGINT,
    phase       TEXT COLLATE "C",
    made_before TEXT COLLATE "C",
    made_after  TEXT COLLATE "C",
    paused      BIGINT,
    accepted    BIGINT,
    done        BIGINT,
    total       BIGINT,
    reason      TEXT COLLATE "C",
    comparison  TEXT COLLATE "C",
    started_by  TEXT COLLATE "C",
    started_at  BIGINT,
    changed_at  BIGINT,
    PRIMARY KEY (tenant, name)
);
