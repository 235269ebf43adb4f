//! The database: everything that the server reads and writes, whichever engine stores it. Each
//! engine is a module with the same methods.

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
    /// Opens what `DATABASE` names, and creates the tables that are missing; without a name, a
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
            // The rest is not shown: it may contain a password.
            Some(scheme) => {
                return Err(format!(
                    "DATABASE is a {scheme} URL. It must be a file name, as in DATABASE=people.db, or \
                     postgres://user:password@host/database"
                )
                .into());
            }
            None => Self::Sqlite(Sqlite::open(name)?),
        };
        // It may open and still not answer.
        database.ping().await.map_err(|error| format!("can't use the database (DATABASE): {error}"))?;
        Ok(database)
    }

    /// The people whose name or e-mail address contains each word of a text; or, if the text
    /// contains a phone number, who have that number and all other words. Sorted by name.
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

    /// The person with this id, if there is one, with their latest notes: only those older than
    /// the note `before`, if it is given.
    pub async fn person(&self, id: &str, before: Option<i64>) -> Result<Option<Person>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.person(id.to_owned(), before).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.person(id, before).await,
        }
    }

    /// Keeps the search index up to date for as long as the server runs.
    pub fn keep_indexed(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.keep_indexed(),
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.keep_indexed(),
        }
    }

    /// Adds people, or updates those already there: all of them or none. Each row has a value
    /// for each column; the first column is the id.
    pub async fn import(&self, columns: &[&'static str], rows: Vec<Vec<String>>) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.import(columns, rows).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.import(columns, rows).await,
        }
    }

    /// Adds a note, dated now.
    pub async fn add_note(&self, note: NewNote) -> Result<Added> {
        match self {
            Self::Sqlite(sqlite) => sqlite.add_note(note).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.add_note(note).await,
        }
    }

    /// Stores a notification, once for each hash: the platform repeats what it thinks was not
    /// acknowledged, and anyone could repeat it under another id.
    pub async fn store_notification(&self, notification: &Notification<'_>) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.store_notification(notification).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.store_notification(notification).await,
        }
    }

    /// Must be called before the process ends: leaves nothing behind that would corrupt another file.
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

/// The scheme of a `DATABASE` that is meant as a URL rather than a file name, even if it lacks
/// a slash. Such a value may contain a password, and must not be shown.
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
    /// Others had the database locked for as long as a caller waits. Nothing was done.
    Busy,
    /// It can't be reached, is starting up or shutting down, or is full. A write may have
    /// succeeded.
    Away(Box<dyn std::error::Error + Send + Sync>),
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the database is busy"),
            Self::Away(error) => write!(f, "the database is not available: {error}"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
