//! Links that the server signs itself, for the page about a person.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use signed_query::{Error, Key, VerifiedQuery, Verifier};

use crate::{
    query::{text, verifier},
    reply::Refusal,
};

/// How long after the platform opened a page its links are good: a working day.
const LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// Signs the links and verifies them. Each kind has a key of its own, made of the
/// iframe's: else a link to a page would be one to write notes.
pub struct Links {
    notes: Kind,
    pages: Kind,
}

struct Kind {
    key: Key,
    verifier: Verifier,
}

/// A link to add one note.
pub struct NoteLink {
    pub person: String,
    /// The link's own.
    pub id: String,
    pub expires: u64,
}

/// A link to a page.
#[derive(Clone)]
pub struct PageLink {
    pub person: String,
    /// The page has the notes older than this one.
    pub before: Option<i64>,
    /// It says of this note that it was added.
    pub added: Option<i64>,
    pub expires: u64,
}

impl Links {
    pub fn new(iframe: &Key, previous: Option<&Key>) -> Result<Self, Error> {
        let kind = |purpose| -> Result<Kind, Error> {
            let derived = |key: &Key| Key::new(key.sign([("purpose", purpose)], 0)?);
            let key = derived(iframe)?;
            let previous = previous.map(derived).transpose()?;
            Ok(Kind { verifier: verifier(key.clone(), previous.as_ref()), key })
        };
        Ok(Self { notes: kind("note links")?, pages: kind("page links")? })
    }

    /// When a link expires that is signed now, in Unix seconds.
    pub fn expiry(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (now + LIFE).as_secs()
    }

    /// A link to add a note about a person, relative to the page. No two are the same.
    pub fn note(&self, person: &str, expires: u64) -> Result<String, Error> {
        let id = format!("{:016x}{:016x}", random(), random());
        Ok(format!("note?{}", self.notes.key.sign([("id", person), ("link", &id)], expires)?))
    }

    /// A link to a page about a person, relative to the page.
    pub fn page(&self, page: &PageLink) -> Result<String, Error> {
        let numbers = [("before", page.before), ("added", page.added)];
        let numbers = numbers.into_iter().filter_map(|(name, number)| Some((name, number?.to_string())));
        let pairs = [("id", page.person.clone())].into_iter().chain(numbers);
        Ok(format!("person?{}", self.pages.key.sign(pairs, page.expires)?))
    }

    pub fn verify_note(&self, query: &str) -> Result<NoteLink, Refusal> {
        let query = self.notes.verifier.verify(query)?;
        Ok(NoteLink { person: text(&query, "id")?, id: text(&query, "link")?, expires: query.expires() })
    }

    pub fn verify_page(&self, query: &str) -> Result<PageLink, Refusal> {
        let query = self.pages.verifier.verify(query)?;
        Ok(PageLink {
            person: text(&query, "id")?,
            before: number(&query, "before"),
            added: number(&query, "added"),
            expires: query.expires(),
        })
    }
}

impl PageLink {
    /// The page about somebody as it is opened.
    pub fn to(person: String, expires: u64) -> Self {
        Self { person, before: None, added: None, expires }
    }
}

/// The server wrote it, so what is no number is none at all.
fn number(query: &VerifiedQuery<'_>, name: &str) -> Option<i64> {
    query.get(name)?.parse().ok()
}

/// Random as the keys of a hash map are: enough to be another one each time, which is
/// all that is needed of what is signed.
fn random() -> u64 {
    RandomState::new().hash_one(())
}
