-- Triggers record changes, and the server writes the search index from them: triggers that folded
-- names themselves would need the server's own functions, and then no other program could write to
-- `people`.

CREATE INDEX IF NOT EXISTS sales_of_person ON sales (person, year);
CREATE INDEX IF NOT EXISTS orders_of_person ON orders (person, ordered_at);
CREATE INDEX IF NOT EXISTS notes_of_person ON notes (person, written_at);
CREATE INDEX IF NOT EXISTS notifications_by_hash ON notifications (hash);
-- The link that a note came through, which stores only one note.
CREATE UNIQUE INDEX IF NOT EXISTS notes_by_link ON notes (link);

-- People as they are searched. Positions follow the order of names, with room for others between
-- any two.
CREATE TABLE IF NOT EXISTS searchable (
    position INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    name TEXT NOT NULL, -- folded
    email TEXT NOT NULL -- folded; phone numbers follow as digits, on a second line
);
CREATE UNIQUE INDEX IF NOT EXISTS searchable_by_name ON searchable (name, person);

-- The grams (runs of one to three characters) of each person, by position. FTS5 yields positions in
-- ascending order, so a search can stop after the first fifty. Its own trigram tokenizer does not
-- index runs of one or two characters.
CREATE VIRTUAL TABLE IF NOT EXISTS searchable_grams USING fts5 (
    grams, content = '', detail = none, columnsize = 0,
    tokenize = "ascii tokenchars '!""#$%&()*+,-./:;<=>?@[\]^_`{|}~'"
);

-- How many of a sample of people have a gram: rare grams are looked up first.
CREATE TABLE IF NOT EXISTS gram_counts (gram TEXT PRIMARY KEY, people INTEGER NOT NULL) WITHOUT ROWID;

-- Who has changed since they were indexed, and the name and address that are still in the index.
CREATE TABLE IF NOT EXISTS changed (id INTEGER PRIMARY KEY, person, name, email);

-- The name in earlier versions, which do not index phone numbers: whom they index through it stays
-- recorded here, for this version to index as well.
CREATE VIEW IF NOT EXISTS unindexed AS SELECT id, person, name, email FROM changed;
CREATE TRIGGER IF NOT EXISTS unindexed_inserted INSTEAD OF INSERT ON unindexed BEGIN
    INSERT INTO changed (person, name, email) VALUES (NEW.person, NEW.name, NEW.email);
END;
CREATE TRIGGER IF NOT EXISTS unindexed_deleted INSTEAD OF DELETE ON unindexed BEGIN
    SELECT NULL;
END;

-- The version of the folding in the index: with another one, searches would find less.
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
