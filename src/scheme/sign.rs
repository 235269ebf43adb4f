//! Signing a query by a scheme.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{borrow::Borrow, fmt::Write};

use super::{Scheme, to_sign::to_sign};
use crate::{
    Error, Key,
    canonical::escape::{encode_into, into_text},
    key::Mac,
};

impl Scheme {
    /// Signs parameters by this scheme, and gives the query string, which ends in the
    /// signature. `time` is the Unix second to send: with [`expires`](Self::expires) the last
    /// one at which the query is valid, with [`issued_at`](Self::issued_at) the one at which
    /// it is signed, and `None` for a scheme without a time.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use signed_query::{Key, Scheme, expires_in};
    /// let scheme = Scheme::new("hash")?.expires("until")?;
    /// let key = Key::new("secret")?;
    /// let in_five_minutes = expires_in(Duration::from_secs(300));
    /// let signed = scheme.sign(&key, [("user", "7")], in_five_minutes)?;
    /// assert!(scheme.verifier(key).verify(&signed).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// Names are signed as PHP will read them back: `a.b` as `a_b`, `a[]` as `a[0]`.
    /// If a name has two values, the last one counts, so
    /// `[("id", "1"), ("id", "2")]` signs `id=2`; for a list, write `id[]` twice. The pairs
    /// may come from an array, a vector or a map, owned or borrowed.
    ///
    /// # Errors
    ///
    /// For a query that could not be verified: [`Error::ReservedName`] or
    /// [`Error::ReservedParameter`] for the names of the signature and the time,
    /// [`Error::DroppedName`] for a name that PHP drops, [`Error::NameNotSigned`] for one
    /// that [`only`](Self::only) or [`only_prefix`](Self::only_prefix) leaves out,
    /// [`Error::NumericName`], [`Error::TooManyParameters`] and [`Error::TooDeep`];
    /// [`Error::MissingTime`] and [`Error::UnexpectedTime`].
    pub fn sign<P, N, V>(&self, key: &Key, pairs: P, time: impl Into<Option<u64>>) -> Result<String, Error>
    where
        P: IntoIterator,
        P::Item: Borrow<(N, V)>,
        N: AsRef<str>,
        V: AsRef<str>,
    {
        // Room for a usual query with its time and signature.
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
        let rewritten = match self.to_sign(&query)? {
            Cow::Borrowed(_) => None,
            Cow::Owned(canonical) => Some(canonical),
        };
        self.finish(key, rewritten.unwrap_or(query), time.into())
    }

    /// Signs the query of a URL, as [`sign`](Self::sign) does; what comes before it, and
    /// the fragment after it, stay unchanged. Only the query is signed: it is valid on any
    /// host and path that share the secret. To sign a query string, put a `?` before it.
    ///
    /// ```
    /// # use signed_query::{Key, Scheme};
    /// let (scheme, key) = (Scheme::new("checksum")?.sorted(), Key::new("secret")?);
    /// let url = "https://shop.example/paid?order=7&amount=12#top";
    /// let signed = scheme.sign_url(&key, url, None)?;
    /// let start = "https://shop.example/paid?amount=12&order=7&checksum=";
    /// assert!(signed.starts_with(start) && signed.ends_with("#top"));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign); a URL that is already signed has reserved names.
    pub fn sign_url(&self, key: &Key, url: &str, time: impl Into<Option<u64>>) -> Result<String, Error> {
        let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let query = self.to_sign(query)?.into_owned();
        Ok([path, "?", &self.finish(key, query, time.into())?, fragment].concat())
    }

    /// How many parameters signing adds.
    #[cfg(feature = "serde")]
    pub(crate) fn added(&self) -> usize {
        1 + usize::from(self.time.is_some())
    }

    pub(crate) fn to_sign<'q>(&self, raw: &'q str) -> Result<Cow<'q, str>, Error> {
        let own = (&self.signature, self.time.as_ref().map(|time| &time.name));
        to_sign(raw, own, |name| self.is_signed(name.as_bytes()))
    }

    /// Appends the time and the signature to a query in canonical form.
    pub(crate) fn finish(&self, key: &Key, mut query: String, time: Option<u64>) -> Result<String, Error> {
        match (&self.time, time) {
            (None, None) => (),
            (None, Some(_)) => return Err(Error::UnexpectedTime),
            (Some(_), None) => return Err(Error::MissingTime),
            (Some(own), Some(time)) => {
                let separator = if query.is_empty() { "" } else { "&" };
                write!(query, "{separator}{}={time}", own.name).expect("a String takes all that is written");
            }
        }
        let mut signed = self.text(Cow::Owned(query))?.into_owned();
        let mut mac = Mac::default();
        key.mac(&[signed.as_bytes()], &mut mac);
        let separator = if signed.is_empty() { "" } else { "&" };
        for piece in [separator, &self.signature, "="] {
            signed.push_str(piece);
        }
        self.writing.write_escaped(&mac, &mut signed);
        Ok(signed)
    }
}

impl Key {
    /// Signs parameters by the platform's scheme, and gives the query string in canonical
    /// form, which ends in `expires=…&sig=…`. PHP, or a [`Verifier`](crate::Verifier),
    /// accepts it until the Unix second `expires`, inclusive.
    ///
    /// Names and values are taken as [`Scheme::sign`] takes them: of two values of one
    /// name, the last counts.
    ///
    /// `expires` is a time, not a duration: `expires_in` turns one into the other.
    ///
    /// ```
    /// # use signed_query::Key;
    /// let key = Key::new("changeme!")?;
    /// assert_eq!(
    ///     key.sign([("q", "red")], 1_500_472_622)?,
    ///     "q=red&expires=1500472622&sig=\
    ///      7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c",
    /// );
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For a query that could not be verified: [`Error::ReservedName`] for
    /// `sig` and `expires`, [`Error::DroppedName`] for a name that PHP drops,
    /// [`Error::TooManyParameters`] and [`Error::TooDeep`].
    pub fn sign<P, N, V>(&self, pairs: P, expires: u64) -> Result<String, Error>
    where
        P: IntoIterator,
        P::Item: Borrow<(N, V)>,
        N: AsRef<str>,
        V: AsRef<str>,
    {
        Scheme::default().sign(self, pairs, expires)
    }

    /// Signs the query of a URL by the platform's scheme; what comes before it, and the
    /// fragment after it, stay unchanged. Only the query is signed: it is valid on any host
    /// and path that share the secret. To sign a query string, put a `?` before it.
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
    /// # Errors
    ///
    /// As [`Key::sign`]; a URL that is already signed has reserved names.
    pub fn sign_url(&self, url: &str, expires: u64) -> Result<String, Error> {
        Scheme::default().sign_url(self, url, expires)
    }
}
