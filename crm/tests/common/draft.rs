//! A file with the tables of an earlier draft of the server.

use rusqlite::Connection;

use super::folder::Folder;

/// The tables as an earlier draft of the server made them.
pub const FORMER_SCHEMA: &str = "
    CREATE TABLE people (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        email TEXT NOT NULL DEFAULT '',
        crm_url TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE sales (
        person TEXT NOT NULL REFERENCES people (id),
        year INTEGER NOT NULL,
        cents INTEGER NOT NULL,
        PRIMARY KEY (person, year)
    ) STRICT;
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        person TEXT NOT NULL REFERENCES people (id),
        written_at INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notes_of_person ON notes (person, written_at);
    CREATE TABLE notifications (
        hook_id TEXT NOT NULL,
        hash TEXT NOT NULL,
        body BLOB NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (hook_id, hash)
    ) STRICT;
    INSERT INTO people VALUES ('1', 'Anna Red', 'anna@example.com', 'https://crm.example/1');
    INSERT INTO people VALUES ('2', 'Émile O''Brien', '', '');
    INSERT INTO sales VALUES ('1', 2025, 248050);
    INSERT INTO notes VALUES (7, '1', 1762160400, 'From before.');
    INSERT INTO notifications VALUES ('6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55', 'a', x'00', 1),
        ('7f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55', 'a', x'00', 2);";

/// A file with these tables and rows.
pub fn file_of(folder: &Folder, name: &str, sql: &str) -> String {
    let file = folder.file(name);
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    file
}
