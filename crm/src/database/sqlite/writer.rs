//! The connection that writes, for as long as its file is where it was.

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
    /// Unless it is in memory.
    file: Option<Arc<OpenFile>>,
    /// Whether what is in the log was brought into the file that went.
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

    /// Runs queries in turn with others. What they wrote counts only if the file is still
    /// there afterwards.
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

    /// Fails if the file is gone, and then saves what can be saved.
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

    /// Fails if the file is known to be gone: another process may use the same log for
    /// another file since.
    pub fn check_known(&self) -> Result<()> {
        match &self.file {
            Some(file) if file.was_gone() => Err(gone()),
            _ => Ok(()),
        }
    }

    /// Whether the file is gone. If so, and before anything is closed, the log is written into
    /// it, once: SQLite does not do so at the end, and lays what is left in the log over
    /// whichever file it finds there next. Done again, it could take what is another's.
    fn leaves(&self, connection: &Connection) -> bool {
        let Some(file) = self.file.as_ref().filter(|file| file.is_gone()) else { return false };
        if !self.is_saved.swap(true, Ordering::Relaxed) {
            tracing::error!("{}", file.advice());
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            if !self.is_read_only
                && let Err(error) = connection.query_row(checkpoint, [], |row| row.get::<_, bool>(0))
            {
                tracing::error!(%error, "what was written last can't be brought into the file");
            }
        }
        true
    }
}

fn gone() -> Error {
    Error::Away("its file was deleted, moved or replaced: restart the server".into())
}
