//! The platform's scheme: signing a query.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{borrow::Borrow, fmt::Write};

use crate::{
    Error, Key,
    canonical::{
        escape::{encode_into, into_text},
        to_sign,
    },
    key::as_text,
};

/// What signing adds.
pub(crate) const RESERVED: [&str; 2] = ["sig", "expires"];

impl Key {
    /// Signs parameters, and gives the query string in canonical form, ending in
    /// `expires=…&sig=…`. PHP, or a [`Verifier`](crate::Verifier), accepts it until the
    /// Unix second `expires`, inclusive.
    ///
    /// Names are signed as PHP will read them back: `a.b` as `a_b`, `a[]` as `a[0]`.
    /// The pairs may come from an array, a vector or a map, owned or borrowed.
    ///
    /// A name has one value, as in PHP: `[("id", "1"), ("id", "2")]` is signed as `id=2`. For
    /// several, name an array: `[("id[]", "1"), ("id[]", "2")]`.
    ///
    /// `expires` is a time, not a duration: `expires_in` gives one for the other.
    ///
    /// ```
    /// # use signed_query::Key;
    /// let key = Key::new("changeme!")?;
    /// assert_eq!(
    ///     key.sign([("q", "red")], 1_500_472_622)?,
    ///     "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c",
    /// );
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Anything that would give a query that can't verify: [`Error::ReservedName`] for
    /// `sig` and `expires`, [`Error::DroppedName`] for a name that PHP skips,
    /// [`Error::TooManyParameters`] and [`Error::TooDeep`].
    pub fn sign<P, N, V>(&self, pairs: P, expires: u64) -> Result<String, Error>
    where
        P: IntoIterator,
        P::Item: Borrow<(N, V)>,
        N: AsRef<str>,
        V: AsRef<str>,
    {
        // Room for the usual, with the expiry and the signature.
        let mut query = Vec::with_capacity(256);
        for pair in pairs {
            let (name, value) = pair.borrow();
            if !query.is_empty() {
                query.push(b'&');
            }
            encode_into(&mut query, name.as_ref().as_bytes());
            query.push(b'=');
            encode_into(&mut query, value.as_ref().as_bytes());
        }
        let query = into_text(query);
        let rewritten = match to_sign(&query, RESERVED)? {
            Cow::Borrowed(_) => None,
            Cow::Owned(canonical) => Some(canonical),
        };
        Ok(self.finish(rewritten.unwrap_or(query), expires))
    }

    /// Signs the query of a URL; what comes before it, and the fragment after it, stay
    /// unchanged. Only the query is signed: it is good on any host and path that share
    /// the secret.
    ///
    /// ```
    /// # use signed_query::Key;
    /// let key = Key::new("changeme!")?;
    /// assert_eq!(
    ///     key.sign_url("https://crm.example/search?q=red#top", 1_500_472_622)?,
    ///     "https://crm.example/search?q=red&expires=1500472622\
    ///      &sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c#top",
    /// );
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// A query alone needs its `?`, without which it is a path:
    ///
    /// ```
    /// # use signed_query::Key;
    /// let key = Key::new("changeme!")?;
    /// assert!(key.sign_url("?q=red", 60)?.starts_with("?q=red&expires=60&sig="));
    /// assert!(key.sign_url("q=red", 60)?.starts_with("q=red?expires=60&sig="));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Key::sign`]; a URL that is already signed has reserved names.
    pub fn sign_url(&self, url: &str, expires: u64) -> Result<String, Error> {
        let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let query = to_sign(query, RESERVED)?.into_owned();
        Ok([path, "?", &self.finish(query, expires), fragment].concat())
    }

    /// Appends the expiry and the signature to a query in canonical form.
    pub(crate) fn finish(&self, mut query: String, expires: u64) -> String {
        if !query.is_empty() {
            query.push('&');
        }
        write!(query, "expires={expires}").expect("a String takes all that is written");
        let signature = self.signature(query.as_bytes());
        query.push_str("&sig=");
        query.push_str(as_text(&signature));
        query
    }
}
