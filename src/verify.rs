//! The policy by which queries are verified, and the query that passed.

use alloc::{borrow::Cow, string::String, vec, vec::Vec};
use core::{ops::BitOr, time::Duration};

use subtle::Choice;

use crate::{
    Error, Key,
    canonical::{
        self, Field, Parts,
        escape::{decode, encode},
    },
    key::SIGNATURE_LENGTH,
};

/// Decides which signed queries are good.
///
/// Build one at the start, share it between threads, and call
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
    keys: Vec<Key>,
    /// Encoded, as they stand in a query.
    unsigned_names: Vec<Vec<u8>>,
    leeway: Duration,
    max_lifetime: Option<Duration>,
}

impl Verifier {
    /// Accepts what this key signed, until the second at which it expires.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { keys: vec![key], unsigned_names: Vec::new(), leeway: Duration::ZERO, max_lifetime: None }
    }

    /// Accepts what this key signed, too: the previous secret, while the new one
    /// is not known everywhere. Every key costs a MAC on every request.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.push(previous);
        self
    }

    /// Leaves these parameters out of the signature: the ones that a platform
    /// adds after signing. They are read with [`VerifiedQuery::unsigned`] alone.
    ///
    /// A name is the exact, decoded one, as PHP has it (`a_b` for `a.b`), and
    /// stands for an array of that name with all its elements. `sig` and
    /// `expires` are never ignored.
    #[must_use]
    pub fn ignoring<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.unsigned_names
            .extend(names.into_iter().map(|name| encode(name.as_ref().as_bytes()).into_owned()));
        self
    }

    /// Accepts a query so long after it expired (and so much further ahead than
    /// [`max_lifetime`](Self::max_lifetime)), since clocks differ. Zero if not
    /// set; fractions of a second are dropped.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Refuses a query that expires further ahead of now than the platform ever
    /// sends. No limit if not set; fractions of a second are dropped.
    #[must_use]
    pub fn max_lifetime(mut self, max_lifetime: Duration) -> Self {
        self.max_lifetime = Some(max_lifetime);
        self
    }

    /// Verifies a query string against the system clock.
    ///
    /// `raw` is what stands behind the `?`, exactly as it was sent: decoding or
    /// parsing it before would change what is verified.
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at). With a clock that is set before 1970,
    /// everything has expired.
    #[cfg(feature = "std")]
    #[cfg_attr(docsrs, doc(cfg(feature = "std")))]
    pub fn verify<'q>(&self, raw: &'q str) -> Result<VerifiedQuery<'q>, Error> {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        self.verify_at(raw, since_epoch.map_or(u64::MAX, |time| time.as_secs()))
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
        let mut parts = Parts::default();
        canonical::split(raw, |name| self.is_unsigned(name), &mut parts)?;
        let signature = match parts.signature {
            Field::Missing => return Err(Error::MissingSignature),
            Field::Array => return Err(Error::MalformedSignature),
            // So many bytes are a signature as they are, or none: an escape would
            // leave fewer.
            Field::Sent(sent) if sent.len() == SIGNATURE_LENGTH => Cow::Borrowed(sent),
            Field::Sent(sent) => decode(sent),
        };
        let expires = match parts.expires {
            Field::Missing => return Err(Error::MissingExpires),
            Field::Array => return Err(Error::MalformedExpires),
            Field::Sent(sent) => unix_seconds(sent).or_else(|| unix_seconds(&decode(sent))),
        };
        let expires = expires.ok_or(Error::MalformedExpires)?;
        if !self.matches(parts.signed.as_bytes(), &signature) {
            return Err(Error::Mismatch);
        }
        self.check_clock(expires, now)?;
        Ok(VerifiedQuery { signed: parts.signed, unsigned: parts.unsigned, expires })
    }

    /// Whether a name, encoded, is one to leave out. They are few, and differ in
    /// length mostly: to look at each is faster than any order.
    fn is_unsigned(&self, name: &[u8]) -> bool {
        self.unsigned_names.iter().any(|unsigned| unsigned == name)
    }

    /// Tries every key, so that not even the time tells which one matched.
    fn matches(&self, signed: &[u8], signature: &[u8]) -> bool {
        let matches = self.keys.iter().map(|key| key.matches(signed, signature));
        matches.reduce(Choice::bitor).is_some_and(bool::from)
    }

    fn check_clock(&self, expires: u64, now: u64) -> Result<(), Error> {
        let leeway = self.leeway.as_secs();
        if expires.saturating_add(leeway) < now {
            return Err(Error::Expired { expires, now });
        }
        let latest = self.max_lifetime.map_or(u64::MAX, |max_lifetime| {
            now.saturating_add(max_lifetime.as_secs()).saturating_add(leeway)
        });
        if expires > latest {
            return Err(Error::LifetimeTooLong { expires, now });
        }
        Ok(())
    }
}

