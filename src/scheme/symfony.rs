//! Links that Symfony's `UriSigner` signs.
//!
//! ```
//! use signed_query::{Key, symfony::{self, Alphabet}};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! // The application's `kernel.secret`, which is `APP_SECRET`.
//! let key = Key::new("ThisTokenIsNotSoSecretChangeIt")?;
//! let url = "https://app.example/file?id=7";
//! let link = symfony::sign(&key, url, Some(1_893_456_000), Alphabet::UrlSafe)?;
//!
//! let verifier = symfony::Verifier::absolute(key, "https://app.example")?;
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
//! by their outermost names. So a proxy may reorder the query, or encode it differently.
//! If a name appears twice, the last value counts.
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
//! Besides what Symfony refuses, these are refused here:
//!
//! - A link without `_expiration`, unless `allow_unlimited` was called.
//! - An `_expiration` that is not a single string of digits (status 400).
//! - A `_hash` in any form but the two that [`Alphabet`] names.
//! - A path that begins with `/index.php` without a slash after it (status 400).
//!
//! Two rules are those of Symfony's patched releases, whatever the version that signed:
//!
//! - An `_expiration` of `0` has expired (status 403), as in releases since August 2026.
//!   In older ones it never expires.
//! - `_hash[]` is refused (status 400), as in releases since July 2026. Older ones answer
//!   with a 500.

use alloc::{borrow::Cow, format, string::String};

use super::{
    OwnName, encoded,
    link::{Origin, Target, Url, after_front_controller, expiry},
    order::{by_bytes, ordered},
    signature,
    to_sign::to_sign,
};
use crate::{
    Error, Key, VerifiedLink, VerifiedQuery,
    canonical::{self, Role},
    key::Mac,
    lifetime::Period,
    verifier::{Claim, SigningScheme, Text},
    writing::{LONGEST, Writing, unescaped},
};

const HASH: &str = "_hash";
const EXPIRATION: &str = "_expiration";

/// How `UriSigner` writes a hash. A [`Verifier`] accepts both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// base64, 44 characters: written by Symfony 7.2 and older, and also accepted by 7.3
    /// and later.
    Standard,
    /// base64url without padding, 43 characters: written by Symfony 7.3 and later, and
    /// not accepted by older versions.
    UrlSafe,
}

impl Alphabet {
    fn writing(self) -> Writing {
        match self {
            Self::Standard => Writing::Base64,
            Self::UrlSafe => Writing::Base64Url,
        }
    }
}

/// Decides which of Symfony's links are valid. Make one with `absolute`.
pub type Verifier = crate::Verifier<Links>;

/// The scheme of Symfony's links.
#[derive(Clone, Debug)]
pub struct Links {
    origin: Origin,
    hash: OwnName,
    expiration: OwnName,
    allows_unlimited: bool,
}

/// For links that Symfony signs.
impl crate::Verifier<Links> {
    /// Accepts links of `UriSigner::sign`, as `checkRequest` does, with this origin, such as
    /// `https://app.example` or `http://localhost:8000`.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedOrigin`]; [`Error::UnsuitableKey`] for a key of [`Key::sha512`].
    pub fn absolute(key: Key, origin: &str) -> Result<Self, Error> {
        key.for_sha256()?;
        let (hash, expiration) = (OwnName::Borrowed(HASH), OwnName::Borrowed(EXPIRATION));
        let origin = Origin::parse(origin)?;
        Ok(Self::of(Links { origin, hash, expiration, allows_unlimited: false }, key))
    }

    /// Reads the hash and the expiry from parameters with other names than `_hash` and
    /// `_expiration`: those that Symfony's `UriSigner` was constructed with.
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] for a name that PHP reads as another one (`a.b` as
    /// `a_b`), and if both names are the same.
    pub fn parameters(mut self, hash: &str, expiration: &str) -> Result<Self, Error> {
        self.scheme.hash = OwnName::Owned(encoded(hash)?);
        self.scheme.expiration = OwnName::Owned(encoded(expiration)?);
        match hash == expiration {
            true => Err(Error::UnusableName { name: hash.into() }),
            false => Ok(self),
        }
    }

    /// Also accepts links without an expiry, which are valid for as long as the key is:
    /// Symfony 7.0 and older make no others.
    #[must_use]
    pub fn allow_unlimited(mut self) -> Self {
        self.scheme.allows_unlimited = true;
        self
    }
}

