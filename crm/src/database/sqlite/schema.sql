-- Tables that exist stay as they are. Other programs may write to all of them except those of the
-- search index.

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
