//! Links that Symfony's `UriSigner` signs.
//!
//! ```
//! use signed_query::{Key, symfony::{self, Alphabet}};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! // The application's `kernel.secret`, which is `APP_SECRET`.
//! let key = Key::new("ThisTokenIsNotSoSecretChangeIt")?;
//! let link = symfony::sign(&key, "https://app.example/file?id=7", Some(1_893_456_000), Alphabet::UrlSafe)?;
//!
//! let verifier = symfony::Verifier::new(key, "https://app.example")?;
//! // For each request, with the path and query of its request line, here
//! // `/file?_expiration=1893456000&_hash=…&id=7`:
//! # let target = link.strip_prefix("https://app.example").unwrap();
//! let verified = verifier.verify_at(target, 1_893_455_999)?;
//! assert_eq!(verified.query().get("id").as_deref(), Some("7"));
//! assert_eq!(verifier.verify_at(target, 1_893_456_000).unwrap_err().status(), 403);
//! # Ok(())
//! # }
//! ```
//!
//! # What is signed
//!
//! The origin, the path as it was sent, and the parameters in canonical form, sorted
//! by their outermost names. So a proxy may reorder a query, or encode it differently.
//! If a name comes twice, the last value counts.
//!
//! # The origin
//!
//! You give a verifier the application's origin, the one in the links that Symfony
//! makes; it ignores the headers of requests. Behind a proxy, this is the origin that
//! clients see: `https://app.example`, even if the proxy speaks plain HTTP to port 8080.
//!
//! A proxy that strips a prefix removes a part of what was signed. Put it back before
//! you verify: `&format!("/files{target}")` behind one that passes on `/files/a` as
//! `/a`.
//!
//! # Stricter than Symfony
//!
//! These are refused here, too:
//!
//! - A link without `_expiration`, unless [`Verifier::allow_unlimited`] was called.
//! - An `_expiration` that is not a single string of digits. `0` has expired; before
//!   Symfony 7.4 it never expires.
//! - A `_hash` in any form but the two that [`Alphabet`] names.

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::time::Duration;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};

use crate::{
    Error, Key, VerifiedLink, VerifiedQuery,
    canonical::{
        self, Field, Role, Sent, by_name,
        escape::{decode, encode, into_text},
        name::is_own,
        to_sign,
    },
    key::{Keys, Mac, is_equal},
    lifetime::{Lifetime, unix_seconds},
    link::{Origin, Target, Url, behind_front_controller, expiry},
};

const HASH: &str = "_hash";
const EXPIRATION: &str = "_expiration";

/// How `UriSigner` writes a hash. A [`Verifier`] accepts both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// base64, 44 characters: what Symfony 7.2 and older write. 7.3 and later accept
    /// it as well.
    Standard,
    /// base64url without padding, 43 characters: what 7.3 and later write. Older ones
    /// do not accept it.
    UrlSafe,
}

impl Alphabet {
    /// The alphabet of a hash, as told by its length.
    fn of(hash: &[u8]) -> Option<Self> {
        match hash.len() {
            44 => Some(Self::Standard),
            43 => Some(Self::UrlSafe),
            _ => None,
        }
    }

    /// Writes a MAC.
    #[inline]
    fn write<'t>(self, mac: &Mac, text: &'t mut [u8; 44]) -> &'t [u8] {
        let written = match self {
            Self::Standard => Base64::encode(mac, text),
            Self::UrlSafe => Base64UrlUnpadded::encode(mac, text),
        };
        written.expect("44 bytes have room for 32 in base64").as_bytes()
    }
}

/// Decides which of Symfony's links are good.
///
/// Build one at startup, share it between threads, and call
/// [`verify`](Self::verify) for each request.
#[derive(Clone, Debug)]
pub struct Verifier {
    origin: Origin,
    /// Encoded, as they stand in a query.
    hash: Vec<u8>,
    expiration: Vec<u8>,
    keys: Keys,
    lifetime: Lifetime,
    allows_unlimited: bool,
}

impl Verifier {
    /// Accepts what `UriSigner::sign` makes, as `checkRequest` does: links of this
    /// origin, such as `https://app.example` or `http://localhost:8000`.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedOrigin`].
    pub fn new(key: Key, origin: &str) -> Result<Self, Error> {
        let (hash, expiration) = (HASH.into(), EXPIRATION.into());
        let (origin, keys, lifetime) = (Origin::parse(origin)?, Keys::new(key), Lifetime::default());
        Ok(Self { origin, hash, expiration, keys, lifetime, allows_unlimited: false })
    }

