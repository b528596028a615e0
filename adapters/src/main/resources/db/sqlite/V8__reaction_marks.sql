-- The last event of each tenant that a reaction is through with: state, since what the reaction did is state.
CREATE TABLE reaction_mark (
    tenant      TEXT NOT NULL,
    reaction    TEXT NOT NULL,
    epoch       TEXT   ,
    event_id    TEXT   ,
    recorded_at INTEGER,
    PRIMARY KEY (tenant, reaction)
) WITHOUT ROWID;

-- Streams that a reaction has put aside, likewise.
CREATE TABLE reaction_parked (
    tenant     TEXT    NOT NULL,
    projection TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    key        TEXT    NOT NULL,
    version    INTEGER,
    event_id   TEXT   ,
    event_type TEXT   ,
    error      TEXT   ,
    attempts   INTEGER,
    parked_at  INTEGER,
    PRIMARY KEY (tenant, projection, generation, key)
) WITHOUT ROWID;
