//! Signing a value: it is written, and then has to be read back whole.

use alloc::{borrow::ToOwned, string::String};

use serde_core::Serialize;

use super::write::{self, Rules, unwritable};
use crate::{
    Error, Key, MAX_PARAMETERS,
    canonical::{canonicalize, to_sign},
    sign::RESERVED,
};

impl Key {
    /// Signs a value as PHP's array, written as [`build_query`](crate::build_query) writes
    /// it, and gives the query string in canonical form, ending in `expires=…&sig=…`.
    /// [`VerifiedQuery::deserialize`](crate::VerifiedQuery::deserialize) reads it back.
    ///
    /// The value is a struct, a map or a sequence. A vector of pairs is a sequence of
    /// sequences: `vec![("a", "1")]` is `0[0]=a&0[1]=1`, and no parameter `a`, for which
    /// there is [`Key::sign`].
    ///
    /// `expires` is a time, not a duration: `expires_in` gives one for the other.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// #[derive(serde::Serialize)]
    /// struct Note {
    ///     id: u64,
    ///     pinned: bool,
    /// }
    ///
    /// let key = Key::new("changeme!")?;
    /// let query = key.sign_value(&Note { id: 1, pinned: true }, 1_500_472_622)?;
    /// assert!(query.starts_with("id=1&pinned=1&expires=1500472622&sig="));
    /// # assert!(Verifier::new(key).verify_at(&query, 0).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Key::sign`] for outermost names, which are signed as PHP will read them back.
    /// [`Error::UnwritableValue`] for what [`build_query`](crate::build_query) can't write,
    /// or can't with room for the expiry and the signature; for a key in brackets that PHP
    /// does not read back (it is empty or a single white-space character, or has `]` or
    /// NUL); and for two values that PHP reads as one.
    pub fn sign_value<T: Serialize + ?Sized>(&self, value: &T, expires: u64) -> Result<String, Error> {
        let query = write_to_sign(value, RESERVED.len())?;
        let canonical = to_sign(&query, RESERVED)?;
        all_are_read(&query, &canonical)?;
        Ok(self.finish(canonical.into_owned(), expires))
    }
}

/// Writes a value to which signing will add so many parameters. What becomes of its
/// outermost names is for the scheme to say, and then for [`all_are_read`].
pub(crate) fn write_to_sign<T: Serialize + ?Sized>(value: &T, added: usize) -> Result<String, Error> {
    write::query(value, Rules { most: MAX_PARAMETERS - added, is_read_back: true })
}

/// Refuses a query of which the canonical form has fewer parameters: PHP reads two as one.
pub(crate) fn all_are_read(query: &str, canonical: &str) -> Result<(), Error> {
    if count(canonical) == count(query) {
        return Ok(());
    }
    // The first one that takes another's place: up to it, the beginnings of the query lose
    // nothing, and all from there on do.
    let ends = || query.match_indices('&').map(|(end, _)| end).chain([query.len()]);
    let ends: alloc::vec::Vec<_> = ends().collect();
    let loses_none = |&end: &usize| {
        canonicalize(&query[..end]).is_ok_and(|canonical| count(&canonical) == count(&query[..end]))
    };
    let end = ends.get(ends.partition_point(loses_none)).copied().unwrap_or(query.len());
    let parameter = query[..end].rsplit('&').next().unwrap_or_default();
    let name = parameter.split('=').next().unwrap_or_default().to_owned();
    Err(unwritable(name.as_bytes(), "PHP reads it and another value as one"))
}

fn count(query: &str) -> usize {
    query.split('&').filter(|parameter| !parameter.is_empty()).count()
}
