-- The dense index on pgvector. Applied only where it is chosen; all of it is derived from the log.

-- Each generation is a table of its own, knowledge_base_NUMBER, since vectors of two models may differ in length.
-- A generation has its role among those of its space.
CREATE TABLE knowledge_generation (
    number     INTEGER          GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_of    TEXT COLLATE "C" NOT NULL,
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('current', 'next', 'former')),
    UNIQUE (made_of, role) DEFERRABLE INITIALLY DEFERRED
);

-- How far a generation is in a partition, and how many units it holds from there.
CREATE TABLE knowledge_checkpoint (
    generation INTEGER NOT NULL REFERENCES knowledge_generation ON DELETE CASCADE,
    partition  INTEGER NOT NULL,
    position   BIGINT  NOT NULL,
    units      BIGINT  NOT NULL,
    PRIMARY KEY (generation, partition)
);
