-- A file as an earlier version made it, which knew nothing of phone numbers in searches, with one
-- person who is indexed.
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE IF NOT EXISTS sales (
    person TEXT NOT NULL REFERENCES people (id),
    year INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (person, year)
) STRICT;

CREATE TABLE IF NOT EXISTS orders (
    person TEXT NOT NULL REFERENCES people (id),
    ordered_at INTEGER NOT NULL, -- Unix seconds
    title TEXT NOT NULL,
    cents INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    written_at INTEGER NOT NULL, -- Unix seconds
    text TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS notifications (
    hook_id TEXT NOT NULL,
    hash TEXT NOT NULL, -- of the body
    body BLOB NOT NULL,
    received_at INTEGER NOT NULL, -- Unix seconds
    PRIMARY KEY (hook_id, hash)
) STRICT;

ALTER TABLE people ADD COLUMN crm_url TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN handle TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN link TEXT;

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
    email TEXT NOT NULL
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
CREATE TABLE IF NOT EXISTS unindexed (id INTEGER PRIMARY KEY, person, name, email);

-- As which version of the server folds them: another one may find less.
CREATE TABLE IF NOT EXISTS folding (version INTEGER PRIMARY KEY);

CREATE TRIGGER IF NOT EXISTS person_to_be_replaced BEFORE INSERT ON people BEGIN
    INSERT INTO unindexed (person, name, email)
        SELECT id, name, email FROM people WHERE id = NEW.id;
END;
CREATE TRIGGER IF NOT EXISTS person_inserted AFTER INSERT ON people BEGIN
    INSERT INTO unindexed (person) VALUES (NEW.id);
END;
CREATE TRIGGER IF NOT EXISTS person_updated AFTER UPDATE OF id, name, email ON people BEGIN
    INSERT INTO unindexed (person, name, email) VALUES (OLD.id, OLD.name, OLD.email);
    INSERT INTO unindexed (person) VALUES (NEW.id);
END;
CREATE TRIGGER IF NOT EXISTS person_deleted AFTER DELETE ON people BEGIN
    INSERT INTO unindexed (person, name, email) VALUES (OLD.id, OLD.name, OLD.email);
END;

INSERT INTO folding (version) VALUES (2);
INSERT INTO people (id, name, email, phone) VALUES ('1', 'Anna Red', 'a@example.com', '+44 20 7946 0101');
INSERT INTO notes (person, written_at, text) VALUES ('1', 1762160400, 'From before.');
INSERT INTO notifications (hook_id, hash, body, received_at) VALUES ('a', 'b', x'00', 1);
DELETE FROM unindexed;
INSERT INTO searchable (position, person, name, email) VALUES (256, '1', 'anna red', 'a@example.com');
INSERT INTO searchable_grams (rowid, grams) VALUES
    (256, '.co @ex a a@e amp an ann com d e e.c ed exa le. mpl n na nn nna ple r re red xam');
PRAGMA journal_mode = WAL;
