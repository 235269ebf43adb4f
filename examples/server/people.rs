//! The people of the CRM, in SQLite.

use std::{error::Error, path::Path, time::Duration};

use serde::Serialize;
use tokio_rusqlite::{
    Connection,
    rusqlite::{self, OptionalExtension, Row, functions::FunctionFlags},
};

/// How many people a search gives at most.
const MAX_RESULTS: u32 = 50;
/// How long a query waits for another process that has the file locked.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The database, on a thread of its own, so that no query blocks the others
/// that serve connections.
pub struct People {
    connection: Connection,
}

/// What a search found, as the platform wants it.
#[derive(Serialize)]
pub struct Matches {
    pub results: Vec<Match>,
}

#[derive(Serialize)]
pub struct Match {
    pub id: String,
    pub name: String,
}

pub struct Person {
    pub name: String,
    pub email: String,
    /// Where the CRM itself shows this person.
    pub crm_url: String,
    /// The latest year first.
    pub sales: Vec<Sales>,
    /// The latest first.
    pub notes: Vec<Note>,
}

pub struct Sales {
    pub year: i64,
    pub cents: i64,
}

pub struct Note {
    /// A day, as `2026-11-23`.
    pub day: String,
    pub text: String,
}

pub type Result<T> = std::result::Result<T, tokio_rusqlite::Error>;

impl People {
    /// Opens a file, with its tables made if there are none; without one, a
    /// database in memory with a few sample people.
    pub async fn open(file: Option<&Path>) -> std::result::Result<Self, Box<dyn Error>> {
        let Some(file) = file else {
            let connection = Connection::open_in_memory().await?;
            connection
                .call(|connection| prepare(connection)?.execute_batch(include_str!("sample.sql")))
                .await?;
            return Ok(Self { connection });
        };
        let explain = |error: &dyn Error| format!("can't use the database {}: {error}", file.display());
        let connection = Connection::open(file).await.map_err(|error| explain(&error))?;
        connection.call(|connection| prepare(connection).map(drop)).await.map_err(|error| explain(&error))?;
        Ok(Self { connection })
    }

    /// The people whose name contains this text, in whatever case.
    pub async fn search(&self, text: String) -> Result<Matches> {
        let text = fold(&text);
        self.connection
            .call(move |connection| {
                let results = connection
                    .prepare_cached(
                        "SELECT id, name FROM people WHERE instr(fold(name), ?1) > 0
                         ORDER BY fold(name), id LIMIT ?2",
                    )?
                    .query_map((text, MAX_RESULTS), |row| Ok(Match { id: row.get(0)?, name: row.get(1)? }))?
                    .collect::<rusqlite::Result<_>>()?;
                Ok(Matches { results })
            })
            .await
    }

    /// All about one person, if there is one with this id.
    pub async fn person(&self, id: String) -> Result<Option<Person>> {
        self.connection.call(move |connection| person(connection, &id)).await
    }
}

fn person(connection: &rusqlite::Connection, id: &str) -> rusqlite::Result<Option<Person>> {
    let person = connection
        .prepare_cached("SELECT name, email, crm_url FROM people WHERE id = ?1")?
        .query_row([id], |row| {
            let (sales, notes) = (Vec::new(), Vec::new());
            Ok(Person { name: row.get(0)?, email: row.get(1)?, crm_url: row.get(2)?, sales, notes })
        })
        .optional()?;
    let Some(person) = person else { return Ok(None) };
    let sales =
        rows(connection, "SELECT year, cents FROM sales WHERE person = ?1 ORDER BY year DESC", id, |row| {
            Ok(Sales { year: row.get(0)?, cents: row.get(1)? })
        })?;
    let notes = rows(
        connection,
        "SELECT date(written_at, 'unixepoch'), text FROM notes WHERE person = ?1 ORDER BY written_at DESC, id DESC",
        id,
        |row| Ok(Note { day: row.get(0)?, text: row.get(1)? }),
    )?;
    Ok(Some(Person { sales, notes, ..person }))
}

/// What a query gives for one person, row by row.
fn rows<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    person: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map([person], read)?.collect()
}

/// Makes a connection ready: tables, and case folding, which SQLite has for
/// ASCII only.
fn prepare(connection: &rusqlite::Connection) -> rusqlite::Result<&rusqlite::Connection> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| Ok(fold(context.get_raw(0).as_str()?)))?;
    connection.execute_batch(include_str!("schema.sql"))?;
    Ok(connection)
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}
