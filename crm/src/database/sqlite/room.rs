//! Leaves room for other programs that write: many of them, such as the `sqlite3` shell, give up
//! at once if they find the file locked.

use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

/// For how long after a write others are expected to write again.
const RECENT: Duration = Duration::from_secs(5);
/// How long a step should take: short enough that a program that retries finds the file free.
const SHORT: Duration = Duration::from_millis(10);
/// How many changes are written in a step. Smaller steps take longer in total, larger ones save
/// nothing.
const MIN_STEP: usize = 50;
const MAX_STEP: usize = 250;
/// For how many times the duration of a step the file is then left to others; and the same while
/// others are writing, of whom one in fifty then finds it locked.
const PAUSE: u32 = 1;
const LONG_PAUSE: u32 = 49;
/// The longest pause, whatever held up a step.
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

    /// Records the current `data_version`.
    pub fn note(&mut self, version: i64) {
        if self.version.replace(version).is_some_and(|former| former != version) {
            self.changed = Some(Instant::now());
        }
    }

    /// How long to wait after a step that took this long; also adjusts the size of the next one.
    pub fn pause(&mut self, took: Duration) -> Duration {
        let step = if took > SHORT { self.step * 3 / 4 } else { self.step + 10 };
        self.step = step.clamp(MIN_STEP, MAX_STEP);
        let is_wanted = self.changed.is_some_and(|changed| changed.elapsed() < RECENT);
        (took * if is_wanted { LONG_PAUSE } else { PAUSE }).min(MAX_PAUSE)
    }
}

/// A number that changes whenever another connection writes.
pub fn data_version(connection: &Connection) -> Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
