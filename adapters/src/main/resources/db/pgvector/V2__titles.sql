-- The title of a passage's document, by which recall filters; passages from before are without until the next rebuild.
DO $$
DECLARE
    base TEXT;
BEGIN
    FOR base IN SELECT 'knowledge_base_' || number FROM knowledge_generation LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS title TEXT COLLATE "C"', base);
        EXECUTE format('CREATE INDEX %I ON %I (tenant, title) WHERE title IS NOT NULL', base || '_title', base);
    END LOOP;
END
$$;
