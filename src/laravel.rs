//! Links that Laravel signs: `URL::signedRoute`, `URL::temporarySignedRoute` and
//! `Storage::temporaryUrl` of a local disk.
//!
//! ```
//! use signed_query::{Key, laravel};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! // `APP_KEY` exactly as in Laravel's `.env`, including `base64:`.
//! let key = Key::new("base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")?;
//! # let made = laravel::sign(&key, "https://app.example/unsubscribe/7?list=news", Some(1_893_456_000))?;
//! # let target = made.strip_prefix("https://app.example").unwrap();
//! let verifier = laravel::Verifier::absolute(key, "https://app.example")?;
//!
//! // For each request, with the path and query of its request line, here
//! // `/unsubscribe/7?list=news&expires=1893456000&signature=…`:
//! let link = verifier.verify_at(target, 1_893_456_000)?;
//! assert_eq!(link.path(), "/unsubscribe/7");
//! assert_eq!(link.query().get("list").as_deref(), Some("news"));
//! assert_eq!(verifier.verify_at(target, 1_893_456_001).unwrap_err().status(), 403);
//! # Ok(())
//! # }
//! ```
//!
//! # What is signed
//!
//! The origin and the path without a slash at its end (for a relative link, the path
//! alone); and the query, byte for byte in the order sent, without `signature` and
//! ignored parameters. Nothing in it is decoded or sorted: a proxy that writes `+` for
//! `%20`, or moves a parameter, breaks the link.
//!
//! # The origin
//!
//! You give an absolute verifier the application's origin, the one in the links that
//! Laravel makes; it ignores the headers of requests. Behind a proxy, this is the origin
//! that clients see: `https://app.example`, even if the proxy speaks plain HTTP to port
//! 8080. A relative link is good on every host that has the key.
//!
//! A proxy that strips a prefix removes a part of what was signed. Put it back before
//! you verify: `&format!("/files{target}")` behind one that passes on `/files/a` as
//! `/a`.
//!
//! # Stricter than Laravel
//!
//! These are refused here, too:
//!
//! - A link without `expires`, unless [`Verifier::allow_unlimited`] was called.
//! - An `expires` that is not a single string of digits. `0` has expired; to Laravel it
//!   never expires.
//! - More than one `signature`, in any spelling: versions of Laravel differ.
//! - A query that ends in `?`, which Laravel drops before it signs; and a path that
//!   begins with `/index.php`, where Laravel removes that.

mod query;

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::time::Duration;

use crate::{
    Error, Key, MAX_PARAMETERS, VerifiedLink, VerifiedQuery,
    canonical::{self, Field, Role, Sent, canonicalize, escape::decode, name::is_own, to_sign},
    key::{Keys, as_text},
    lifetime::{Lifetime, unix_seconds},
    link::{Origin, Target, Url, behind_front_controller, expiry},
};

use self::query::Query;

const SIGNATURE: &str = "signature";
const EXPIRES: &str = "expires";

/// Decides which of Laravel's links are good.
///
/// Build one at startup, share it between threads, and call
/// [`verify`](Self::verify) for each request.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// `None` for relative links.
    origin: Option<Origin>,
    ignored: Vec<String>,
    keys: Keys,
    lifetime: Lifetime,
    allows_unlimited: bool,
}

impl Verifier {
    /// Accepts what `URL::signedRoute` and `URL::temporarySignedRoute` make, as
    /// `hasValidSignature` does: links of this origin, such as `https://app.example`
    /// or `http://localhost:8000`.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedOrigin`].
    pub fn absolute(key: Key, origin: &str) -> Result<Self, Error> {
        Ok(Self { origin: Some(Origin::parse(origin)?), ..Self::relative(key) })
    }

    /// Accepts what was signed with `absolute: false`, as
    /// `hasValidRelativeSignature` does, and `Storage::temporaryUrl`.
    #[must_use]
    pub fn relative(key: Key) -> Self {
        let (keys, lifetime) = (Keys::new(key), Lifetime::default());
        Self { origin: None, ignored: Vec::new(), keys, lifetime, allows_unlimited: false }
    }

