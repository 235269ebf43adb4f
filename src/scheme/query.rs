//! Queries that a PHP application signs: `hash_hmac` of `http_build_query`.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::time::Duration;

use super::{
    OwnName, encoded, encoded_prefix, order,
    time::{Meaning, Time},
};
use crate::{Error, Key, Verifier, writing::Writing};

/// How a PHP application signs its parameters.
///
/// A scheme says what the application calls the signature and the time, which parameters it
/// signs, in which order, and how it writes them. Make it once, at startup.
///
/// The signature is always `hash_hmac('sha256', http_build_query($parameters), $secret)`,
/// or `'sha512'` with a key of [`Key::sha512`]; each method stands for one more line of PHP.
/// The guide shows [how to read a scheme off the PHP](crate::guide::schemes). The default is
/// the platform's scheme: `sig` and `expires`, parameters in the order in which they were
/// built, and lower-case hex.
///
/// ```
/// use core::time::Duration;
/// use signed_query::{Key, Scheme, Writing};
///
/// # fn main() -> Result<(), signed_query::Error> {
/// // ksort($p);
/// // $mac = hash_hmac('sha256', http_build_query($p), $secret, true);
/// // $p['hash'] = base64_encode($mac);
/// // The receiver checks that time() - $p['ts'] is at most 300.
/// let scheme = Scheme::new("hash")?
///     .issued_at("ts", Duration::from_secs(300))?
///     .sorted()
///     .written_as(Writing::Base64);
/// let key = Key::new("secret")?;
///
/// let signed = scheme.sign(&key, [("user", "7"), ("name", "Ada")], 1_800_000_000)?;
/// assert!(signed.starts_with("name=Ada&ts=1800000000&user=7&hash="));
/// let query = scheme.verifier(key).verify_at(&signed, 1_800_000_300)?;
/// assert_eq!(query.get("user").as_deref(), Some("7"));
/// # Ok(())
/// # }
/// ```
///
/// # A scheme without a time
///
/// Its requests are valid for ever, or until the secret changes: anyone who has seen one can
/// send it again. Neither [`Verifier::leeway`] nor [`Verifier::max_lifetime`] applies to
/// them, and [`VerifiedQuery::expires`](crate::VerifiedQuery::expires) is [`u64::MAX`]. If
/// a request changes anything, let it work [only once](crate::guide::once). The guide has
/// more on [lifetimes](crate::guide::lifetimes).
#[derive(Clone, Debug)]
pub struct Scheme {
    pub(super) signature: OwnName,
    pub(super) time: Option<Time>,
    order: Order,
    is_rfc3986: bool,
    /// The names that are signed, encoded; if this is empty, all are.
    only: Vec<String>,
    /// The start of all names that are signed, encoded.
    only_prefix: Option<String>,
    pub(super) writing: Writing,
    /// What the verifier ignores, encoded: whole names, and starts of names.
    pub(super) ignored_names: Vec<String>,
    pub(super) ignored_prefixes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    AsBuilt,
    Sorted,
    SortedAsText,
}

/// The platform's scheme.
impl Default for Scheme {
    fn default() -> Self {
        let time = Time { name: Cow::Borrowed("expires"), meaning: Meaning::Expires };
        Self { time: Some(time), ..Self::of(Cow::Borrowed("sig")) }
    }
}

