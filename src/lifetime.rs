//! When a request is valid: one policy for every verifier, and the clock. All times are in
//! Unix seconds.

use core::time::Duration;

use crate::Error;

/// The first and the last second at which a request is valid. If the first comes after the
/// last, it is never valid.
#[derive(Clone, Copy)]
pub struct Period {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Period {
    pub(crate) const NEVER: Self = Self { first: 1, last: 0 };

    pub(crate) fn until(last: u64) -> Self {
        Self { first: 0, last }
    }

    /// From its first second on, for as long as this.
    pub(crate) fn since(first: u64, length: Duration) -> Self {
        Self { first, last: first.saturating_add(length.as_secs()) }
    }
}

/// How far a period may be from now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifetime {
    pub(crate) leeway: Duration,
    pub(crate) max: Option<Duration>,
}

impl Lifetime {
    /// Checks that a request is valid now, and not for too long.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`], [`Error::IssuedInFuture`] and [`Error::LifetimeTooLong`].
    pub(crate) fn check(&self, Period { first, last }: Period, now: u64) -> Result<(), Error> {
        let latest = now.saturating_add(self.leeway.as_secs());
        if first > last || last.saturating_add(self.leeway.as_secs()) < now {
            return Err(Error::Expired { expires: last, now });
        }
        if first > latest {
            return Err(Error::IssuedInFuture { issued: first, now });
        }
        if self.max.is_some_and(|max| last > latest.saturating_add(max.as_secs())) {
            return Err(Error::LifetimeTooLong { expires: last, now });
        }
        Ok(())
    }
}

/// A number in decimal digits; one that is too large for 64 bits counts as the largest.
/// `None` for any other text, and for an empty one.
#[inline]
pub(crate) fn unix_seconds(digits: &[u8]) -> Option<u64> {
    let number = digits.iter().try_fold(0, |number: u64, digit| {
        let value = digit.wrapping_sub(b'0');
        (value < 10).then(|| number.saturating_mul(10).saturating_add(value.into()))
    });
    number.filter(|_| !digits.is_empty())
}

/// The system clock. Where there is none, neither `verify` nor `expires_in` exists.
#[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
mod clock {
    use core::time::Duration;
    use std::time::{SystemTime, UNIX_EPOCH};

    /// The expiry of something signed now: the Unix second that is `lifetime` from now.
    ///
    /// "Now" is by the system clock. Fractions of a second are dropped.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use signed_query::{Key, Verifier, expires_in};
    /// let key = Key::new("changeme!")?;
    /// let in_five_minutes = expires_in(Duration::from_secs(300));
    /// let signed = key.sign([("q", "red")], in_five_minutes)?;
    /// assert!(Verifier::new(key).verify(&signed).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn expires_in(lifetime: Duration) -> u64 {
        since_epoch().unwrap_or_default().saturating_add(lifetime).as_secs()
    }

    /// The current time. A clock that is set before 1970 can't be trusted, so everything
    /// has expired; a time of 0 would make everything valid.
    pub(crate) fn now() -> u64 {
        since_epoch().map_or(u64::MAX, |time| time.as_secs())
    }

    fn since_epoch() -> Option<Duration> {
        SystemTime::now().duration_since(UNIX_EPOCH).ok()
    }
}
#[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
pub use self::clock::expires_in;
#[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
pub(crate) use self::clock::now;