    /// Reads the hash and the expiry from parameters with other names than `_hash` and
    /// `_expiration`: those that Symfony's `UriSigner` was constructed with.
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] for a name that PHP reads as another one (`a.b` as
    /// `a_b`), and if both names are the same.
    pub fn parameters(mut self, hash: &str, expiration: &str) -> Result<Self, Error> {
        for name in [hash, expiration] {
            if !is_own(name) || hash == expiration {
                return Err(Error::UnusableName { name: name.into() });
            }
        }
        self.hash = encode(hash.as_bytes()).into_owned();
        self.expiration = encode(expiration.as_bytes()).into_owned();
        Ok(self)
    }

    /// Accepts what this key signed, too: the previous secret, until the new one is in
    /// use everywhere. Every key costs a MAC on every request.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.add(previous);
        self
    }

    /// Accepts a link for this long after it expired (and one that expires this much
    /// further ahead than [`max_lifetime`](Self::max_lifetime)), since clocks differ.
    /// Zero if not set; fractions of a second are dropped.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.lifetime.leeway = leeway;
        self
    }

    /// Refuses a link that expires further ahead than this: set it to more than the
    /// application ever asks for. No limit if not set; fractions of a second are dropped.
    #[must_use]
    pub fn max_lifetime(mut self, max_lifetime: Duration) -> Self {
        self.lifetime.max = Some(max_lifetime);
        self
    }

    /// Accepts links without an expiry, too, which are good for as long as the key is:
    /// all that Symfony 7.0 and older make.
    #[must_use]
    pub fn allow_unlimited(mut self) -> Self {
        self.allows_unlimited = true;
        self
    }

    /// Verifies the target of a request at the time `now`, in Unix seconds. At the
    /// second of its `_expiration`, the link is no longer good.
    ///
    /// # Errors
    ///
    /// In this order: what is malformed or ambiguous (status 400),
    /// [`Error::Mismatch`], and then [`Error::Expired`] or
    /// [`Error::LifetimeTooLong`] (all 403).
    pub fn verify_at<'t>(&self, target: &'t str, now: u64) -> Result<VerifiedLink<'t>, Error> {
        let Target { path, query } = Target::read(target)?;
        if is_ambiguous(path) {
            return Err(Error::AmbiguousTarget);
        }
        let Read { signed, hash, expiration } = self.read(query)?;
        let hash = hash.required(Error::MissingSignature, Error::MalformedSignature)?;
        let expiration = expiry(expiration, self.allows_unlimited)?;
        let hash = hash.unwrap_or_default();
        let hash = if is_escaped(&hash) { Cow::Owned(decode(&hash).into_owned()) } else { hash };
        // Something that is no hash at all is well formed, and matches nothing.
        let alphabet = Alphabet::of(&hash).ok_or(Error::Mismatch)?;
        let mark = if signed.is_empty() { "" } else { "?" };
        let text = [self.origin.as_str(), path, mark, &signed].map(str::as_bytes);
        self.keys
            .matching_by(|key| is_equal(alphabet.write(&key.mac(&text), &mut [0; 44]), &hash))
            .ok_or(Error::Mismatch)?;
        let expires = match expiration {
            None => u64::MAX,
            // What was good until 1970 was never good.
            Some(0) => return Err(Error::Expired { expires: 0, now }),
            Some(expiration) => {
                self.lifetime.check(expiration - 1, now)?;
                expiration - 1
            }
        };
        let query = VerifiedQuery::new(signed, Cow::Borrowed(""), expires);
        Ok(VerifiedLink { path: Cow::Borrowed(path), query })
    }

    /// Reads a query without its hash, which is mostly between other parameters: the rest
    /// is then in canonical form. If there are more hashes, the last one counts, and all
    /// is read as it was sent.
    #[inline]
    fn read<'q>(&self, query: &'q str) -> Result<Read<'q>, Error> {
        match self.take_hash(query) {
            Some((sent, Cow::Borrowed(rest))) => {
                if let Read { hash: Sent::Missing, signed, expiration } = self.read_all(rest, 1)? {
                    return Ok(Read { signed, hash: Sent::Text(Some(sent.into())), expiration });
                }
            }
            Some((sent, Cow::Owned(rest))) => {
                if let Read { hash: Sent::Missing, signed, expiration } = self.read_all(&rest, 1)? {
                    // Mostly it is lent as a whole.
                    let is_whole = matches!(&signed, Cow::Borrowed(signed) if signed.len() == rest.len());
                    let rewritten = if is_whole { None } else { Some(signed.into_owned()) };
                    let signed = Cow::Owned(rewritten.unwrap_or(rest));
                    return Ok(Read { signed, hash: Sent::Text(Some(sent.into())), expiration });
                }
            }
            None => {}
        }
        self.read_all(query, 0)
    }

    /// The hash as it was sent, if its name is written as usual, and the rest.
    fn take_hash<'q>(&self, query: &'q str) -> Option<(&'q [u8], Cow<'q, str>)> {
        let mut start = 0;
        while start < query.len() {
            let end = query[start..].find('&').map_or(query.len(), |length| start + length);
            let value = query.as_bytes()[start..end].strip_prefix(&*self.hash);
            if let Some(hash) = value.and_then(|value| value.strip_prefix(b"=")) {
                let rest = match (query[..start].strip_suffix('&'), query[end..].strip_prefix('&')) {
                    (None, None) => Cow::Borrowed(""),
                    (Some(rest), None) | (None, Some(rest)) => Cow::Borrowed(rest),
                    (Some(before), Some(behind)) => Cow::Owned([before, "&", behind].concat()),
                };
                return Some((hash, rest));
            }
            start = end + 1;
        }
        None
    }

    /// Reads a query from which that many other parameters were taken out.
    #[inline(always)]
    fn read_all<'q>(&self, query: &'q str, others: usize) -> Result<Read<'q>, Error> {
        let (mut hash, mut expiration) = (Sent::Missing, Sent::Missing);
        // Whether each name sorts after the one before it, as told by the first bytes.
        let (mut last, mut is_sorted) = (0, true);
        let role = |name: &[u8], field: Field<'_>| {
            if name == self.hash {
                hash = match field {
                    Field::Text(sent) => Sent::Text(Some(sent.to_vec().into())),
                    Field::Array => Sent::Array,
                };
                return Role::Out;
            }
            if name == self.expiration {
                expiration = Sent::read(field, unix_seconds);
            }
            let first = name.first().copied().unwrap_or(0);
            is_sorted &= last < first && first != b'%';
            last = first;
            Role::Main
        };
        let parts = canonical::split(query, others, role)?;
        let signed = if is_sorted { parts.main } else { by_name(parts.main) };
        Ok(Read { signed, hash, expiration })
    }
}

