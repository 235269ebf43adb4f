//! The keys of PHP's arrays.

use alloc::vec::Vec;

use super::hash::{hash, mix};

/// A key: to PHP, `1` is an integer, and `01` is a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ArrayKey<'q> {
    Integer(i64),
    /// Encoded in the canonical way, so that two are equal exactly if they are equal decoded.
    Text(&'q [u8]),
}

impl<'q> ArrayKey<'q> {
    /// The key for a text in brackets.
    #[inline]
    pub(super) fn of(text: &'q [u8]) -> Self {
        integer(text).map_or(Self::Text(text), Self::Integer)
    }

    /// A hash of the key, given the number of its array.
    #[inline(always)]
    pub(super) fn hash(self, array: u16) -> u32 {
        match self {
            Self::Text(text) => hash(array.into(), text) as u32,
            Self::Integer(integer) => mix(array.into(), integer as u64) as u32,
        }
    }

    /// Appends the key, encoded.
    pub(super) fn write(self, name: &mut Vec<u8>) {
        match self {
            Self::Text(text) => name.extend_from_slice(text),
            Self::Integer(integer) => name.extend_from_slice(decimal(integer, &mut [0; 20])),
        }
    }
}

/// The integer that PHP makes of a key, which it does if it would write it as exactly this text.
#[inline]
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (digits, is_negative) = match text {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    match digits {
        [b'1'..=b'9', ..] if digits.len() < 20 => (),
        b"0" if !is_negative => (),
        _ => return None,
    }
    let mut number = 0_u64;
    for digit in digits {
        let value = digit.wrapping_sub(b'0');
        if value > 9 {
            return None;
        }
        number = 10 * number + u64::from(value);
    }
    match is_negative {
        true => 0_i64.checked_sub_unsigned(number),
        false => number.try_into().ok(),
    }
}

/// Writes an integer in decimal to the end of a buffer, which has room for any.
fn decimal(integer: i64, buffer: &mut [u8; 20]) -> &[u8] {
    let (mut rest, mut start) = (integer.unsigned_abs(), buffer.len());
    loop {
        start -= 1;
        buffer[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if integer < 0 {
        start -= 1;
        buffer[start] = b'-';
    }
    &buffer[start..]
}
