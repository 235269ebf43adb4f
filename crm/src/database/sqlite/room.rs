//! Leaves room for other programs that write: many of them give up at once where they find
//! the file locked, as the `sqlite3` shell does.

use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

/// For how long others are expected to write again after they did.
const RECENT: Duration = Duration::from_secs(5);
/// How long a step is to take: who finds the file locked and tries again finds it free.
const SHORT: Duration = Duration::from_millis(10);
/// How many changes are written in a step. Smaller ones take longer in all, larger ones no less.
const MIN_STEP: usize = 50;
const MAX_STEP: usize = 250;
/// How many times as long as a step took the file is then left to others, who may write at any
/// time; and while they do, when one in fifty of them finds it locked.
const PAUSE: u32 = 1;
const LONG_PAUSE: u32 = 49;
/// No pause is longer, whatever held up a step.
const MAX_PAUSE: Duration = Duration::from_secs(1);

pub struct Room {
    version: Option<i64>,
    changed: Option<Instant>,
    /// How many changes to write at a time.
    pub step: usize,
}

impl Room {
    pub fn new() -> Self {
        Self { version: None, changed: None, step: MIN_STEP }
    }

    /// Notes what `data_version` gives.
    pub fn note(&mut self, version: i64) {
        if self.version.replace(version).is_some_and(|former| former != version) {
            self.changed = Some(Instant::now());
        }
    }

    /// How long to wait after a step that took so long, and how large the next one is.
    pub fn pause(&mut self, took: Duration) -> Duration {
        let step = if took > SHORT { self.step * 3 / 4 } else { self.step + 10 };
        self.step = step.clamp(MIN_STEP, MAX_STEP);
        let is_wanted = self.changed.is_some_and(|changed| changed.elapsed() < RECENT);
        (took * if is_wanted { LONG_PAUSE } else { PAUSE }).min(MAX_PAUSE)
    }
}

/// A number that is another one after any other connection than this has written.
pub fn data_version(connection: &Connection) -> Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