impl SigningScheme for Links {
    type Verified<'t> = VerifiedLink<'t>;

    #[inline]
    fn claim<'c, 't: 'c>(&'c self, target: &'t str) -> Result<Claim<'c, VerifiedLink<'t>>, Error> {
        let Target { path, query } = Target::read(target)?;
        if is_ambiguous(path) {
            return Err(Error::AmbiguousTarget);
        }
        let parts = canonical::split(query, 0, |name| match name {
            _ if name == self.hash.as_bytes() => Role::Taken,
            _ if name == self.expiration.as_bytes() => Role::Noted,
            _ => Role::Main,
        })?;
        let hash = signature(&parts.taken, read_hash)?;
        // At the very second of its expiration, a link is no longer valid.
        let period = expiry(&parts.noted, self.allows_unlimited)?
            .map(|expiration| expiration.checked_sub(1).map_or(Period::NEVER, Period::until));
        let signed = ordered(parts.main, by_bytes);
        let mark = if signed.is_empty() { "" } else { "?" };
        let text = Text { before: [self.origin.as_str(), path, mark], query: None };
        let query = VerifiedQuery::new(signed, Cow::Borrowed(""), Some(&self.expiration), period);
        Ok(Claim::new(text, hash, period, VerifiedLink::new(path, query)))
    }
}

/// The MAC in a hash, in either alphabet. Only one of them has padding, so no text can be
/// read in both.
fn read_hash(hash: &[u8]) -> Option<Mac> {
    let mut buffer = [0; LONGEST];
    let hash = unescaped(hash, &mut buffer)?;
    let writing = if hash.ends_with(b"=") { Writing::Base64 } else { Writing::Base64Url };
    writing.read(hash).and_then(Mac::if_sha256)
}

/// Whether Symfony reads a path as a different one, with a slash after the name of its
/// front controller.
fn is_ambiguous(path: &str) -> bool {
    after_front_controller(path).is_some_and(|rest| !rest.starts_with(b"/"))
}

/// Signs a URL, `https://host/path?query`.
///
/// Symfony, or a [`Verifier`], accepts it until the Unix second `expires`, exclusive;
/// without one, for ever. The query is written in canonical form and sorted, as Symfony
/// does.
///
/// # Errors
///
/// For a link that Symfony could not verify: [`Error::MalformedOrigin`] if the URL has no
/// origin, or one with a user and password, for example; [`Error::UnsignableUrl`] for a
/// fragment, a space, a character outside ASCII, and the like;
/// [`Error::ReservedName`], [`Error::DroppedName`], [`Error::TooManyParameters`] and
/// [`Error::TooDeep`]. [`Error::UnsuitableKey`] for a key of [`Key::sha512`].
pub fn sign(key: &Key, url: &str, expires: Option<u64>, alphabet: Alphabet) -> Result<String, Error> {
    let Url { origin, path, query } = Url::read(url)?;
    let origin = origin.ok_or(Error::MalformedOrigin)?;
    if is_ambiguous(path) {
        return Err(Error::UnsignableUrl { why: "Symfony adds a slash after `/index.php`" });
    }
    let own = (&OwnName::Borrowed(HASH), Some(&OwnName::Borrowed(EXPIRATION)));
    let mut signed = to_sign(query, own, |_| true)?.into_owned();
    if let Some(expires) = expires {
        push(&mut signed, EXPIRATION, |signed| *signed += &format!("{expires}"));
    }
    let mut signed = ordered(signed.into(), by_bytes).into_owned();
    let path = if path.is_empty() { "/" } else { path };
    let mark = if signed.is_empty() { "" } else { "?" };
    let mut mac = Mac::default();
    key.for_sha256()?.mac(&[origin.as_str(), path, mark, &signed].map(str::as_bytes), &mut mac);
    push(&mut signed, HASH, |signed| alphabet.writing().write_escaped(&mac, signed));
    let signed = ordered(signed.into(), by_bytes);
    Ok(format!("{}{path}?{signed}", origin.as_str()))
}

/// Appends a parameter to a query.
fn push(query: &mut String, name: &str, write_value: impl FnOnce(&mut String)) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    write_value(query);
}
