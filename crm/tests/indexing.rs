//! The index of a database file, beside other programs that write to it.

mod common;

use std::{
    thread,
    time::{Duration, Instant},
};

use common::{folder::Folder, server::Server};
use rusqlite::{Connection, ErrorCode};

/// A server, and people who are to be indexed by it.
struct Importing {
    file: String,
    connection: Connection,
    _server: Server,
    _folder: Folder,
}

/// How often a series of writers got in, and how often the indexer then got in their way.
#[derive(Debug, Default)]
struct Series {
    written: u32,
    interrupted: u32,
}

impl Series {
    /// Whether most that got in were followed by another: where others are left as much time as
    /// the indexer takes, every second one is interrupted; where they are left none, nearly all
    /// are. However long the machine lets the indexer hold the file, that counts once.
    fn had_room(&self) -> bool {
        self.interrupted * 4 <= self.written
    }
}

impl Importing {
    fn start(name: &str) -> Self {
        let folder = Folder::new(name);
        let file = folder.file("people.db");
        let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
        let connection = Connection::open(&file).unwrap();
        connection.busy_timeout(Duration::from_secs(60)).unwrap();
        Self { file, connection, _server: server, _folder: folder }
    }

    /// How many people are not indexed.
    fn left(&self) -> u32 {
        self.connection.query_one("SELECT count(*) FROM changed", [], |row| row.get(0)).unwrap()
    }

    /// Adds people until so many are to be indexed.
    fn fill_up(&self, people: u32) {
        let missing = people.saturating_sub(self.left());
        self.connection
            .execute_batch(&format!(
                "INSERT INTO people (id, name, email)
                     SELECT id, 'Name ' || id, id || '@example.com' FROM (
                         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT {missing})
                         SELECT hex(randomblob(8)) AS id FROM n)"
            ))
            .unwrap();
    }

    /// Writes at least so often by programs that do not wait for a lock, such as the `sqlite3` shell
    /// unless it is told to, after the indexer has been alone with so many people for a time. Where
    /// it has indexed all before the end, nothing was shown: it gets more.
    fn written_beside(&self, writers: u32, mut people: u32, alone: Duration) -> Series {
        for _ in 0..4 {
            self.fill_up(people);
            let deadline = Instant::now() + Duration::from_secs(300);
            while self.left() >= people {
                assert!(Instant::now() < deadline, "nobody is indexed");
                thread::sleep(Duration::from_millis(20));
            }
            // What is indexed at a time is seen at once: a few hundred, as it should be.
            assert!(self.left() > people / 4 * 3, "too many are indexed at a time");
            thread::sleep(alone);
            let before = self.left();
            let mut series = Series::default();
            // It indexes some of them between.
            while series.written == 0 || self.left() == before + series.written {
                assert!(Instant::now() < deadline, "nobody is indexed: {series:?}");
                self.write(writers, &mut series);
            }
            let left = self.left();
            println!("{series:?}; of {before} are left {left}");
            if left > series.written {
                return series;
            }
            people *= 2;
        }
        panic!("there was nothing to leave room for");
    }

    fn write(&self, writers: u32, series: &mut Series) {
        let (mut written, mut gets_in) = (0, true);
        let deadline = Instant::now() + Duration::from_secs(300);
        for attempt in 0_u64.. {
            // Not in step with the indexer, whatever its pace.
            thread::sleep(Duration::from_millis(3 + attempt % 7));
            let other = Connection::open(&self.file).unwrap();
            other.busy_timeout(Duration::ZERO).unwrap();
            match other.execute("INSERT INTO people (id, name) VALUES (hex(randomblob(8)), 'Anna')", []) {
                Ok(_) => (written, gets_in) = (written + 1, true),
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    series.interrupted += u32::from(gets_in);
                    gets_in = false;
                }
                Err(error) => panic!("{error}"),
            }
            if written == writers {
                break;
            }
            assert!(Instant::now() < deadline, "the file stays locked: {series:?}");
        }
        series.written += written;
    }
}

#[test]
fn programs_that_do_not_wait_for_a_lock_can_write_while_an_import_is_indexed() {
    let series = Importing::start("beside").written_beside(200, 200_000, Duration::ZERO);
    assert!(series.had_room(), "{series:?}");
}

/// The indexer expects nobody any more by then.
#[test]
fn programs_that_do_not_wait_for_a_lock_can_write_long_after_an_import_began() {
    let importing = Importing::start("later");
    let mut all = Series::default();
    for _ in 0..3 {
        let series = importing.written_beside(40, 400_000, Duration::from_secs(7));
        all.written += series.written;
        all.interrupted += series.interrupted;
    }
    assert!(all.had_room(), "{all:?}");
}
