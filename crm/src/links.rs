//! The links in the page about a person, which the server signs itself.

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

/// How long after the platform opened a page its links are valid: a working day.
const LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// Signs the links and verifies them. Each kind has its own key, derived from the iframe's:
/// otherwise a link to a page would also be one to add a note.
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
    /// The id of the link itself.
    pub id: String,
    pub expires: u64,
}

/// A link to a page.
#[derive(Clone)]
pub struct PageLink {
    pub person: String,
    /// The page shows the notes older than this one.
    pub before: Option<i64>,
    /// The page says that this note was added.
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

    /// When a link that is signed now expires, in Unix seconds.
    pub fn expiry(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (now + LIFE).as_secs()
    }

    /// A link to add a note about a person, relative to the page. Each one is different.
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
    /// The page about somebody as the platform opens it.
    pub fn to(person: String, expires: u64) -> Self {
        Self { person, before: None, added: None, expires }
    }
}

/// The server itself wrote it, so anything but a number can be ignored.
fn number(query: &VerifiedQuery<'_>, name: &str) -> Option<i64> {
    query.get(name)?.parse().ok()
}

/// As random as the keys of a hash map: that makes each link different, which is all that is
/// needed, since links are signed.
fn random() -> u64 {
    RandomState::new().hash_one(())
}
