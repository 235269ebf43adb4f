-- What searches look at is written by the server, from what triggers note down: a
-- trigger that folded names itself would need the server's own functions, and no other
-- program could write to `people`.

CREATE INDEX IF NOT EXISTS sales_of_person ON sales (person, year);
CREATE INDEX IF NOT EXISTS orders_of_person ON orders (person, ordered_at);
CREATE INDEX IF NOT EXISTS notes_of_person ON notes (person, written_at);
CREATE INDEX IF NOT EXISTS notifications_by_hash ON notifications (hash);
-- The link that a note came by, which stores one note only.
CREATE UNIQUE INDEX IF NOT EXISTS notes_by_link ON notes (link);

-- People as they are searched. A position says only where in the order of names one
-- stands; between two of them there is room for others.
CREATE TABLE IF NOT EXISTS searchable (
    position INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    name TEXT NOT NULL, -- folded, as is the e-mail address
    email TEXT NOT NULL -- and, in a second line, phone numbers as digits
);
CREATE UNIQUE INDEX IF NOT EXISTS searchable_by_name ON searchable (name, person);

-- Which grams (runs of one to three characters) are in whom, by position. FTS5 gives
-- positions in ascending order, so a search can stop at the first fifty. Its trigram
-- tokenizer would know no runs of one and two characters.
CREATE VIRTUAL TABLE IF NOT EXISTS searchable_grams USING fts5 (
    grams, content = '', detail = none, columnsize = 0,
    tokenize = "ascii tokenchars '!""#$%&()*+,-./:;<=>?@[\]^_`{|}~'"
);

-- How many of a sample of people have a gram: those that are rare find somebody soonest.
CREATE TABLE IF NOT EXISTS gram_counts (gram TEXT PRIMARY KEY, people INTEGER NOT NULL) WITHOUT ROWID;

-- Who was written since, and under which name and address a search may still find them.
CREATE TABLE IF NOT EXISTS changed (id INTEGER PRIMARY KEY, person, name, email);

-- What earlier versions call it, which know nothing of phone numbers: they may index whom they
-- find there, and this version does so once more.
CREATE VIEW IF NOT EXISTS unindexed AS SELECT id, person, name, email FROM changed;
CREATE TRIGGER IF NOT EXISTS unindexed_inserted INSTEAD OF INSERT ON unindexed BEGIN
    INSERT INTO changed (person, name, email) VALUES (NEW.person, NEW.name, NEW.email);
END;
CREATE TRIGGER IF NOT EXISTS unindexed_deleted INSTEAD OF DELETE ON unindexed BEGIN
    SELECT NULL;
END;

-- As which version of the server folds them: another one may find less.
CREATE TABLE IF NOT EXISTS folding (version INTEGER PRIMARY KEY);

CREATE TRIGGER IF NOT EXISTS person_to_be_replaced BEFORE INSERT ON people BEGIN
    INSERT INTO changed (person, name, email)
        SELECT id, name, email FROM people WHERE id = NEW.id;
END;
CREATE TRIGGER IF NOT EXISTS person_inserted AFTER INSERT ON people BEGIN
    INSERT INTO changed (person) VALUES (NEW.id);
END;
CREATE TRIGGER IF NOT EXISTS person_updated AFTER UPDATE OF id, name, email, phone ON people BEGIN
    INSERT INTO changed (person, name, email) VALUES (OLD.id, OLD.name, OLD.email);
    INSERT INTO changed (person) VALUES (NEW.id);
END;
CREATE TRIGGER IF NOT EXISTS person_deleted AFTER DELETE ON people BEGIN
    INSERT INTO changed (person, name, email) VALUES (OLD.id, OLD.name, OLD.email);
END;
