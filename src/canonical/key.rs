//! The keys of PHP's arrays.

use alloc::{borrow::Cow, vec::Vec};

use super::hash::hash;

/// A key as PHP writes it, which no two keys share: `1` is an integer to PHP, and
/// `01` is a text.
#[derive(Clone, Copy)]
pub(super) enum Key<'q> {
    /// Encoded.
    Text(&'q [u8]),
    /// What `[]` stood for.
    Index(i64),
}

impl<'q> Key<'q> {
    /// A hash of the key in an array with a number.
    #[inline(always)]
    pub(super) fn hash(self, array: u16) -> u32 {
        match self {
            Self::Text(text) => hash(array.into(), text) as u32,
            Self::Index(index) => hash(array.into(), decimal(index, &mut [0; 20])) as u32,
        }
    }

    /// The integer that PHP takes the key for: one that it would write just so.
    #[inline]
    pub(super) fn integer(self) -> Option<i64> {
        let text = match self {
            Self::Text(text) => text,
            Self::Index(index) => return Some(index),
        };
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

    pub(super) fn text(self) -> Cow<'q, [u8]> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Index(index) => Cow::Owned(decimal(index, &mut [0; 20]).into()),
        }
    }

    /// Appends the key, encoded.
    pub(super) fn write(self, name: &mut Vec<u8>) {
        match self {
            Self::Text(text) => name.extend_from_slice(text),
            Self::Index(index) => name.extend_from_slice(decimal(index, &mut [0; 20])),
        }
    }
}

impl PartialEq for Key<'_> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Key::Text(one), Key::Text(other)) => one == other,
            (Key::Index(one), Key::Index(other)) => one == other,
            (Key::Text(text), Key::Index(index)) | (Key::Index(index), Key::Text(text)) => {
                decimal(index, &mut [0; 20]) == text
            }
        }
    }
}

/// An integer in decimal, at the end of a buffer that has room for any.
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
