//! Signing a value: it is written so that PHP reads all of it back.

use alloc::{string::String, vec::Vec};

use serde_core::Serialize;

use super::write::{self, Rules, unwritable};
use crate::{Error, Key, MAX_PARAMETERS, Scheme, canonical::canonicalize};

impl Scheme {
    /// Signs a value as PHP's array, written as [`build_query`](crate::build_query) writes
    /// it, and gives the query string, which ends in the signature. `time` is as in
    /// [`sign`](Self::sign).
    ///
    /// The value is a struct, a map or a sequence. A vector of pairs is a sequence of
    /// sequences: `vec![("a", "1")]` is `0[0]=a&0[1]=1`. To sign pairs of names and values,
    /// use [`sign`](Self::sign).
    ///
    /// ```
    /// # use signed_query::{Key, Scheme};
    /// #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    /// struct Order {
    ///     id: u64,
    ///     paid: bool,
    /// }
    ///
    /// let scheme = Scheme::new("hash")?.expires("until")?.sorted();
    /// let key = Key::new("secret")?;
    /// let order = Order { id: 7, paid: true };
    /// let query = scheme.sign_value(&key, &order, 1_800_000_000)?;
    /// assert!(query.starts_with("id=7&paid=1&until=1800000000&hash="));
    /// let query = scheme.verifier(key).verify_at(&query, 1_800_000_000)?;
    /// assert_eq!(query.deserialize::<Order>()?, order);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign) for outermost names, which are signed as PHP will read them
    /// back, and for the time. [`Error::UnwritableValue`] for a value that
    /// [`build_query`](crate::build_query) can't write, or not with room for the time and
    /// the signature; for a key in brackets that PHP does not read back (it is empty or a
    /// single white-space character, or contains `]` or NUL); and for two values that PHP
    /// reads as one.
    pub fn sign_value<T: Serialize + ?Sized>(
        &self,
        key: &Key,
        value: &T,
        time: impl Into<Option<u64>>,
    ) -> Result<String, Error> {
        let rules = Rules { most: MAX_PARAMETERS - self.added(), refuses_lost_keys: true };
        let query = write::query(value, rules)?;
        let canonical = self.to_sign(&query)?;
        all_are_read(&query, &canonical)?;
        self.finish(key, canonical.into_owned(), time.into())
    }
}

impl Key {
    /// Signs a value by the platform's scheme, as [`Scheme::sign_value`] does, and gives
    /// the query string in canonical form, which ends in `expires=…&sig=…`.
    /// [`VerifiedQuery::deserialize`](crate::VerifiedQuery::deserialize) reads it back.
    ///
    /// `expires` is a time, not a duration: `expires_in` turns one into the other.
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
    /// # assert!(Verifier::new(key).verify_at(&query, 1_500_472_622).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Key::sign`] and [`Scheme::sign_value`]. A vector of pairs is not an error: it is
    /// signed as a sequence of sequences, `0[0]=a&0[1]=1` for `vec![("a", "1")]`.
    pub fn sign_value<T: Serialize + ?Sized>(&self, value: &T, expires: u64) -> Result<String, Error> {
        Scheme::default().sign_value(self, value, expires)
    }
}

/// Refuses a query whose canonical form has fewer parameters: PHP reads two of them as one.
fn all_are_read(query: &str, canonical: &str) -> Result<(), Error> {
    if count(canonical) == count(query) {
        return Ok(());
    }
    // Finds the first parameter that takes another's place: a beginning of the query loses
    // something if, and only if, it contains that parameter.
    let ends: Vec<_> = query.match_indices('&').map(|(end, _)| end).chain([query.len()]).collect();
    let loses_none = |&end: &usize| {
        canonicalize(&query[..end]).is_ok_and(|canonical| count(&canonical) == count(&query[..end]))
    };
    let end = ends.get(ends.partition_point(loses_none)).copied().unwrap_or(query.len());
    let parameter = query[..end].rsplit('&').next().unwrap_or_default();
    let name = parameter.split('=').next().unwrap_or_default();
    Err(unwritable(Some(name.as_bytes()), "PHP reads it and another value as one"))
}

fn count(query: &str) -> usize {
    query.split('&').filter(|parameter| !parameter.is_empty()).count()
}
