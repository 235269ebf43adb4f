//! What the server asks of its database. An engine is a module that answers this list.

mod folding;
mod found;
mod newest;
mod note;
mod person;
mod phone;
#[cfg(feature = "postgres")]
mod postgres;
mod shown;
mod sqlite;

use std::{fmt, path::Path};

use serde::{Serialize, Serializer};
use signed_query::webhook::Notification;

#[cfg(feature = "postgres")]
use self::postgres::Postgres;
pub use self::{
    folding::is_blank,
    note::{Added, NewNote},
    person::{FIELDS, Person},
    shown::MAX_ID_BYTES,
};
use self::{
    folding::{Words, fold},
    note::MAX_NOTES_AN_HOUR,
    shown::{
        MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_NOTES, MAX_ORDERS, MAX_RESULTS, MAX_YEARS, bounded, keep_shown,
        name_or_id,
    },
    sqlite::Sqlite,
};

pub enum Database {
    Sqlite(Sqlite),
    #[cfg(feature = "postgres")]
    Postgres(Postgres),
}

impl Database {
    /// Opens what `DATABASE` names, with its tables made if there are none; without it, a
    /// database in memory with a few sample people.
    pub async fn open(name: Option<&Path>) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let text = name.and_then(Path::to_str).unwrap_or_default();
        let database = match scheme(text) {
            #[cfg(feature = "postgres")]
            Some(_) if is_postgres(text) => Self::Postgres(Postgres::open(text).await?),
            #[cfg(not(feature = "postgres"))]
            Some(_) if is_postgres(text) => {
                return Err("this server was built without PostgreSQL (DATABASE). Build it with\n    \
                     --features postgres"
                    .into());
            }
            // Not with the rest, which may have a password.
            Some(scheme) => {
                return Err(format!(
                    "DATABASE is a {scheme} URL, and must be the name of a file, as in DATABASE=people.db, or \
                     postgres://user:password@host/database"
                )
                .into());
            }
            None => Self::Sqlite(Sqlite::open(name)?),
        };
        // What can be opened may still give no answers.
        database.ping().await.map_err(|error| format!("can't use the database (DATABASE): {error}"))?;
        Ok(database)
    }

    /// The people who have each word of a text in their name or address, by name; or, if there is
    /// a phone number in it, that number and all other words.
    pub async fn search(&self, text: &str) -> Result<Vec<Match>> {
        let mut found = self.find(Words::of(text)).await?;
        if let Some(words) = Words::with_number(text) {
            found.extend(self.find(words).await?);
            found.sort_by_cached_key(|found| (fold(&found.name), found.id.clone()));
            found.dedup_by(|a, b| a.id == b.id);
            found.truncate(MAX_RESULTS);
        }
        Ok(found)
    }

    async fn find(&self, words: Words) -> Result<Vec<Match>> {
        match self {
            _ if words.is_empty() => Ok(Vec::new()),
            Self::Sqlite(sqlite) => sqlite.search(words).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.search(&words).await,
        }
    }

    /// One person, if there is one with this id, with the latest notes: those older than
    /// the note `before`, if it is given.
    pub async fn person(&self, id: &str, before: Option<i64>) -> Result<Option<Person>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.person(id.to_owned(), before).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.person(id, before).await,
        }
    }

    /// Keeps the index of searches up to date, for as long as the server runs.
    pub fn keep_indexed(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.keep_indexed(),
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.keep_indexed(),
        }
    }

    /// Adds people, or updates those who are there already, all or none. Each row has a value
    /// for each of the columns, of which the first is the id.
    pub async fn import(&self, columns: &[&'static str], rows: Vec<Vec<String>>) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.import(columns, rows).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.import(columns, rows).await,
        }
    }

    /// Adds a note, as of now.
    pub async fn add_note(&self, note: NewNote) -> Result<Added> {
        match self {
            Self::Sqlite(sqlite) => sqlite.add_note(note).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.add_note(note).await,
        }
    }

    /// Stores a notification, once for each hash: the platform sends again what it
    /// thinks was not acknowledged, and anyone can send it again under another id.
    pub async fn store_notification(&self, notification: &Notification<'_>) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.store_notification(notification).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.store_notification(notification).await,
        }
    }

    /// To be called before the end: leaves nothing behind that would spoil another file.
    pub async fn close(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.ping().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.ping().await,
        }
    }
}

/// The scheme of a `DATABASE` that is meant as a URL, and not as a file's name, even if it
/// lacks a slash: it is not to be shown.
fn scheme(name: &str) -> Option<&str> {
    let (scheme, rest) = name.split_once(':')?;
    let is_scheme =
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+');
    let engines = ["sqlite", "jdbc", "postgres", "postgresql", "mysql", "mariadb"];
    let is_engine = engines.iter().any(|engine| scheme.eq_ignore_ascii_case(engine));
    (is_scheme && (is_engine || rest.starts_with('/'))).then_some(scheme)
}

fn is_postgres(name: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|start| name.starts_with(start))
}

/// A person that a search found.
#[derive(Debug, Serialize)]
pub struct Match {
    #[serde(serialize_with = "as_number")]
    pub id: String,
    pub name: String,
}

/// An integer in canonical digits is a number, as in the platform's own sample, up to
/// 2^53, beyond which JavaScript would round it; any other id is text.
fn as_number<S: Serializer>(id: &str, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match id.parse::<u64>() {
        Ok(number) if number <= 1 << 53 && number.to_string() == id => serializer.serialize_u64(number),
        _ => serializer.serialize_str(id),
    }
}

pub struct Order {
    /// As `2026-11-23T14:05Z`, where it is known.
    pub moment: Option<String>,
    pub title: String,
    pub cents: Option<i64>,
}

pub struct Sales {
    pub year: String,
    pub cents: Option<i64>,
}

pub struct Note {
    pub id: i64,
    pub moment: Option<String>,
    pub text: String,
}

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    /// Others had the database for as long as a caller waits. Nothing was done.
    Busy,
    /// It can't be reached, is about to end or to start, or has no room. A write may have been
    /// done.
    Away(Box<dyn std::error::Error + Send + Sync>),
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the database is busy"),
            Self::Away(error) => write!(f, "the database is away: {error}"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
