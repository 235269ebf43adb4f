//! The PostgreSQL engine: many copies of the server can share one database.

mod connect;
mod indexing;
mod lookup;
mod note;
mod schema;
mod search;

use std::{
    collections::BTreeMap,
    iter::successors,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use deadpool_postgres::{
    Object, Pool, PoolError,
    tokio_postgres::{
        self,
        error::{DbError, SqlState},
        types::ToSql,
    },
};
use signed_query::webhook::Notification;
use tokio::time::{Instant, sleep, timeout_at};

use self::search::Common;
use super::{Added, Error, Match, NewNote, Person, Result, folding::Words};

/// How long a caller waits in total.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often to retry connecting when PostgreSQL has no connection left.
const RETRY: Duration = Duration::from_millis(100);

const NOW: &str = "extract(epoch FROM now())::bigint";

type QueryResult<T> = std::result::Result<T, tokio_postgres::Error>;

/// The connections of one copy: for looking up people, for notes, for webhooks and for health
/// checks. None of these waits for what blocks another, such as a lock on `people`. The indexer
/// has one more. By default PostgreSQL accepts a hundred connections in total.
struct Pools {
    people: Pool,
    notes: Pool,
    webhooks: Pool,
    health: Pool,
}

pub struct Postgres {
    pools: Pools,
    unhurried: Pool,
    common: Arc<RwLock<Arc<Common>>>,
}

impl Postgres {
    /// Connects, and creates the tables that are missing.
    pub async fn open(url: &str) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let connector = connect::Connector::new(url)?;
        let unusable = |error: Box<dyn std::error::Error>| {
            let reason = explained(&*error);
            let hint = if reason.contains("certificate") {
                "\n    Set SSL_CERT_FILE to a file of certificates to trust, or use sslmode=disable for a database \
                 on the same machine"
            } else {
                ""
            };
            format!("can't use the database at {} (DATABASE): {reason}{hint}", connector.place())
        };
        // Without a time limit: there may be a million people to read, and tables to create.
        let unhurried = connector.pool(1, None).map_err(unusable)?;
        schema::migrate(&unhurried).await.map_err(unusable)?;
        let pool = |size| connector.pool(size, Some(PATIENCE)).map_err(unusable);
        let pools = Pools { people: pool(10)?, notes: pool(2)?, webhooks: pool(3)?, health: pool(1)? };
        Ok(Self { pools, unhurried, common: Arc::default() })
    }

    pub fn keep_indexed(&self) {
        tokio::spawn(indexing::keep_up(self.unhurried.clone(), Arc::clone(&self.common)));
    }

    pub async fn import(&self, columns: &[&'static str], rows: Vec<Vec<String>>) -> Result<()> {
        // A statement can't update a row twice: of rows with the same id, the last one counts.
        // Sorted by id, two imports can't deadlock.
        let rows: BTreeMap<_, _> = rows.iter().map(|row| (&row[0], row)).collect();
        let values: Vec<Vec<&str>> =
            (0..columns.len()).map(|column| rows.values().map(|row| &*row[column]).collect()).collect();
        let (arrays, set) = (1..)
            .zip(columns)
            .map(|(number, column)| (format!("${number}::text[]"), format!("{column} = excluded.{column}")))
            .collect::<(Vec<_>, Vec<_>)>();
        let import = format!(
            "INSERT INTO people ({}) SELECT * FROM unnest({}) ON CONFLICT (id) DO UPDATE SET {}",
            columns.join(", "),
            arrays.join(", "),
            set[1..].join(", ")
        );
        let values: Vec<_> = values.iter().map(|values| values as &(dyn ToSql + Sync)).collect();
        run(&self.pools.people, async |client| client.execute(&import, &values).await.map(drop)).await
    }

    pub async fn search(&self, words: &Words) -> Result<Vec<Match>> {
        let common = Arc::clone(&self.common.read().unwrap_or_else(PoisonError::into_inner));
        run(&self.pools.people, async |client| search::search(client, words, &common).await).await
    }

    pub async fn person(&self, id: &str, before: Option<i64>) -> Result<Option<Person>> {
        if id.contains('\0') {
            return Ok(None); // PostgreSQL's text can't contain it
        }
        run(&self.pools.people, async |client| lookup::person(client, id, before).await).await
    }

    pub async fn add_note(&self, note: NewNote) -> Result<Added> {
        if note.person.contains('\0') {
            return Ok(Added::NoSuchPerson);
        }
        let note = NewNote { text: note.text.replace('\0', "\u{FFFD}"), ..note };
        run(&self.pools.notes, async |client| note::add(client, &note).await).await
    }

    pub async fn store_notification(&self, notification: &Notification<'_>) -> Result<()> {
        let (hash, hook_id, body) = (notification.hash(), notification.hook_id(), notification.body());
        run(&self.pools.webhooks, async |client| {
            let insert = format!(
                "INSERT INTO notifications (hash, hook_id, body, received_at) VALUES ($1, $2, $3, {NOW})
                 ON CONFLICT (hash) DO NOTHING"
            );
            let insert = client.prepare_cached(&insert).await?;
            client.execute(&insert, &[&hash, &hook_id, &body]).await.map(drop)
        })
        .await
    }

    pub async fn ping(&self) -> Result<()> {
        run(&self.pools.health, async |client| {
            // A table that nobody has a reason to lock.
            let ping = client.prepare_cached("SELECT 1 FROM signed_query_migrations LIMIT 1").await?;
            client.query_opt(&ping, &[]).await.map(drop)
        })
        .await
    }
}

/// Runs queries on one of the connections.
async fn run<T>(pool: &Pool, queries: impl AsyncFnOnce(&mut Object) -> QueryResult<T>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    let mut client = timeout_at(deadline, connection(pool)).await.map_err(|_| Error::Busy)??;
    let Ok(result) = timeout_at(deadline, queries(&mut client)).await else {
        // It may still be waiting for an answer; the next caller must not get it.
        drop(Object::take(client));
        return Err(Error::Busy);
    };
    Ok(result?)
}

/// A connection; if PostgreSQL has none left, one that is already open.
async fn connection(pool: &Pool) -> Result<Object> {
    loop {
        match pool.get().await {
            Err(PoolError::Backend(error))
                if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) && pool.status().size > 0 =>
            {
                sleep(RETRY).await;
            }
            connection => return Ok(connection?),
        }
    }
}

