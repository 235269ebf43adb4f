//! What reads the system clock. Where there is no clock, all of this is missing.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{Error, VerifiedLink, VerifiedQuery, Verifier, laravel, symfony};

/// The Unix second that is `lifetime` from now by the system clock, to sign with as
/// `expires`. Fractions of a second are dropped.
///
/// ```
/// # use core::time::Duration;
/// # use signed_query::{Key, Verifier, expires_in};
/// let key = Key::new("changeme!")?;
/// let signed = key.sign([("q", "red")], expires_in(Duration::from_secs(300)))?;
/// assert!(Verifier::new(key).verify(&signed).is_ok());
/// # Ok::<(), signed_query::Error>(())
/// ```
#[must_use]
pub fn expires_in(lifetime: Duration) -> u64 {
    since_epoch().unwrap_or_default().saturating_add(lifetime).as_secs()
}

/// Now, in Unix seconds. A clock set before 1970 would make everything good, so by such
/// a clock everything has expired.
fn now() -> u64 {
    since_epoch().map_or(u64::MAX, |time| time.as_secs())
}

fn since_epoch() -> Option<Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok()
}

impl Verifier {
    /// Verifies a query string against the system clock.
    ///
    /// `raw` is the text after the `?`, exactly as it was sent: decoding or parsing it
    /// first would change what is verified. For a whole URL, use
    /// [`verify_url`](Self::verify_url).
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at). If the clock is set before 1970, everything
    /// has expired.
    pub fn verify<'q>(&self, raw: &'q str) -> Result<VerifiedQuery<'q>, Error> {
        self.verify_at(raw, now())
    }

    /// Verifies the query of a URL against the system clock, as
    /// [`verify_url_at`](Self::verify_url_at) does.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_url<'q>(&self, url: &'q str) -> Result<VerifiedQuery<'q>, Error> {
        self.verify_url_at(url, now())
    }
}

impl laravel::Verifier {
    /// Verifies the target of a request, its path and query, against the system clock.
    ///
    /// `target` is the one in the request line, exactly as it was sent.
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at). If the clock is set before 1970, everything
    /// has expired.
    pub fn verify<'t>(&self, target: &'t str) -> Result<VerifiedLink<'t>, Error> {
        self.verify_at(target, now())
    }
}

impl symfony::Verifier {
    /// Verifies the target of a request, its path and query, against the system clock.
    ///
    /// `target` is the one in the request line, exactly as it was sent.
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at). If the clock is set before 1970, everything
    /// has expired.
    pub fn verify<'t>(&self, target: &'t str) -> Result<VerifiedLink<'t>, Error> {
        self.verify_at(target, now())
    }
}