impl Scheme {
    /// A scheme whose signature is the parameter of this name. It has no time: see [what
    /// that means](Self#a-scheme-without-a-time). Parameters are signed in the order in
    /// which they were built and in PHP's default encoding, and the signature is lower-case
    /// hex.
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] for a name that PHP reads as another one (`a.b` as `a_b`),
    /// or that has brackets.
    pub fn new(signature: &str) -> Result<Self, Error> {
        Ok(Self::of(Cow::Owned(encoded(signature)?)))
    }

    const fn of(signature: OwnName) -> Self {
        Self {
            signature,
            time: None,
            order: Order::AsBuilt,
            is_rfc3986: false,
            only: Vec::new(),
            only_prefix: None,
            writing: Writing::Hex,
            ignored_names: Vec::new(),
            ignored_prefixes: Vec::new(),
        }
    }

    /// The parameter of this name contains the last Unix second at which the query is valid:
    /// `if ($p['expires'] < time()) …`.
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] as [`new`](Self::new), and for the signature's name;
    /// [`Error::SecondTime`] if there is a time already; [`Error::TimeNotSigned`].
    pub fn expires(self, name: &str) -> Result<Self, Error> {
        self.with_time(name, Meaning::Expires)
    }

    /// The parameter of this name contains the Unix second at which the query was signed;
    /// the query is valid from then until its age exceeds `max_age`:
    /// `if (time() - $p['timestamp'] > $maxAge) …`. Fractions of a second are dropped. A
    /// query that was signed in the future is refused; [`Verifier::leeway`] allows for
    /// clocks that differ.
    ///
    /// # Errors
    ///
    /// As [`expires`](Self::expires).
    pub fn issued_at(self, name: &str, max_age: Duration) -> Result<Self, Error> {
        self.with_time(name, Meaning::IssuedAt { max_age })
    }

    fn with_time(mut self, name: &str, meaning: Meaning) -> Result<Self, Error> {
        if self.time.is_some() {
            return Err(Error::SecondTime);
        }
        self.time = Some(Time { name: Cow::Owned(encoded(name)?), meaning });
        self.checked()
    }

    /// The outermost names are sorted: `ksort($parameters)`.
    ///
    /// PHP 7 and 8 put a name that is a number in different places, so a query with such a
    /// name is [refused](Error::NumericName), even if it is the name of the time.
    #[must_use]
    pub fn sorted(self) -> Self {
        Self { order: Order::Sorted, ..self }
    }

    /// The outermost names are sorted by their bytes: `ksort($parameters, SORT_STRING)`.
    #[must_use]
    pub fn sorted_as_text(self) -> Self {
        Self { order: Order::SortedAsText, ..self }
    }

    /// A space is signed as `%20`, and `~` is not escaped:
    /// `http_build_query($parameters, '', '&', PHP_QUERY_RFC3986)`.
    #[must_use]
    pub fn rfc3986(self) -> Self {
        Self { is_rfc3986: true, ..self }
    }

    /// Only these outermost names are signed, in this order if the scheme does not sort. The
    /// signature itself is never signed. Other parameters are unsigned: only
    /// [`VerifiedQuery::unsigned`](crate::VerifiedQuery::unsigned) reads them. A second call
    /// replaces the names.
    ///
    /// # Errors
    ///
    /// [`Error::NothingSigned`] if there is no name to sign; [`Error::UnusableName`] as
    /// [`new`](Self::new), and for a name that is given twice; [`Error::TimeNotSigned`].
    pub fn only<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        self.only.clear();
        for name in names {
            let encoded = encoded(name.as_ref())?;
            if self.only.contains(&encoded) {
                return Err(Error::UnusableName { name: name.as_ref().into() });
            }
            self.only.push(encoded);
        }
        if self.only.is_empty() {
            return Err(Error::NothingSigned);
        }
        self.checked()
    }

    /// Only parameters whose outermost names start with this are signed; the others are
    /// unsigned, as with [`only`](Self::only). With both, a name is signed if both allow it.
    /// A second call replaces the prefix.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPrefix`]; [`Error::UnusableName`] as [`new`](Self::new);
    /// [`Error::TimeNotSigned`]; [`Error::NothingSigned`] if no name of [`only`](Self::only)
    /// starts with this.
    pub fn only_prefix(self, start: &str) -> Result<Self, Error> {
        Self { only_prefix: Some(encoded_prefix(start)?), ..self }.checked()
    }

    /// The signature is written in this way instead of in lower-case hex.
    #[must_use]
    pub fn written_as(self, writing: Writing) -> Self {
        Self { writing, ..self }
    }

    /// The verifier of this scheme, which accepts requests signed with this key.
    #[must_use]
    pub fn verifier(self, key: Key) -> Verifier {
        Verifier::of(self, key)
    }

    /// This scheme, if each of its names has one use and the time is signed.
    fn checked(self) -> Result<Self, Error> {
        match &self.time {
            Some(time) if time.name == self.signature => {
                Err(Error::UnusableName { name: super::as_given(&time.name) })
            }
            Some(time) if !self.is_signed(time.name.as_bytes()) => {
                Err(Error::TimeNotSigned { name: super::as_given(&time.name) })
            }
            None if !self.signs_any() => Err(Error::NothingSigned),
            _ => Ok(self),
        }
    }

    /// Whether there is a name that is signed.
    fn signs_any(&self) -> bool {
        let mut names = self.only.iter().filter(|name| **name != self.signature);
        self.only.is_empty() || names.any(|name| self.is_signed(name.as_bytes()))
    }

    /// Whether a parameter with this encoded name is signed.
    pub(super) fn is_signed(&self, name: &[u8]) -> bool {
        self.only_prefix.as_ref().is_none_or(|start| name.starts_with(start.as_bytes()))
            && (self.only.is_empty() || self.only.iter().any(|signed| signed.as_bytes() == name))
    }

    /// The text that is signed, given the query in canonical form.
    ///
    /// # Errors
    ///
    /// [`Error::NumericName`].
    pub(super) fn text<'q>(&self, canonical: Cow<'q, str>) -> Result<Cow<'q, str>, Error> {
        let position = |name: &str| self.only.iter().position(|signed| signed == name);
        let ordered = match self.order {
            Order::AsBuilt if self.only.is_empty() => canonical,
            Order::AsBuilt => order::ordered(canonical, |a, b| position(a).cmp(&position(b))),
            Order::Sorted if order::has_numeric_name(&canonical) => return Err(Error::NumericName),
            Order::Sorted | Order::SortedAsText => order::ordered(canonical, order::by_bytes),
        };
        Ok(if self.is_rfc3986 { as_rfc3986(ordered) } else { ordered })
    }
}

/// A query in canonical form as PHP writes it with `PHP_QUERY_RFC3986`.
fn as_rfc3986(canonical: Cow<'_, str>) -> Cow<'_, str> {
    match canonical.contains('+') || canonical.contains("%7E") {
        true => Cow::Owned(canonical.replace('+', "%20").replace("%7E", "~")),
        false => canonical,
    }
}