/// A query as Symfony takes it apart.
struct Read<'q> {
    signed: Cow<'q, str>,
    /// Not decoded.
    hash: Sent<Cow<'q, [u8]>>,
    expiration: Sent<u64>,
}

/// Whether what was sent has to be decoded.
fn is_escaped(sent: &[u8]) -> bool {
    // Without a branch for any byte, so that the compiler can compare many at once.
    sent.iter().fold(false, |any, byte| any | matches!(byte, b'+' | b'%'))
}

/// Whether Symfony reads a path as another one, with a slash after the name of its
/// front controller.
fn is_ambiguous(path: &str) -> bool {
    behind_front_controller(path).is_some_and(|behind| !behind.starts_with(b"/"))
}

/// Signs a URL, `https://host/path?query`. Symfony, or a [`Verifier`], accepts it
/// until the Unix second `expires`, exclusive; without one, for ever.
///
/// The query is written in canonical form and sorted, as Symfony does.
///
/// # Errors
///
/// Anything that would make a link that Symfony can't verify:
/// [`Error::MalformedOrigin`] if there is none, or for a user and password among others;
/// [`Error::UnsignableUrl`] for a fragment, a space, anything not ASCII, and the like;
/// [`Error::ReservedName`], [`Error::DroppedName`], [`Error::TooManyParameters`] and
/// [`Error::TooDeep`].
pub fn sign(key: &Key, url: &str, expires: Option<u64>, alphabet: Alphabet) -> Result<String, Error> {
    let Url { origin, path, query } = Url::read(url)?;
    let origin = origin.ok_or(Error::MalformedOrigin)?;
    if is_ambiguous(path) {
        return Err(Error::UnsignableUrl { why: "Symfony adds a slash after `/index.php`" });
    }
    let with = |query: Cow<'_, str>, name: &str, value: &str| {
        let separator = if query.is_empty() { "" } else { "&" };
        by_name(format!("{query}{separator}{name}={value}").into()).into_owned()
    };
    let canonical = to_sign(query, [HASH, EXPIRATION])?;
    let signed = match expires {
        Some(expires) => with(canonical, EXPIRATION, &format!("{expires}")).into(),
        None => by_name(canonical),
    };
    let path = if path.is_empty() { "/" } else { path };
    let mark = if signed.is_empty() { "" } else { "?" };
    let mac = key.mac(&[origin.as_str(), path, mark, &signed].map(str::as_bytes));
    let hash = into_text(encode(alphabet.write(&mac, &mut [0; 44])).into_owned());
    Ok(format!("{}{path}?{}", origin.as_str(), with(signed, HASH, &hash)))
}
