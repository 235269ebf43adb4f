//! The people of the CRM: search, a look at one, notes about them.

use serde::Serialize;
use tokio_rusqlite::rusqlite::{self, OptionalExtension, Row};

use crate::database::{Database, Result, fold};

/// How many people a search gives at most.
const MAX_RESULTS: u32 = 50;

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

impl Database {
    /// The people whose name contains this text, in whatever case.
    pub async fn search(&self, text: String) -> Result<Matches> {
        let text = fold(&text);
        self.call(move |connection| {
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
        self.look_up(move |connection| person(connection, &id)).await
    }

    /// Adds a note about a person, as of now. `false` where there is no such
    /// person.
    pub async fn add_note(&self, person: String, text: String) -> Result<bool> {
        self.call(move |connection| {
            let added = connection
                .prepare_cached(
                    "INSERT INTO notes (person, written_at, text)
                     SELECT id, unixepoch(), ?2 FROM people WHERE id = ?1",
                )?
                .execute([person, text])?;
            Ok(added > 0)
        })
        .await
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