    /// Accepts what this key signed, too: one of `APP_PREVIOUS_KEYS`. Every key
    /// costs a MAC on every request.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.add(previous);
        self
    }

    /// Leaves these parameters out of the signature, as Laravel does with those that it
    /// is set to ignore: what others add to a link, such as `utm_source`. Only
    /// [`VerifiedQuery::unsigned`] reads them.
    ///
    /// A name must be exactly the one sent, which is not decoded: `utm[]` is not `utm`,
    /// so it is signed.
    ///
    /// # Errors
    ///
    /// [`Error::ReservedName`] for `signature` and `expires`: if anyone could change the
    /// expiry, a link would be good for ever. [`Error::UnusableName`] for a name that PHP
    /// reads as another one (`a.b` as `a_b`), or as a number: it could replace a signed
    /// parameter.
    pub fn ignoring<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        for name in names {
            let name = name.as_ref();
            if let Some(name) = [SIGNATURE, EXPIRES].into_iter().find(|reserved| *reserved == name) {
                return Err(Error::ReservedName { name });
            }
            // Laravel compares loosely: `10` is `1e1` to it.
            let is_number = name.contains(|c: char| c.is_ascii_digit()) && name.trim().parse::<f64>().is_ok();
            let is_split = name.contains(['&', '=']) || *decode(name.as_bytes()) != *name.as_bytes();
            if is_number || is_split || !is_own(name) {
                return Err(Error::UnusableName { name: name.into() });
            }
            self.ignored.push(name.into());
        }
        Ok(self)
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

    /// Accepts links without `expires`, too, which are good for as long as the key is:
    /// what `URL::signedRoute` makes.
    #[must_use]
    pub fn allow_unlimited(mut self) -> Self {
        self.allows_unlimited = true;
        self
    }

    /// Verifies the target of a request at the time `now`, in Unix seconds.
    ///
    /// # Errors
    ///
    /// In this order: what is malformed or ambiguous (status 400),
    /// [`Error::Mismatch`], and then [`Error::Expired`] or
    /// [`Error::LifetimeTooLong`] (all 403).
    pub fn verify_at<'t>(&self, target: &'t str, now: u64) -> Result<VerifiedLink<'t>, Error> {
        let Target { path, query } = Target::read(target)?;
        let path = self.signed_path(path)?;
        let sent = Query::read(query, &self.ignored);
        let signature = sent.signature.ok_or(Error::MissingSignature)?;
        if sent.signed.ends_with('?') {
            return Err(Error::AmbiguousTarget);
        }
        let (query, expires) = match &sent.signed {
            Cow::Borrowed(signed) => self.read_signed(signed, sent.others)?,
            Cow::Owned(signed) => {
                let (query, expires) = self.read_signed(signed, sent.others)?;
                (Cow::Owned(query.into_owned()), expires)
            }
        };
        let decoded;
        let signature = match signature.try_into() {
            Ok(signature) => signature,
            Err(_) => {
                decoded = decode(signature);
                // Something that is no signature at all is well formed, and matches nothing.
                (*decoded).try_into().map_err(|_| Error::Mismatch)?
            }
        };
        let unsigned = match sent.unsigned {
            unsigned if unsigned.is_empty() => Cow::Borrowed(""),
            Cow::Borrowed(unsigned) => canonicalize(unsigned)?,
            Cow::Owned(unsigned) => Cow::Owned(canonicalize(&unsigned)?.into_owned()),
        };
        let (origin, root) = match &self.origin {
            Some(origin) => (origin.as_str(), ""),
            None => ("", "/"),
        };
        let in_text = if path == "/" { root } else { path };
        let mark = if sent.signed.is_empty() { "" } else { "?" };
        let text = [origin, in_text, mark, &sent.signed].map(str::as_bytes);
        self.keys.matching(&text, signature).ok_or(Error::Mismatch)?;
        if let Some(expires) = expires {
            self.lifetime.check(expires, now)?;
        }
        let query = VerifiedQuery::new(query, unsigned, expires.unwrap_or(u64::MAX));
        Ok(VerifiedLink { path: Cow::Borrowed(path), query })
    }

    /// The path that Laravel makes of one that was sent, and `/` for the root.
    fn signed_path<'t>(&self, path: &'t str) -> Result<&'t str, Error> {
        if is_ambiguous(path, self.origin.is_some()) {
            return Err(Error::AmbiguousTarget);
        }
        let trimmed = path.trim_end_matches('/');
        if trimmed.is_empty() {
            // No version signs a relative root as it verifies it.
            return if self.origin.is_some() { Ok("/") } else { Err(Error::Mismatch) };
        }
        match self.origin {
            Some(_) => Ok(trimmed),
            None => {
                let slashes = trimmed.len() - trimmed.trim_start_matches('/').len();
                Ok(&trimmed[slashes - 1..])
            }
        }
    }

    /// The parameters that were signed, in canonical form, and when they expire, given
    /// how many others there are.
    fn read_signed<'q>(&self, signed: &'q str, others: usize) -> Result<(Cow<'q, str>, Option<u64>), Error> {
        let (mut expires, mut is_signature_signed) = (Sent::Missing, false);
        let role = |name: &[u8], field: Field<'_>| {
            if name == EXPIRES.as_bytes() {
                expires = Sent::read(field, unix_seconds);
            }
            is_signature_signed |= name == SIGNATURE.as_bytes();
            Role::Main
        };
        let parts = canonical::split(signed, others, role)?;
        // Another one, `%73ignature` for one.
        if is_signature_signed {
            return Err(Error::MalformedSignature);
        }
        Ok((parts.main, expiry(expires, self.allows_unlimited)?))
    }
}

