-- The way back from schema 5 to the one before it. Run it with every node stopped, then start the former release.
BEGIN;

-- Whoever comes forward again builds the shared projections anew: their tables have to go first, since they are known no
-- more.
DO $$
DECLARE
    generation RECORD;
    made TEXT;
BEGIN
    FOR generation IN SELECT place, tables FROM projection_generation WHERE place <> 'GONE' LOOP
        FOREACH made IN ARRAY string_to_array(generation.tables, ',') LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I', made || CASE generation.place
                WHEN 'NEXT' THEN '__next' WHEN 'FORMER' THEN '__former' ELSE '' END);
        END LOOP;
    END LOOP;
END $$;

DROP TABLE projection_generation;
DROP TABLE projection_checkpoint;

CREATE TABLE projection_checkpoint (
    tenant     TEXT COLLATE "C" NOT NULL,
    projection TEXT COLLATE "C" NOT NULL,
    partition  BIGINT           NOT NULL,
    position   BIGINT,
    revision   BIGINT,
    PRIMARY KEY (tenant, projection, partition)
) WITH (fillfactor = 50);

DELETE FROM flyway_schema_history WHERE version = '5';

COMMIT;
