-- The last change of the model of the dense index, under way or ended.
CREATE TABLE model_refresh (
    tenant      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    revision    INTEGER,
    phase       TEXT   ,
    made_before TEXT   ,
    made_after  TEXT   ,
    paused      INTEGER,
    accepted    INTEGER,
    done        INTEGER,
    total       INTEGER,
    reason      TEXT   ,
    comparison  TEXT   ,
    started_by  TEXT   ,
    started_at  INTEGER,
    changed_at  INTEGER,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
