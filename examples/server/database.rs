//! The database: SQLite, on a thread of its own, so that no query blocks the
//! threads that serve connections.

use std::{error::Error, path::Path, time::Duration};

use tokio_rusqlite::{
    Connection,
    rusqlite::{self, functions::FunctionFlags},
};

/// How long a query waits for another process that has the file locked.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

pub struct Database {
    connection: Connection,
}

pub type Result<T> = std::result::Result<T, tokio_rusqlite::Error>;

impl Database {
    /// Opens a file, with its tables made if there are none; without one, a
    /// database in memory with a few sample people.
    pub async fn open(file: Option<&Path>) -> std::result::Result<Self, Box<dyn Error>> {
        let Some(file) = file else {
            let database = Self { connection: Connection::open_in_memory().await? };
            database.call(prepare).await?;
            database.call(|connection| connection.execute_batch(include_str!("sample.sql"))).await?;
            return Ok(database);
        };
        let explain = |error: &dyn Error| format!("can't use the database {}: {error}", file.display());
        let database = Self { connection: Connection::open(file).await.map_err(|error| explain(&error))? };
        database.call(prepare).await.map_err(|error| explain(&error))?;
        Ok(database)
    }

    /// Runs queries on the database's thread.
    pub async fn call<T: Send + 'static>(
        &self,
        queries: impl FnOnce(&mut rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.connection.call(queries).await
    }
}

/// Makes a connection ready: tables, and case folding, which SQLite has for
/// ASCII only.
fn prepare(connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| Ok(fold(context.get_raw(0).as_str()?)))?;
    connection.execute_batch(include_str!("schema.sql"))
}

/// Text without its case, to compare and order by.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}
