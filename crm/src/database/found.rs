//! The people that a search has found.

use std::collections::BTreeMap;

use super::{
    MAX_ID_BYTES, MAX_RESULTS, Match,
    folding::{Words, contacts, fold},
    name_or_id,
};

/// Of all people who are added and match, the first by name.
pub struct Found<'w> {
    words: &'w Words,
    people: BTreeMap<(String, String), Match>,
}

impl<'w> Found<'w> {
    pub fn new(words: &'w Words) -> Self {
        Self { words, people: BTreeMap::new() }
    }

    /// Adds a person as they are in the database now, if they match the words and have an id
    /// that can be requested. Returns whether they do.
    pub fn add<E>(
        &mut self,
        name: String,
        [email, phone]: [&str; 2],
        id: impl FnOnce() -> Result<Option<String>, E>,
    ) -> Result<bool, E> {
        let folded = fold(&name);
        if !self.words.are_in(&folded, &contacts(email, phone)) {
            return Ok(false);
        }
        let Some(id) = id()?.filter(|id| id.len() <= MAX_ID_BYTES) else { return Ok(false) };
        self.people.insert((folded, id.clone()), Match { name: name_or_id(name, &id), id });
        if self.people.len() > MAX_RESULTS {
            self.people.pop_last();
        }
        Ok(true)
    }

    pub fn into_matches(self) -> Vec<Match> {
        self.people.into_values().collect()
    }
}
