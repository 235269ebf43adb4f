//! Connections, and callers that wait for one in turn.

use std::{
    future::pending,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout_at,
};

use crate::database::{Error, Result};

/// How long a caller waits in total: for a connection, and then for a lock on the database
/// that this process or another holds.
const PATIENCE: Duration = Duration::from_secs(5);

pub struct Pool {
    /// Each with the thread that last used it, whose processor may have its data cached.
    idle: Mutex<Vec<(ThreadId, Connection)>>,
    /// A permit for each connection.
    free: Arc<Semaphore>,
}

impl Pool {
    pub fn new(connections: Vec<Connection>) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(connections.len()));
        let here = thread::current().id();
        let idle = connections.into_iter().map(|connection| (here, connection)).collect();
        Arc::new(Self { idle: Mutex::new(idle), free })
    }

    /// Runs queries on a thread that may block.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        queries: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        let permit = timeout_at(deadline.into(), Arc::clone(&self.free).acquire_owned()).await;
        let permit = permit.map_err(|_| Error::Busy)?.expect("the semaphore is never closed");
        let mut lease = Lease::new(Arc::clone(self), permit);
        let queries = move || {
            let patience = deadline.saturating_duration_since(Instant::now());
            Ok(lease.with(patience, queries)?)
        };
        match spawn_blocking(queries).await {
            Ok(done) => done,
            // The server has ended, and nobody is waiting for this any more.
            Err(end) if end.is_cancelled() => pending().await,
            Err(panic) => Err(Error::Failed(panic.into())),
        }
    }

    /// Runs queries that only look up a few rows by key: on this thread, unless they would have
    /// to wait.
    pub async fn run_here<T: Send + 'static>(
        self: &Arc<Self>,
        queries: impl Fn(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            match Lease::new(Arc::clone(self), permit).with(Duration::ZERO, &queries) {
                Err(error) if is_busy(&error) => (),
                done => return Ok(done?),
            }
        }
        self.run(queries).await
    }

    /// An idle connection, if there is one; preferably the one that this thread used last.
    fn take(&self) -> Option<Connection> {
        let here = thread::current().id();
        let mut idle = self.idle();
        let last = idle.len().checked_sub(1)?;
        let at = idle.iter().position(|(thread, _)| *thread == here).unwrap_or(last);
        Some(idle.swap_remove(at).1)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(ThreadId, Connection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that returns to its pool whatever happens to the queries.
struct Lease {
    pool: Arc<Pool>,
    connection: Option<Connection>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    fn new(pool: Arc<Pool>, permit: OwnedSemaphorePermit) -> Self {
        Self { connection: pool.take(), pool, _permit: permit }
    }

    fn with<T>(
        &mut self,
        patience: Duration,
        queries: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let connection = self.connection.as_ref().expect("there is one for each permit");
        connection.busy_timeout(patience)?;
        queries(connection)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let returned = self.connection.take().map(|connection| (thread::current().id(), connection));
        self.pool.idle().extend(returned);
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            _ if is_busy(&error) => Self::Busy,
            // The disk is full or a limit is reached, which may be temporary.
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Self::Away(error.into()),
            _ => Self::Failed(error.into()),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