/// What went wrong and why, on one line, without the values that PostgreSQL adds.
fn explained(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = successors(Some(error), |error| error.source());
    // Some errors repeat their cause, or say nothing beyond it.
    let says_more = |error: &&(dyn std::error::Error + 'static)| {
        let text = error.to_string();
        !error.source().is_some_and(|cause| text.contains(&cause.to_string()) || text == "db error")
    };
    let texts = causes.filter(says_more).map(|error| match error.downcast_ref::<DbError>() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => error.to_string(),
    });
    texts.collect::<Vec<_>>().join(": ")
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(_) => Self::Busy,
            error => Self::Away(explained(&error).into()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(code) = error.code() else {
            let mut causes = successors(Some(&error as &dyn std::error::Error), |error| error.source());
            let is_lost = error.is_closed() || causes.any(|cause| cause.is::<std::io::Error>());
            let reason = explained(&error).into();
            return if is_lost { Self::Away(reason) } else { Self::Failed(reason) };
        };
        match (code, &code.code()[..2]) {
            (&SqlState::QUERY_CANCELED, _) | (_, "40" | "55") => Self::Busy,
            // It is shutting down or starting up, is a read-only replica, or is full.
            (&SqlState::READ_ONLY_SQL_TRANSACTION, _) | (_, "08" | "53" | "57") => {
                Self::Away(explained(&error).into())
            }
            _ => Self::Failed(explained(&error).into()),
        }
    }
}
