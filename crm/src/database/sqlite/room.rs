//! Leaves room for other programs that write: many of them give up at once where they find
//! the file locked, as the `sqlite3` shell does.

use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

/// For how long others are expected to write again after they did.
const RECENT: Duration = Duration::from_secs(5);
/// How many changes are written at a time, and how many while others write.
const STEP: usize = 1000;
const SMALL_STEP: usize = 50;
/// How many times as long as a small step took the file is then left to others: less than one
/// in ten of them finds it locked.
const PAUSE: u32 = 24;

#[derive(Default)]
pub struct Room {
    version: Option<i64>,
    changed: Option<Instant>,
}

impl Room {
    /// Notes what `data_version` gives.
    pub fn note(&mut self, version: i64) {
        if self.version.replace(version).is_some_and(|former| former != version) {
            self.changed = Some(Instant::now());
        }
    }

    fn is_wanted(&self) -> bool {
        self.changed.is_some_and(|changed| changed.elapsed() < RECENT)
    }

    /// How many changes to write at a time.
    pub fn step(&self) -> usize {
        if self.is_wanted() { SMALL_STEP } else { STEP }
    }

    /// How long to wait after a step that took so long.
    pub fn pause(&self, took: Duration) -> Duration {
        if self.is_wanted() { took * PAUSE } else { Duration::ZERO }
    }
}

/// A number that is another one after any other connection than this has written.
pub fn data_version(connection: &Connection) -> Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
