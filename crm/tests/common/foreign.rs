//! A database that another program made.

use rusqlite::Connection;

use super::folder::Folder;

/// A file with tables that another program made, and `sql` in it.
pub fn foreign_file(folder: &Folder, sql: &str) -> String {
    let file = folder.file("people.db");
    let connection = Connection::open(&file).unwrap();
    let tables = "CREATE TABLE people (id, name, email);
        CREATE TABLE notes (person, written_at, text);
        CREATE TABLE sales (person, year, cents);
        CREATE TABLE orders (person, ordered_at, title, cents);";
    connection.execute_batch(tables).unwrap();
    connection.execute_batch(sql).unwrap();
    file
}