/// A number in decimal digits; one that is too large for 64 bits is as good as
/// the largest. `None` for anything else, and for nothing at all.
fn unix_seconds(digits: &[u8]) -> Option<u64> {
    let value = |digit: &u8| u64::from(digit.wrapping_sub(b'0'));
    if digits.is_empty() || digits.iter().any(|digit| value(digit) > 9) {
        return None;
    }
    // What has nineteen digits fits for sure.
    Some(match digits.len() {
        1..20 => digits.iter().fold(0, |number, digit| 10 * number + value(digit)),
        _ => {
            digits.iter().fold(0, |number: u64, digit| number.saturating_mul(10).saturating_add(value(digit)))
        }
    })
}

/// A query whose signature matched and which had not expired.
///
/// Read parameters from here and never from the raw query again. A raw query may
/// name a parameter twice: `q=evil&q=red&…` has a valid signature for `q=red`,
/// which is what [`get`](Self::get) gives, and whoever takes the first `q` of the
/// raw text is fooled.
///
/// Names are PHP's: `a_b` where the query has `a.b`, and the element of an array
/// by its flat name, `a[0]` or `a[b][c]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedQuery<'q> {
    signed: Cow<'q, str>,
    unsigned: Cow<'q, str>,
    expires: u64,
}

impl VerifiedQuery<'_> {
    /// The value of a signed parameter, with bytes that are not UTF-8 replaced
    /// by U+FFFD. Without an escape in it, it is lent and not copied.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// # let raw = key.sign_url("?tag[]=new&tag[]=red&full.name=Susan+Red", 60)?.split_off(1);
    /// // of `tag[]=new&tag[]=red&full.name=Susan+Red&…`
    /// let query = Verifier::new(key).verify_at(&raw, 0)?;
    /// assert_eq!(query.get("tag[1]").as_deref(), Some("red"));
    /// assert_eq!(query.get("full_name").as_deref(), Some("Susan Red"));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get_bytes(name).map(into_text)
    }

    /// The value of a signed parameter, to the byte.
    #[must_use]
    pub fn get_bytes(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        find(&self.signed, name)
    }

    /// The signed parameters with their values, `expires` among them, in the
    /// canonical order; bytes that are not UTF-8 are replaced as in
    /// [`get`](Self::get).
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.signed.as_bytes())
    }

    /// The last Unix second at which the query is good, without leeway. What is
    /// too large for 64 bits is [`u64::MAX`].
    #[must_use]
    pub fn expires(&self) -> u64 {
        self.expires
    }

    /// What was signed: the canonical form of the query without `sig` and without
    /// the ignored parameters.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.signed
    }

    /// The value of a parameter that was ignored for the signature, and which
    /// anyone may have written or changed; as in [`get`](Self::get) otherwise.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let raw = key.sign([("id", "1")], 60)? + "&message_sentiment=positive";
    /// let query = Verifier::new(key).ignoring(["message_sentiment"]).verify_at(&raw, 0)?;
    /// assert_eq!(query.unsigned("message_sentiment").as_deref(), Some("positive"));
    /// assert_eq!(query.get("message_sentiment"), None);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn unsigned(&self, name: &str) -> Option<Cow<'_, str>> {
        find(&self.unsigned, name).map(into_text)
    }

    /// The same query without a tie to the text that it came from.
    #[must_use]
    pub fn into_owned(self) -> VerifiedQuery<'static> {
        VerifiedQuery {
            signed: Cow::Owned(self.signed.into_owned()),
            unsigned: Cow::Owned(self.unsigned.into_owned()),
            expires: self.expires,
        }
    }
}

/// The decoded value of a name in a query in canonical form, in which there is
/// one way to write a name, and each stands once.
fn find<'c>(canonical: &'c str, name: &str) -> Option<Cow<'c, [u8]>> {
    let name = encode(name.as_bytes());
    let mut parameters = canonical.split('&').filter_map(|parameter| parameter.split_once('='));
    parameters.find(|(encoded, _)| *encoded.as_bytes() == *name).map(|(_, value)| decode(value.as_bytes()))
}

fn into_text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
