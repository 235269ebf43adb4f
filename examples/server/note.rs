//! `POST /note`: adds a note about a person, by a link that the page about them
//! has and that this server signed itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use signed_query::{Error, Key, Verifier};

use crate::{
    body::Upload,
    database::Database,
    reply::Refusal,
    routes::{text, verifier},
};

/// How long a link is good for.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// What a form may take up, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Signs the links and verifies them.
pub struct NoteLinks {
    key: Key,
    verifier: Verifier,
}

/// What a link gave: whose page to show again, and until when it may be used.
pub struct Added {
    pub person: String,
    pub expires: u64,
}

impl NoteLinks {
    /// Links that go with the iframe's key. They have one of their own, made of
    /// it: else a link to the page would be one to write notes, and a link to
    /// write notes would open the page again and again.
    pub fn new(iframe: &Key, previous: Option<&Key>) -> Result<Self, Error> {
        let derived = |key: &Key| Key::new(key.sign([("purpose", "note links")], 0)?);
        let key = derived(iframe)?;
        let previous = previous.map(derived).transpose()?;
        Ok(Self { verifier: verifier(key.clone(), previous.as_ref()), key })
    }

    /// When a link expires that is signed now, in Unix seconds.
    pub fn expiry(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (now + LIFE).as_secs()
    }

    /// A link to add a note about a person, relative to the page.
    pub fn sign(&self, person: &str, expires: u64) -> Result<String, Error> {
        Ok(format!("note?{}", self.key.sign([("id", person)], expires)?))
    }

    /// Adds the note in a form's body to the person that the link is for.
    pub async fn add(
        &self,
        database: &Database,
        query: &str,
        body: &mut Upload<'_>,
    ) -> Result<Added, Refusal> {
        let query = self.verifier.verify(query)?;
        let person = text(&query, "id")?;
        let form = body.read(MAX_BYTES).await?;
        let note = form_urlencoded::parse(&form).find(|(name, _)| name == "text");
        let note = note.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty());
        let note = note.ok_or(Refusal::BadParameter("text"))?;
        if !database.add_note(person.clone(), note).await? {
            return Err(Refusal::NoSuchPerson);
        }
        Ok(Added { person, expires: query.expires() })
    }
}
