//! The index of a database file, beside other programs that write to it.

mod common;

use std::{thread, time::Duration};

use common::{folder::Folder, server::Server};
use rusqlite::{Connection, ErrorCode};

/// A server, and how many people are to be indexed by it.
struct Importing {
    file: String,
    connection: Connection,
    _server: Server,
    _folder: Folder,
}

impl Importing {
    fn start(name: &str, people: u32) -> Self {
        let folder = Folder::new(name);
        let file = folder.file("people.db");
        let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
        let connection = Connection::open(&file).unwrap();
        connection.busy_timeout(Duration::from_secs(60)).unwrap();
        connection
            .execute_batch(&format!(
                "INSERT INTO people (id, name, email) SELECT n, 'Name ' || n, n || '@example.com' FROM (
                     WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT {people})
                     SELECT n FROM n)"
            ))
            .unwrap();
        Self { file, connection, _server: server, _folder: folder }
    }

    /// How many of a series of writers find the file locked, such as the `sqlite3` shell, which
    /// does not wait unless it is told to.
    fn locked(&self, series: &str, writers: u32) -> u32 {
        let mut locked = 0;
        for number in 0..writers {
            // Not in step with the indexer, whatever its pace.
            thread::sleep(Duration::from_millis(u64::from(3 + number % 7)));
            let other = Connection::open(&self.file).unwrap();
            other.busy_timeout(Duration::ZERO).unwrap();
            let insert = "INSERT INTO people (id, name) VALUES (?1 || ?2, 'Anna')";
            match other.execute(insert, (series, number)) {
                Ok(_) => {}
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => locked += 1,
                Err(error) => panic!("{error}"),
            }
        }
        let left: i64 =
            self.connection.query_one("SELECT count(*) FROM changed", [], |row| row.get(0)).unwrap();
        println!("{series}: {locked} of {writers} found it locked; {left} are left to be indexed");
        assert!(left > i64::from(writers), "there was nothing to leave room for");
        locked
    }
}

#[test]
fn programs_that_do_not_wait_for_a_lock_can_write_while_an_import_is_indexed() {
    let locked = Importing::start("beside", 200_000).locked("beside", 200);
    assert!(locked <= 20, "{locked} of 200");
}

/// The indexer expects nobody any more by then.
#[test]
fn programs_that_do_not_wait_for_a_lock_can_write_long_after_an_import_began() {
    let importing = Importing::start("later", 400_000);
    let series = ["first", "second", "third"].map(|series| {
        thread::sleep(Duration::from_secs(7));
        importing.locked(series, 40)
    });
    assert!(series.iter().sum::<u32>() <= 12, "{series:?} of 40 each");
}
