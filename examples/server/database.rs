//! What the server asks of its database. An engine is a module that answers this list.

mod folding;
mod sqlite;

use std::{fmt, path::Path};

use serde::Serialize;
use signed_query::webhook::Notification;

use self::{folding::Words, sqlite::Sqlite};

/// How many people a search gives at most.
const MAX_RESULTS: usize = 50;
/// How many notes a page has at most, and after how many bytes of text it has no more.
const MAX_NOTES: usize = 50;
const MAX_NOTES_BYTES: usize = 256 * 1024;
/// How many orders a page has, and how many years of sales.
const MAX_ORDERS: u32 = 5;
const MAX_YEARS: u32 = 100;
/// How much of a name, an address or a title is shown, and how much of a note, in
/// characters. Other programs write to the database, and may have put anything there.
const MAX_NAME_CHARS: usize = 300;
const MAX_NOTE_CHARS: usize = 4000;

pub struct Database(Sqlite);

impl Database {
    /// Opens what `DATABASE` names, with its tables made if there are none; without it, a
    /// database in memory with a few sample people.
    pub async fn open(file: Option<&Path>) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        Ok(Self(Sqlite::open(file)?))
    }

    /// The people who have each word of a text in their name or address, by name.
    pub async fn search(&self, text: &str) -> Result<Vec<Match>> {
        let words = Words::of(text);
        if words.is_empty() { Ok(Vec::new()) } else { self.0.search(words).await }
    }

    /// One person, if there is one with this id, with the latest notes: those older than
    /// the note `before`, if it is given.
    pub async fn person(&self, id: &str, before: Option<i64>) -> Result<Option<Person>> {
        self.0.person(id.to_owned(), before).await
    }

    /// Adds a note, as of now.
    pub async fn add_note(&self, note: NewNote) -> Result<Added> {
        self.0.add_note(note).await
    }

    /// Stores a notification, once for each hash: the platform sends again what it
    /// thinks was not acknowledged, and anyone can send it again under another id.
    pub async fn store_notification(&self, notification: &Notification<'_>) -> Result<()> {
        self.0.store_notification(notification).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.0.ping().await
    }
}

/// A person that a search found.
#[derive(Debug, Serialize)]
pub struct Match {
    pub id: String,
    pub name: String,
}

/// What stands for a person who has no name.
fn name_or_id(name: String, id: &str) -> String {
    if name.trim().is_empty() { id.to_owned() } else { name }
}

pub struct Person {
    /// Or the id, where there is no name.
    pub name: String,
    pub email: String,
    pub phone: String,
    /// What they are called where they write.
    pub handle: String,
    /// Where the CRM itself shows this person.
    pub crm_url: String,
    /// The latest first.
    pub orders: Vec<Order>,
    /// The latest year first.
    pub sales: Vec<Sales>,
    /// The latest first.
    pub notes: Vec<Note>,
    /// Whether there are older notes than these.
    pub has_older_notes: bool,
}

pub struct Order {
    /// As `2026-11-23`, where it is known.
    pub day: Option<String>,
    pub title: String,
    pub cents: Option<i64>,
}

pub struct Sales {
    pub year: String,
    pub cents: Option<i64>,
}

pub struct Note {
    pub id: i64,
    pub day: Option<String>,
    pub text: String,
}

pub struct NewNote {
    pub person: String,
    pub text: String,
    /// The id of the link that it came by.
    pub link: String,
}

/// What became of a new note.
pub enum Added {
    /// It is stored, now or since the same link brought the same note before.
    Stored,
    /// The link brought another note before, and this one is not stored.
    LinkWasUsed,
    NoSuchPerson,
}

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    /// Others had the database for as long as a caller waits. Nothing was done.
    Busy,
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the database is busy"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
