//! Links that Laravel signs.
//!
//! They are made by `URL::signedRoute`, `URL::temporarySignedRoute` and
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
//! The origin (unless the link is relative), the path without a slash at its end, and the
//! query, byte for byte in the order sent, without `signature` and ignored parameters.
//! Nothing in the query is decoded or sorted: a proxy that writes `+` for `%20`, or moves a
//! parameter, breaks the link.
//!
//! # The origin
//!
//! You give an absolute verifier the application's origin, the one in the links that
//! Laravel makes; it ignores the headers of requests. Behind a proxy, this is the origin
//! that clients see: `https://app.example`, even if the proxy speaks plain HTTP to port
//! 8080. A relative link is valid on every host that has the key.
//!
//! A proxy that strips a prefix removes a part of what was signed. Put it back before
//! you verify: `&format!("/files{target}")` behind one that passes on `/files/a` as
//! `/a`.
//!
//! # Stricter than Laravel
//!
//! Besides what Laravel refuses, these are refused here:
//!
//! - A link without `expires`, unless [`allow_unlimited`](crate::Verifier::allow_unlimited) was called.
//! - An `expires` that is not a single string of digits. `0` has expired; in Laravel it
//!   never expires.
//! - More than one `signature`, in any spelling: versions of Laravel differ.
//! - A query that ends in `?`, which Laravel drops before it signs, and a path from which
//!   Laravel would remove a leading `/index.php`.

mod query;
mod sign;

pub use self::sign::sign;

use alloc::{borrow::Cow, string::String, vec::Vec};

use self::query::Query;
use super::{
    link::{Origin, Target, after_front_controller, expiry},
    order::is_numeric,
};
use crate::{
    Error, Key, VerifiedLink, VerifiedQuery,
    canonical::{self, Parts, Role, escape::decode, name::is_own},
    key::Mac,
    lifetime::Period,
    verifier::{Claim, SigningScheme, Text},
    writing::Writing,
};

const SIGNATURE: &str = "signature";
const EXPIRES: &str = "expires";

/// Decides which of Laravel's links are valid. Make one with [`absolute`](Self::absolute) or
/// [`relative`](Self::relative).
pub type Verifier = crate::Verifier<Links>;

/// The scheme of Laravel's links.
#[derive(Clone, Debug)]
pub struct Links {
    /// `None` for relative links.
    origin: Option<Origin>,
    ignored: Vec<String>,
    allows_unlimited: bool,
}

/// For links that Laravel signs.
impl crate::Verifier<Links> {
    /// Accepts links of `URL::signedRoute` and `URL::temporarySignedRoute`, as
    /// `hasValidSignature` does, with this origin, such as `https://app.example`
    /// or `http://localhost:8000`.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedOrigin`]; [`Error::UnsuitableKey`] for a key of [`Key::sha512`].
    pub fn absolute(key: Key, origin: &str) -> Result<Self, Error> {
        key.for_sha256()?;
        let origin = Some(Origin::parse(origin)?);
        Ok(Self::of(Links { origin, ignored: Vec::new(), allows_unlimited: false }, key))
    }

    /// Accepts links that were signed with `absolute: false`, as
    /// `hasValidRelativeSignature` does, and those of `Storage::temporaryUrl`. With a key
    /// of [`Key::sha512`], it accepts nothing.
    #[must_use]
    pub fn relative(key: Key) -> Self {
        Self::of(Links { origin: None, ignored: Vec::new(), allows_unlimited: false }, key)
    }

    /// Leaves these parameters out of the signature, as Laravel does with the parameters
    /// that it is told to ignore: those that others add to a link, such as `utm_source`.
    /// Only [`VerifiedQuery::unsigned`] reads them.
    ///
    /// A name is compared exactly, with nothing decoded: `utm[]` is not `utm`, so it is
    /// signed.
    ///
    /// # Errors
    ///
    /// [`Error::ReservedName`] for `signature` and `expires`: if anyone could change the
    /// expiry, a link would be valid for ever. [`Error::UnusableName`] for a name that PHP
    /// reads as another one (`a.b` as `a_b`) or as a number: it could replace a signed
    /// parameter.
    pub fn ignoring<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        for name in names {
            let name = name.as_ref();
            if let Some(name) = [SIGNATURE, EXPIRES].into_iter().find(|reserved| *reserved == name) {
                return Err(Error::ReservedName { name });
            }
            // Laravel compares loosely: `10` is `1e1` to it.
            let is_number = is_numeric(name.as_bytes());
            let is_split = name.contains(['&', '=']) || *decode(name.as_bytes()) != *name.as_bytes();
            if is_number || is_split || !is_own(name) {
                return Err(Error::UnusableName { name: name.into() });
            }
            self.scheme.ignored.push(name.into());
        }
        Ok(self)
    }

    /// Also accepts links without `expires`, such as `URL::signedRoute` makes, which are
    /// valid for as long as the key is.
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
        let path = self.signed_path(path)?;
        let sent = Query::read(query, &self.ignored);
        let signature = sent.signature.ok_or(Error::MissingSignature)?;
        if sent.signed.ends_with('?') {
            return Err(Error::AmbiguousTarget);
        }
        let parts = match &sent.signed {
            Cow::Borrowed(signed) => read_signed(signed, sent.others)?,
            Cow::Owned(signed) => read_signed(signed, sent.others)?.into_owned(),
        };
        // There is a second signature, such as `%73ignature`.
        if parts.taken.is_present() {
            return Err(Error::MalformedSignature);
        }
        let period = expiry(&parts.noted, self.allows_unlimited)?.map(Period::until);
        let (origin, root) = match &self.origin {
            Some(origin) => (origin.as_str(), ""),
            None => ("", "/"),
        };
        let in_text = if path == "/" { root } else { path };
        let mark = if sent.signed.is_empty() { "" } else { "?" };
        let text = Text { before: [origin, in_text, mark], query: Some(sent.signed) };
        let signature = Writing::Hex.read_escaped(signature).and_then(Mac::if_sha256);
        let query = VerifiedQuery::new(parts.main, sent.unsigned, Some(EXPIRES), period);
        Ok(Claim::new(text, signature, period, VerifiedLink::new(path, query)))
    }
}

impl Links {
    /// The path that Laravel signs for the one that was sent; `/` for the root.
    fn signed_path<'t>(&self, path: &'t str) -> Result<&'t str, Error> {
        if is_ambiguous(path, self.origin.is_some()) {
            return Err(Error::AmbiguousTarget);
        }
        let trimmed = path.trim_end_matches('/');
        if trimmed.is_empty() {
            // No version of Laravel verifies what it signs for a relative root.
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
}

/// Reads the parameters that were signed, given how many others there are.
fn read_signed(signed: &str, others: usize) -> Result<Parts<'_>, Error> {
    canonical::split(signed, others, |name| match name {
        _ if name == SIGNATURE.as_bytes() => Role::Taken,
        _ if name == EXPIRES.as_bytes() => Role::Noted,
        _ => Role::Main,
    })
}

/// Whether Laravel reads a path as a different one. From the path of a relative link it
/// removes the name of its front controller, and in either kind of link it adds a slash after
/// that name.
fn is_ambiguous(path: &str, is_absolute: bool) -> bool {
    after_front_controller(path)
        .is_some_and(|rest| !is_absolute || !rest.is_empty() && !rest.starts_with(b"/"))
}
