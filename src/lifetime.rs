//! Until when a thing is good: one policy for every verifier. All times are in Unix
//! seconds.

use core::time::Duration;

use crate::Error;

/// How far an expiry may be from now, in either direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifetime {
    pub(crate) leeway: Duration,
    pub(crate) max: Option<Duration>,
}

impl Lifetime {
    /// Checks the last second at which a thing is good.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`] and [`Error::LifetimeTooLong`].
    pub(crate) fn check(&self, expires: u64, now: u64) -> Result<(), Error> {
        let leeway = self.leeway.as_secs();
        if expires.saturating_add(leeway) < now {
            return Err(Error::Expired { expires, now });
        }
        let latest =
            self.max.map_or(u64::MAX, |max| now.saturating_add(max.as_secs()).saturating_add(leeway));
        if expires > latest {
            return Err(Error::LifetimeTooLong { expires, now });
        }
        Ok(())
    }
}

/// A number in decimal digits; one that is too large for 64 bits is as good as
/// the largest. `None` for anything else, and for nothing at all.
#[inline]
pub(crate) fn unix_seconds(digits: &[u8]) -> Option<u64> {
    let value = |digit: &u8| u64::from(digit.wrapping_sub(b'0'));
    if digits.len() > 19 {
        let is_number = digits.iter().all(u8::is_ascii_digit);
        let number = digits
            .iter()
            .fold(0, |number: u64, digit| number.saturating_mul(10).saturating_add(value(digit)));
        return is_number.then_some(number);
    }
    // What has nineteen digits fits for sure.
    let (mut number, mut is_number) = (0_u64, !digits.is_empty());
    for digit in digits {
        is_number &= value(digit) < 10;
        number = number.wrapping_mul(10).wrapping_add(value(digit));
    }
    is_number.then_some(number)
}
