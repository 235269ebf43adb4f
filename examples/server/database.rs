//! The database: SQLite, on a thread of its own, so that no lock and no long query
//! holds up the threads that serve connections. What is short and meets no lock is
//! read on those: to ask another thread takes longer than to look.

use std::{
    error::Error,
    path::Path,
    sync::{Mutex, PoisonError},
    thread::available_parallelism,
    time::Duration,
};

use tokio_rusqlite::{
    Connection,
    rusqlite::{self, ErrorCode, functions::FunctionFlags},
};

/// How long a query waits for another process that has the file locked.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A database in memory, which all connections of this process share.
const IN_MEMORY: &str = "file:/sample?vfs=memdb";

pub struct Database {
    /// On a thread of its own: it may wait and take its time.
    connection: Connection,
    /// As many as there are threads to read on. They never wait.
    readers: Mutex<Vec<rusqlite::Connection>>,
}

pub type Result<T> = std::result::Result<T, tokio_rusqlite::Error>;

impl Database {
    /// Opens a file, with its tables made if there are none; without one, a
    /// database in memory with a few sample people.
    pub fn open(file: Option<&Path>) -> std::result::Result<Self, Box<dyn Error>> {
        let Some(file) = file else {
            return Ok(Self::connect(Path::new(IN_MEMORY), include_str!("sample.sql"))?);
        };
        Self::connect(file, "")
            .map_err(|error| format!("can't use the database {}: {error}", file.display()).into())
    }

    /// Connects to what has its tables then, and in which `sql` was run.
    fn connect(path: &Path, sql: &str) -> rusqlite::Result<Self> {
        let connection = rusqlite::Connection::open(path)?;
        prepare(&connection)?;
        connection.execute_batch(sql)?;
        let readers = (0..available_parallelism().map_or(1, usize::from)).map(|_| {
            let reader = rusqlite::Connection::open(path)?;
            reader.busy_timeout(Duration::ZERO)?;
            Ok(reader)
        });
        Ok(Self {
            readers: Mutex::new(readers.collect::<rusqlite::Result<_>>()?),
            connection: connection.into(),
        })
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<()> {
        self.look_up(|connection| {
            connection
                .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM people LIMIT 1)")?
                .query_row([], |_| Ok(()))
        })
        .await
    }

    /// Runs queries on the database's thread.
    pub async fn call<T: Send + 'static>(
        &self,
        queries: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.connection.call(|connection| queries(connection)).await
    }

    /// Runs queries that only look up a few rows by their keys: here and now, unless
    /// there is a lock to wait for.
    pub async fn look_up<T: Send + 'static>(
        &self,
        queries: impl Fn(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.try_look_up(&queries) {
            Some(found) => Ok(found?),
            None => self.call(queries).await,
        }
    }

    /// The same if that can be done now.
    fn try_look_up<T>(
        &self,
        queries: impl Fn(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Option<rusqlite::Result<T>> {
        let readers = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = readers().pop()?;
        let found = queries(&reader);
        readers().push(reader);
        let is_busy = |error: &rusqlite::Error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
        Some(found).filter(|found| !found.as_ref().is_err_and(is_busy))
    }
}

/// Makes a database ready: tables, and case folding, which SQLite has for ASCII
/// only.
fn prepare(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| Ok(fold(context.get_raw(0).as_str()?)))?;
    connection.execute_batch(include_str!("schema.sql"))
}

/// Text without its case, to compare and order by.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}
