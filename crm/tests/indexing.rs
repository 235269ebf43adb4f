//! The index of a database file, beside other programs that write to it.

mod common;

use std::{thread, time::Duration};

use common::{folder::Folder, server::Server};
use rusqlite::{Connection, ErrorCode};

/// Such as the `sqlite3` shell, unless it is told otherwise.
#[test]
fn programs_that_do_not_wait_for_a_lock_can_write_while_an_import_is_indexed() {
    let folder = Folder::new("beside");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
    let connection = Connection::open(&file).unwrap();
    connection.busy_timeout(Duration::from_secs(60)).unwrap();
    connection
        .execute_batch(
            "INSERT INTO people (id, name, email) SELECT value, 'Name ' || value, value || '@example.com'
             FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 200000) SELECT value FROM n)",
        )
        .unwrap();
    let locked = (0..200_u32)
        .filter(|number| {
            // Not in step with the indexer, whatever its pace.
            thread::sleep(Duration::from_millis(u64::from(3 + number % 7)));
            let other = Connection::open(&file).unwrap();
            other.busy_timeout(Duration::ZERO).unwrap();
            let insert = "INSERT INTO people (id, name) VALUES ('other ' || ?1, 'Anna')";
            match other.execute(insert, [number]) {
                Ok(_) => false,
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => true,
                Err(error) => panic!("{error}"),
            }
        })
        .count();
    let left = |connection: &Connection| {
        connection.query_one("SELECT count(*) FROM changed", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    println!("{locked} of 200 found it locked; {} are left to be indexed", left(&connection));
    assert!(left(&connection) > 0, "there was nothing to leave room for");
    assert!(locked <= 20, "{locked} of 200");
    drop(server);
}
