-- The version of the folding in `searchable`.
CREATE TABLE folding (version integer PRIMARY KEY);

CREATE OR REPLACE FUNCTION note_unindexed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE searchable, unindexed;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO unindexed (person) SELECT id FROM former;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO unindexed (person) SELECT id FROM present;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER people_truncated AFTER TRUNCATE ON people
    FOR EACH STATEMENT EXECUTE FUNCTION note_unindexed();
-- It runs as its owner, and so only with the tables of this schema: triggers of temporary tables of
-- the same names could do whatever the owner may.
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION note_unindexed() SET search_path = %I, pg_temp', current_schema());
END $$;
