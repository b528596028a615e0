-- The last event of each tenant that a reaction is through with: state, since what the reaction did is state.
CREATE TABLE reaction_mark (
    tenant      TEXT COLLATE "C" NOT NULL,
    reaction    TEXT COLLATE "C" NOT NULL,
    epoch       TEXT COLLATE "C",
    event_id    TEXT COLLATE "C",
    recorded_at BIGINT,
    PRIMARY KEY (tenant, reaction)
);

-- Streams that a reaction has put aside, likewise.
CREATE TABLE reaction_parked (
    tenant     TEXT COLLATE "C" NOT NULL,
    projection TEXT COLLATE "C" NOT NULL,
    generation BIGINT           NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    version    BIGINT,
    event_id   TEXT COLLATE "C",
    event_type TEXT COLLATE "C",
    error      TEXT COLLATE "C",
    attempts   BIGINT,
    parked_at  BIGINT,
    PRIMARY KEY (tenant, projection, generation, key)
);