/// Whether Laravel reads a path as another one: if relative, as what follows the name of
/// its front controller, and in any case with a slash between the two.
fn is_ambiguous(path: &str, is_absolute: bool) -> bool {
    behind_front_controller(path)
        .is_some_and(|behind| !is_absolute || !behind.is_empty() && !behind.starts_with(b"/"))
}

/// Signs a URL: `https://host/path?query`, or `/path?query` for a relative link.
/// Laravel, or a [`Verifier`], accepts it until the Unix second `expires`,
/// inclusive; without one, for ever. (Laravel accepts one with an `expires` of 0 for
/// ever, too.)
///
/// ```
/// # use signed_query::{Key, laravel};
/// let key = Key::new("base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")?;
/// let link = laravel::sign(&key, "https://app.example/invoice/7", Some(1_893_456_000))?;
/// assert!(link.starts_with("https://app.example/invoice/7?expires=1893456000&signature="));
/// # Ok::<(), signed_query::Error>(())
/// ```
///
/// # Errors
///
/// Anything that would make a link that Laravel can't verify or reads as another:
/// [`Error::MalformedOrigin`], for a user and password among others;
/// [`Error::UnsignableUrl`] for a slash or `?` at the end, a fragment, a space,
/// anything not ASCII, a relative link to the root, and the like;
/// [`Error::ReservedName`], [`Error::DroppedName`], [`Error::TooManyParameters`] and
/// [`Error::TooDeep`].
pub fn sign(key: &Key, url: &str, expires: Option<u64>) -> Result<String, Error> {
    let Url { origin, path, query } = Url::read(url)?;
    let refuse = |why| Err(Error::UnsignableUrl { why });
    if url.ends_with('?') {
        return refuse("Laravel drops a `?` at the end");
    }
    if origin.is_none() && path == "/" {
        return refuse("Laravel does not verify a relative link to the root");
    }
    if path.ends_with('/') {
        return refuse("Laravel drops a slash at the end of a path");
    }
    if query.starts_with('&') {
        return refuse("Laravel 8 drops an `&` before the parameters");
    }
    if origin.is_none() && path.starts_with("//") {
        return refuse("Laravel drops all slashes but one at the start of a relative path");
    }
    if is_ambiguous(path, origin.is_some()) {
        return refuse("Laravel removes `/index.php` from a path");
    }
    to_sign(query, [SIGNATURE, EXPIRES])?;
    // More are sent than are left if a name appears twice.
    if query.split('&').filter(|parameter| !parameter.is_empty()).count() + 2 > MAX_PARAMETERS {
        return Err(Error::TooManyParameters);
    }
    let origin = origin.as_ref().map_or("", Origin::as_str);
    let mut link = [origin, path, if query.is_empty() { "" } else { "?" }, query].concat();
    let mut separator = if query.is_empty() { '?' } else { '&' };
    if let Some(expires) = expires {
        link += &format!("{separator}{EXPIRES}={expires}");
        separator = '&';
    }
    let signature = key.signature(link.as_bytes());
    Ok(format!("{link}{separator}{SIGNATURE}={}", as_text(&signature)))
}
