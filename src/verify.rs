//! The platform's scheme: deciding whether a signed query is good.

use alloc::vec::Vec;
use core::time::Duration;

use crate::{
    Error, Key, VerifiedQuery,
    canonical::{self, Field, Role, Sent, escape::encode},
    key::{Keys, Signature},
    lifetime::{Lifetime, unix_seconds},
};

/// Decides which signed queries are good.
///
/// Build one at startup, share it between threads, and call
/// [`verify`](Self::verify) for each request.
///
/// ```
/// # use core::time::Duration;
/// # use signed_query::{Key, Verifier};
/// let verifier = Verifier::new(Key::new("new secret")?)
///     .or_key(Key::new("previous secret")?)
///     .ignoring(["message_sentiment"])
///     .leeway(Duration::from_secs(5))
///     .max_lifetime(Duration::from_secs(3600));
/// # Ok::<(), signed_query::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Keys,
    /// Encoded, as they stand in a query.
    unsigned_names: Vec<Vec<u8>>,
    unsigned_prefixes: Vec<Vec<u8>>,
    lifetime: Lifetime,
}

impl Verifier {
    /// Accepts what this key signed, until it expires.
    #[must_use]
    pub fn new(key: Key) -> Self {
        let (unsigned_names, unsigned_prefixes) = (Vec::new(), Vec::new());
        Self { keys: Keys::new(key), unsigned_names, unsigned_prefixes, lifetime: Lifetime::default() }
    }

    /// Accepts what this key signed, too: the previous secret, until the new one is in
    /// use everywhere. Every key costs a MAC on every request.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.add(previous);
        self
    }

    /// Leaves these parameters out of the signature: the ones that a platform adds
    /// after signing. Only [`VerifiedQuery::unsigned`] reads them.
    ///
    /// A name must be exactly the decoded one, without brackets, that PHP gives the
    /// parameter, and covers all elements of an array. So `a.b` and `a[b]` never match:
    /// instead of the first name `a_b`, and instead of the second `a`, with all its
    /// elements. `sig` and `expires` are never ignored.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let raw = key.sign([("id", "1")], 60)? + "&click.id=7&tag[]=new";
    /// let verifier = Verifier::new(key).ignoring(["click_id", "tag"]);
    /// assert!(verifier.verify_at(&raw, 0).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn ignoring<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.unsigned_names.extend(names.into_iter().map(encoded));
        self
    }

    /// Leaves out of the signature, as [`ignoring`](Self::ignoring) does, all
    /// parameters whose names start with one of these: `utm_` for what campaigns add
    /// to a link. An empty prefix matches nothing.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let raw = key.sign([("id", "1")], 60)? + "&utm_source=mail&utm_medium=link";
    /// let verifier = Verifier::new(key).ignoring_prefixes(["utm_"]);
    /// assert!(verifier.verify_at(&raw, 0).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn ignoring_prefixes<N: AsRef<str>>(mut self, starts: impl IntoIterator<Item = N>) -> Self {
        let starts = starts.into_iter().map(encoded).filter(|start| !start.is_empty());
        self.unsigned_prefixes.extend(starts);
        self
    }

    /// Accepts a query for this long after it expired (and one that expires this much
    /// further ahead than [`max_lifetime`](Self::max_lifetime)), since clocks differ.
    /// Zero if not set; fractions of a second are dropped.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.lifetime.leeway = leeway;
        self
    }

    /// Refuses a query that expires further ahead than this: set it to more than the
    /// platform ever asks for. No limit if not set; fractions of a second are dropped.
    #[must_use]
    pub fn max_lifetime(mut self, max_lifetime: Duration) -> Self {
        self.lifetime.max = Some(max_lifetime);
        self
    }

    /// Verifies a query string at the time `now`, in Unix seconds.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// let verifier = Verifier::new(Key::new("changeme!")?);
    /// let raw = "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
    ///
    /// let query = verifier.verify_at(raw, 1_500_472_622)?;
    /// assert_eq!(query.get("q").as_deref(), Some("red"));
    ///
    /// let late = verifier.verify_at(raw, 1_500_472_623).unwrap_err();
    /// assert_eq!(late.status(), 403);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// In this order: a malformed query (status 400), [`Error::Mismatch`], and
    /// then [`Error::Expired`] or [`Error::LifetimeTooLong`] (all 403).
    pub fn verify_at<'q>(&self, raw: &'q str, now: u64) -> Result<VerifiedQuery<'q>, Error> {
        // To PHP a raw NUL ends the query, and nothing after it is a signature.
        let last = canonical::take_last(raw, b"&sig=").filter(|_| !raw.as_bytes().contains(&0));
        let (query, at_end) = last.map_or((raw, None), |(query, signature)| (query, Some(signature)));
        let (mut signature, mut expires) = (Sent::Missing, Sent::Missing);
        let role = |name: &[u8], field: Field<'_>| match name {
            b"sig" => {
                signature = Sent::read(field, |text| Signature::try_from(text).ok());
                Role::Out
            }
            b"expires" => {
                expires = Sent::read(field, unix_seconds);
                Role::Main
            }
            _ if self.is_unsigned(name) => Role::Aside,
            _ => Role::Main,
        };
        let parts = canonical::split(query, at_end.is_some().into(), role)?;
        let elsewhere = match at_end {
            Some(_) => None,
            None => signature.required(Error::MissingSignature, Error::MalformedSignature)?,
        };
        let expires = expires.required(Error::MissingExpires, Error::MalformedExpires)?;
        let expires = expires.ok_or(Error::MalformedExpires)?;
        // Something that is no signature at all is well formed, and matches nothing.
        let signature = at_end.or(elsewhere.as_ref()).ok_or(Error::Mismatch)?;
        self.keys.matching(&[parts.main.as_bytes()], signature).ok_or(Error::Mismatch)?;
        self.lifetime.check(expires, now)?;
        Ok(VerifiedQuery::new(parts.main, parts.aside, expires))
    }

    /// Verifies the query of a URL at the time `now`, in Unix seconds: the counterpart
    /// of [`Key::sign_url`]. The URL may be a whole one, a path with a query, or a query
    /// with its `?`; what comes before the query, and the fragment after it, are not
    /// checked, since they are not signed.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// let key = Key::new("changeme!")?;
    /// let url = key.sign_url("https://crm.example/search?q=red#top", 1_500_472_622)?;
    /// let query = Verifier::new(key).verify_url_at(&url, 1_500_472_622)?;
    /// assert_eq!(query.get("q").as_deref(), Some("red"));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at); a URL without `?` has no signature.
    pub fn verify_url_at<'q>(&self, url: &'q str, now: u64) -> Result<VerifiedQuery<'q>, Error> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        self.verify_at(url.split_once('?').map_or("", |(_, query)| query), now)
    }

    /// Whether an encoded name is one to leave out. They are few, and mostly differ in
    /// length: looking at each is faster than any order.
    fn is_unsigned(&self, name: &[u8]) -> bool {
        self.unsigned_names.iter().any(|unsigned| unsigned == name)
            || self.unsigned_prefixes.iter().any(|start| name.starts_with(start))
    }
}

/// A name, or the start of one, as it stands in a query.
fn encoded(name: impl AsRef<str>) -> Vec<u8> {
    encode(name.as_ref().as_bytes()).into_owned()
}
