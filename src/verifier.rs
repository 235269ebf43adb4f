//! The verifier: one policy and one order of checks for every scheme.

use alloc::borrow::Cow;
use core::time::Duration;

use crate::{
    Error, Key,
    key::{Keys, Mac},
    lifetime::{Lifetime, Period},
};

/// Decides which signed requests are valid.
///
/// `S` is the scheme: for queries a [`Scheme`](crate::Scheme), for links
/// [`laravel::Links`](crate::laravel::Links) or [`symfony::Links`](crate::symfony::Links).
///
/// Build one at startup, share it between threads, and call
/// [`verify`](Self::verify) for each request.
///
/// ```
/// # use core::time::Duration;
/// # use signed_query::{Key, Verifier};
/// let verifier = Verifier::new(Key::new("new secret")?)
///     .or_key(Key::new("previous secret")?)
///     .leeway(Duration::from_secs(5))
///     .max_lifetime(Duration::from_secs(3600))
///     .ignoring(["message_sentiment"])?;
/// # Ok::<(), signed_query::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier<S = crate::Scheme> {
    pub(crate) scheme: S,
    keys: Keys,
    lifetime: Lifetime,
}

/// The schemes of a [`Verifier`].
///
/// They are [`Scheme`](crate::Scheme), [`laravel::Links`](crate::laravel::Links) and
/// [`symfony::Links`](crate::symfony::Links). The trait is sealed: no other crate can
/// implement it.
pub trait SigningScheme {
    /// What [`Verifier::verify_at`] hands out: [`VerifiedQuery`](crate::VerifiedQuery) or
    /// [`VerifiedLink`](crate::VerifiedLink).
    type Verified<'s>: Canonical;

    // This seals the trait: outside the crate, `Claim` can't be named.
    #[doc(hidden)]
    fn claim<'c, 's: 'c>(&'c self, sent: &'s str) -> Result<Claim<'c, Self::Verified<'s>>, Error>;
}

/// What a scheme reads from a request before any of it is verified. Only
/// [`Verifier::verify_at`] compares the signature and hands out the value.
pub struct Claim<'c, V> {
    text: Text<'c>,
    /// `None` if the submitted text is not that of any MAC: it matches nothing.
    signature: Option<Mac>,
    /// `None` if the request has no time.
    period: Option<Period>,
    value: V,
}

/// The text that is signed.
#[derive(Default)]
pub struct Text<'c> {
    /// What comes before the query: origin, path and `?`.
    pub(crate) before: [&'c str; 3],
    /// The query, if it is not the text of [`Canonical::canonical`].
    pub(crate) query: Option<Cow<'c, str>>,
}

/// A value that can be verified: it has a query in canonical form.
pub trait Canonical {
    /// The signed parameters in canonical form.
    fn canonical(&self) -> &str;
}

impl<'c, V: Canonical> Claim<'c, V> {
    #[inline]
    pub(crate) fn new(text: Text<'c>, signature: Option<Mac>, period: Option<Period>, value: V) -> Self {
        Self { text, signature, period, value }
    }

    fn text(&self) -> [&[u8]; 4] {
        let query = self.text.query.as_deref().unwrap_or_else(|| self.value.canonical());
        let [origin, path, mark] = self.text.before;
        [origin, path, mark, query].map(str::as_bytes)
    }
}

impl<S> Verifier<S> {
    pub(crate) fn of(scheme: S, key: Key) -> Self {
        Self { scheme, keys: Keys::new(key), lifetime: Lifetime::default() }
    }

    /// Also accepts requests signed with this key: that of the previous secret, while signers
    /// move to the new one. Every key costs a MAC on every request.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.add(previous);
        self
    }

    /// Allows for clocks that differ: accepts a request for this long after it expired, or
    /// before it was issued, and one that expires this much further ahead than
    /// [`max_lifetime`](Self::max_lifetime) allows. The default is zero; fractions of a
    /// second are dropped.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.lifetime.leeway = leeway;
        self
    }

    /// Refuses a request that expires further ahead than this: set it to more than the
    /// signer ever asks for. By default there is no limit; fractions of a second are
    /// dropped.
    ///
    /// It does not apply to a [scheme without a
    /// time](crate::Scheme#a-scheme-without-a-time), or to a link without an expiry. The
    /// guide shows how to [choose it](crate::guide::lifetimes).
    #[must_use]
    pub fn max_lifetime(mut self, max_lifetime: Duration) -> Self {
        self.lifetime.max = Some(max_lifetime);
        self
    }
}

impl<S: SigningScheme> Verifier<S> {
    /// Verifies what was sent: for a query, the text after the `?`; for a link, the target
    /// of the request, which is its path and query. Pass it exactly as it was sent:
    /// decoding or parsing it first would change what is verified. `now` is the time in Unix
    /// seconds.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// let verifier = Verifier::new(Key::new("changeme!")?);
    /// let raw = "q=red&expires=1500472622&sig=\
    ///     7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
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
    /// In this order: the errors of a malformed or ambiguous request (status 400),
    /// [`Error::Mismatch`], and then [`Error::Expired`], [`Error::IssuedInFuture`] or
    /// [`Error::LifetimeTooLong`] (all 403).
    pub fn verify_at<'s>(&self, sent: &'s str, now: u64) -> Result<S::Verified<'s>, Error> {
        let claim = self.scheme.claim(sent)?;
        let signature = claim.signature.as_ref().ok_or(Error::Mismatch)?;
        self.keys.matching(&claim.text(), signature).ok_or(Error::Mismatch)?;
        if let Some(period) = claim.period {
            self.lifetime.check(period, now)?;
        }
        Ok(claim.value)
    }

    /// Verifies what was sent against the system clock, as [`verify_at`](Self::verify_at)
    /// does.
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at). If the clock is set before 1970, every request
    /// that has a time has expired.
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    pub fn verify<'s>(&self, sent: &'s str) -> Result<S::Verified<'s>, Error> {
        self.verify_at(sent, crate::lifetime::now())
    }
}
