//! The connection that writes, for as long as its file stays in place.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rusqlite::Connection;

use super::{file::OpenFile, pool::Pool};
use crate::database::{Error, Result};

#[derive(Clone)]
pub struct Writer {
    pool: Arc<Pool>,
    /// `None` for a database in memory.
    file: Option<Arc<OpenFile>>,
    /// Whether the log was written into the file after that disappeared.
    is_saved: Arc<AtomicBool>,
    pub is_read_only: bool,
}

impl Writer {
    pub fn new(connection: Connection, file: Option<OpenFile>, is_read_only: bool) -> Self {
        Self {
            pool: Pool::new(vec![connection]),
            file: file.map(Arc::new),
            is_saved: Arc::default(),
            is_read_only,
        }
    }

    /// Runs queries, taking turns with others. They succeed only if the file is still in place
    /// afterwards.
    pub async fn run<T: Send + 'static>(
        &self,
        queries: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.is_read_only {
            return Err(Error::Failed("the database is read-only".into()));
        }
        let writer = self.clone();
        let done = self.pool.run(move |connection| {
            if writer.leaves(connection) {
                return Ok(None);
            }
            let done = queries(connection)?;
            Ok((!writer.leaves(connection)).then_some(done))
        });
        done.await?.ok_or_else(gone)
    }

    /// Fails if the file is gone, after saving what can be saved.
    pub async fn check(&self) -> Result<()> {
        match &self.file {
            Some(file) if file.is_gone() => {
                let writer = self.clone();
                self.pool.run(move |connection| Ok(writer.leaves(connection))).await?;
                Err(gone())
            }
            _ => Ok(()),
        }
    }

    /// Fails if the file is known to be gone: by now another process may use the same log for
    /// another file.
    pub fn check_known(&self) -> Result<()> {
        match &self.file {
            Some(file) if file.was_gone() => Err(gone()),
            _ => Ok(()),
        }
    }

    /// Whether the file is gone. If so, the log is written into it once, before anything is
    /// closed: SQLite would not do that at the end, and would apply what is left in the log to
    /// whichever file it finds there next. A second time, the log could be another file's.
    fn leaves(&self, connection: &Connection) -> bool {
        let Some(file) = self.file.as_ref().filter(|file| file.is_gone()) else { return false };
        if !self.is_saved.swap(true, Ordering::Relaxed) {
            tracing::error!("{}", file.advice());
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            if !self.is_read_only
                && let Err(error) = connection.query_row(checkpoint, [], |row| row.get::<_, bool>(0))
            {
                tracing::error!(%error, "the last writes can't be saved into the file");
            }
        }
        true
    }
}

fn gone() -> Error {
    Error::Away("its file was deleted, moved or replaced: restart the server".into())
}
