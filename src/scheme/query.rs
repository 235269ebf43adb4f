//! Queries that a PHP application signs: `hash_hmac` of `http_build_query`.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::time::Duration;

use super::{Name, encoded, order, reserved, second, signature};
use crate::{
    Error, Key, VerifiedQuery, Verifier,
    canonical::{self, Role},
    lifetime::Period,
    verifier::{Claim, SigningScheme, Text},
    writing::Writing,
};

/// How a PHP application signs its parameters: what it calls the signature and the time,
/// which parameters it signs, in which order, and how it writes them.
///
/// It is a value, made once at startup. What is signed is always
/// `hash_hmac('sha256', http_build_query($parameters), $secret)`, or `'sha512'` with a key
/// of [`Key::sha512`]; each method stands for one more line of PHP. The guide shows [how to
/// read a scheme off the PHP](crate::guide::schemes). The default is the platform's scheme:
/// `sig` and `expires`, parameters as built, and lower-case hex.
///
/// ```
/// use core::time::Duration;
/// use signed_query::{Key, Scheme, Writing};
///
/// # fn main() -> Result<(), signed_query::Error> {
/// // ksort($p); $p['hash'] = base64_encode(hash_hmac('sha256', http_build_query($p), $secret, true));
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
/// What it signs is valid for ever, or until the secret changes: anyone who has seen a
/// request can send it again. Neither [`Verifier::leeway`] nor [`Verifier::max_lifetime`]
/// applies to it, and [`VerifiedQuery::expires`] is [`u64::MAX`]. If a request changes
/// anything, let it work [only once](crate::guide::once). The guide has more on
/// [lifetimes](crate::guide::lifetimes).
#[derive(Clone, Debug)]
pub struct Scheme {
    pub(super) signature: Name,
    pub(super) time: Option<Time>,
    order: Order,
    is_rfc3986: bool,
    /// The names that are signed, encoded; if this is empty, all are.
    only: Vec<String>,
    /// What the names that are signed start with, encoded.
    only_prefix: String,
    pub(super) writing: Writing,
    /// What the verifier ignores, encoded: names, and what names start with.
    unsigned_names: Vec<String>,
    unsigned_prefixes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Time {
    pub(super) name: Name,
    meaning: Meaning,
}

/// What a time means.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    Expires,
    IssuedAt { max_age: Duration },
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
    /// A scheme whose signature is the parameter of this name, and that has no time: see
    /// [what that means](Self#a-scheme-without-a-time). Parameters are signed as built, in
    /// PHP's default encoding, and the signature is lower-case hex.
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] for a name that PHP reads as another one (`a.b` as `a_b`),
    /// or that has brackets.
    pub fn new(signature: &str) -> Result<Self, Error> {
        Ok(Self::of(Cow::Owned(encoded(signature)?)))
    }

    const fn of(signature: Name) -> Self {
        Self {
            signature,
            time: None,
            order: Order::AsBuilt,
            is_rfc3986: false,
            only: Vec::new(),
            only_prefix: String::new(),
            writing: Writing::Hex,
            unsigned_names: Vec::new(),
            unsigned_prefixes: Vec::new(),
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
    /// from then on the query is valid for `max_age`:
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
    /// name is [refused](Error::NumericName).
    #[must_use]
    pub fn sorted(self) -> Self {
        Self { order: Order::Sorted, ..self }
    }

    /// The outermost names are sorted by their bytes: `ksort($parameters, SORT_STRING)`.
    #[must_use]
    pub fn sorted_as_text(self) -> Self {
        Self { order: Order::SortedAsText, ..self }
    }

    /// A space is signed as `%20`, and `~` unescaped:
    /// `http_build_query($parameters, '', '&', PHP_QUERY_RFC3986)`.
    #[must_use]
    pub fn rfc3986(self) -> Self {
        Self { is_rfc3986: true, ..self }
    }

    /// Only these outermost names are signed. If the scheme does not sort them, they are
    /// signed in this order. Other parameters are unsigned: only
    /// [`VerifiedQuery::unsigned`] reads them. Called again, it replaces the names.
    ///
    /// # Errors
    ///
    /// [`Error::NothingSigned`] for no name at all; [`Error::UnusableName`] as
    /// [`new`](Self::new), and for the signature's name or one that is given twice;
    /// [`Error::TimeNotSigned`].
    pub fn only<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        self.only.clear();
        for name in names {
            let encoded = encoded(name.as_ref())?;
            if self.only.contains(&encoded) {
                return Err(Error::UnusableName { name: name.as_ref().into() });
            }
            self.only.push(encoded);
        }
        match self.only.is_empty() {
            true => Err(Error::NothingSigned),
            false => self.checked(),
        }
    }

    /// Only parameters whose outermost names start with this are signed; the others are
    /// unsigned, as with [`only`](Self::only). With both, a name is signed if both allow it.
    /// Called again, it replaces the prefix.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPrefix`]; [`Error::UnusableName`] as [`new`](Self::new);
    /// [`Error::TimeNotSigned`].
    pub fn only_prefix(self, start: &str) -> Result<Self, Error> {
        Self { only_prefix: encoded_prefix(start)?, ..self }.checked()
    }

    /// The signature is written in this way, and not in lower-case hex.
    #[must_use]
    pub fn written_as(self, writing: Writing) -> Self {
        Self { writing, ..self }
    }

    /// The verifier of this scheme: it accepts what this key signed.
    #[must_use]
    pub fn verifier(self, key: Key) -> Verifier {
        Verifier::of(self, key)
    }

    /// This scheme, if each of its names has one use and the time is signed.
    fn checked(self) -> Result<Self, Error> {
        if self.only.iter().any(|name| *name == self.signature) {
            return Err(Error::UnusableName { name: super::as_given(&self.signature) });
        }
        match &self.time {
            Some(time) if time.name == self.signature => {
                Err(Error::UnusableName { name: super::as_given(&time.name) })
            }
            Some(time) if !self.is_signed(&time.name) => {
                Err(Error::TimeNotSigned { name: super::as_given(&time.name) })
            }
            _ => Ok(self),
        }
    }

    /// Whether a parameter with this encoded name is signed.
    pub(super) fn is_signed(&self, name: &str) -> bool {
        name.starts_with(&*self.only_prefix)
            && (self.only.is_empty() || self.only.iter().any(|signed| signed == name))
    }

    /// What becomes of a parameter, by its encoded name.
    fn role(&self, name: &[u8]) -> Role {
        let is = |other: &str| other.as_bytes() == name;
        if is(&self.signature) {
            return Role::Taken;
        }
        if self.time.as_ref().is_some_and(|time| is(&time.name)) {
            return Role::Noted;
        }
        // There are few such names, and they usually differ in length, so comparing with
        // each is faster than a search.
        let is_unsigned = self.unsigned_names.iter().any(|unsigned| is(unsigned))
            || self.unsigned_prefixes.iter().any(|start| name.starts_with(start.as_bytes()))
            || !name.starts_with(self.only_prefix.as_bytes())
            || !self.only.is_empty() && !self.only.iter().any(|signed| is(signed));
        if is_unsigned { Role::Aside } else { Role::Main }
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

/// Encodes what names start with.
fn encoded_prefix(start: &str) -> Result<String, Error> {
    match start {
        "" => Err(Error::EmptyPrefix),
        start => encoded(start),
    }
}

impl SigningScheme for Scheme {
    type Verified<'s> = VerifiedQuery<'s>;

    fn claim<'c, 's: 'c>(&'c self, sent: &'s str) -> Result<Claim<'c, VerifiedQuery<'s>>, Error> {
        let parts = canonical::split(sent, 0, |name| self.role(name))?;
        let signature = signature(&parts.taken, self.writing)?;
        let period = match &self.time {
            None => None,
            Some(Time { meaning: Meaning::Expires, .. }) => {
                let last = second(&parts.noted, [Error::MissingExpires, Error::MalformedExpires])?;
                Some(Period::until(last))
            }
            Some(Time { meaning: Meaning::IssuedAt { max_age }, .. }) => {
                let first = second(&parts.noted, [Error::MissingIssuedAt, Error::MalformedIssuedAt])?;
                Some(Period::since(first, *max_age))
            }
        };
        let expires = period.map_or(u64::MAX, |period| period.last);
        let query = VerifiedQuery::new(self.text(parts.main)?, parts.aside, expires);
        Ok(Claim::new(Text::default(), signature, period, query))
    }
}

impl Verifier {
    /// Accepts what this key signed by the platform's scheme, until it expires. For another
    /// scheme there is [`Scheme::verifier`].
    #[must_use]
    pub fn new(key: Key) -> Self {
        Scheme::default().verifier(key)
    }

    /// Leaves these parameters out of the signature: the ones that a platform adds
    /// after signing. Only [`VerifiedQuery::unsigned`] reads them.
    ///
    /// Give the name that PHP gives the parameter, decoded and without brackets. It covers
    /// all elements of an array: `a_b` covers `a.b=1`, and `a` covers `a[b]=1`.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use signed_query::{Key, Verifier, expires_in};
    /// # let key = Key::new("changeme!")?;
    /// let raw = key.sign([("id", "1")], expires_in(Duration::from_secs(300)))? + "&click.id=7&tag[]=new";
    /// let verifier = Verifier::new(key).ignoring(["click_id", "tag"])?;
    /// assert!(verifier.verify(&raw).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] for a name that no parameter can have (`a.b`, `a[b]`, an empty
    /// one); [`Error::ReservedName`] or [`Error::ReservedParameter`] for the signature and
    /// the time: if anyone could change the expiry, a query would be valid for ever.
    pub fn ignoring<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        for name in names {
            let name = encoded(name.as_ref())?;
            let time = self.scheme.time.as_ref().map(|time| &time.name);
            if let Some(own) =
                [Some(&self.scheme.signature), time].into_iter().flatten().find(|own| **own == name)
            {
                return Err(reserved(own));
            }
            self.scheme.unsigned_names.push(name);
        }
        Ok(self)
    }

    /// Leaves out of the signature, as [`ignoring`](Self::ignoring) does, all
    /// parameters whose names start with one of these: `utm_` for what campaigns add
    /// to a link. The signature and the time are never left out.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use signed_query::{Key, Verifier, expires_in};
    /// # let key = Key::new("changeme!")?;
    /// let raw = key.sign([("id", "1")], expires_in(Duration::from_secs(300)))? + "&utm_source=mail&utm_medium=link";
    /// let verifier = Verifier::new(key).ignoring_prefixes(["utm_"])?;
    /// assert!(verifier.verify(&raw).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPrefix`]; [`Error::UnusableName`] for one that no name can start with
    /// (`a.b`, `a[`).
    pub fn ignoring_prefixes<N: AsRef<str>>(
        mut self,
        starts: impl IntoIterator<Item = N>,
    ) -> Result<Self, Error> {
        for start in starts {
            self.scheme.unsigned_prefixes.push(encoded_prefix(start.as_ref())?);
        }
        Ok(self)
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

    /// Verifies the query of a URL against the system clock, as
    /// [`verify_url_at`](Self::verify_url_at) does.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    pub fn verify_url<'q>(&self, url: &'q str) -> Result<VerifiedQuery<'q>, Error> {
        self.verify_url_at(url, crate::lifetime::now())
    }
}
