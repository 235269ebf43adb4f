//! PHP's percent-encoding: `urldecode` and `urlencode`, on bytes.
//!
//! `form_urlencoded` comes close, but is not used for rewriting: it does not escape `*`,
//! and reads names and values as text.

use alloc::{borrow::Cow, string::String, vec::Vec};

use percent_encoding::percent_encode_byte;

/// The classes of bytes in a query, as bits in [`CLASSES`].
#[derive(Clone, Copy)]
pub(super) enum Class {
    /// `urlencode` leaves it as it is.
    Staying = 1,
    /// It stands for itself in a name, and PHP never rewrites it there.
    InName = 2,
    /// It stands for itself in a value in canonical form.
    InValue = 4,
}

/// The classes of each byte: a look-up is faster than comparisons, and the bytes of a
/// query are not secret.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' => {
                Class::Staying as u8 | Class::InName as u8 | Class::InValue as u8
            }
            b'.' => Class::Staying as u8 | Class::InValue as u8,
            b'+' => Class::InValue as u8,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// How many bytes at the start are of a class.
#[inline(always)]
pub(super) fn length_of(class: Class, bytes: &[u8]) -> usize {
    let is_other = |&byte: &u8| CLASSES[usize::from(byte)] & class as u8 == 0;
    let few = bytes.first_chunk::<MANY>().map_or(bytes, |few| few.as_slice());
    match few.iter().position(is_other) {
        Some(length) => length,
        None if few.len() == bytes.len() => bytes.len(),
        None => MANY + length_of_long(class, &bytes[MANY..]),
    }
}

/// After this many bytes, as many are compared at a time.
const MANY: usize = 16;

/// The same for a longer text, such as the digits of a hash.
#[inline(never)]
fn length_of_long(class: Class, bytes: &[u8]) -> usize {
    // These are in every class. No branch for each byte, so that the compiler can compare
    // many at once.
    let is_alphanumeric = |many: &[u8; MANY]| {
        many.iter().fold(true, |all, byte| {
            all & ((byte.wrapping_sub(b'0') < 10) | ((byte | 0x20).wrapping_sub(b'a') < 26))
        })
    };
    let (chunks, _) = bytes.as_chunks();
    let start = MANY * chunks.iter().position(|many| !is_alphanumeric(many)).unwrap_or(chunks.len());
    let is_other = |&byte: &u8| CLASSES[usize::from(byte)] & class as u8 == 0;
    bytes[start..].iter().position(is_other).map_or(bytes.len(), |length| start + length)
}

/// How many bytes there are before the first of these two.
#[inline(always)]
pub(super) fn length_without(bytes: &[u8], ends: [u8; 2]) -> usize {
    // No branch for each byte, so that the compiler can compare many at once.
    let has_end =
        |many: &[u8; MANY]| many.iter().fold(false, |any, &byte| any | (byte == ends[0]) | (byte == ends[1]));
    let (chunks, _) = bytes.as_chunks();
    let start = MANY * chunks.iter().position(has_end).unwrap_or(chunks.len());
    bytes[start..].iter().position(|byte| ends.contains(byte)).map_or(bytes.len(), |length| start + length)
}

fn stays(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & Class::Staying as u8 != 0
}

/// The byte that an escape stands for, given what follows the `%`.
fn unescape(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let [high, low, ..] = *digits else { return None };
    Some((value(high)? << 4 | value(low)?) as u8)
}

/// Whether the escape whose digits these are is one that `urlencode` writes: in
/// capitals, and for a byte that can't stand for itself.
pub(super) fn is_canonical_escape(digits: &[u8]) -> bool {
    let is_capital = |digit: &u8| !digit.is_ascii_lowercase();
    match unescape(digits) {
        Some(byte) => byte != b' ' && !stays(byte) && digits[..2].iter().all(is_capital),
        None => false,
    }
}

/// The next byte that `urldecode` gives, and how many bytes it reads for that: `+` is a
/// space, and an invalid escape stays as it is.
fn decode_one(encoded: &[u8]) -> (u8, usize) {
    match encoded[0] {
        b'+' => (b' ', 1),
        b'%' => unescape(&encoded[1..]).map_or((b'%', 1), |byte| (byte, 3)),
        byte => (byte, 1),
    }
}

/// The bytes that `urldecode` makes of `encoded`, without an allocation.
pub(crate) fn decoded(mut encoded: &[u8]) -> impl Iterator<Item = u8> {
    core::iter::from_fn(move || {
        if encoded.is_empty() {
            return None;
        }
        let (byte, length) = decode_one(encoded);
        encoded = &encoded[length..];
        Some(byte)
    })
}

/// Whether `urldecode` would change a text.
pub(crate) fn is_escaped(encoded: &[u8]) -> bool {
    length_without(encoded, [b'+', b'%']) < encoded.len()
}

/// What `urldecode` makes of `encoded`, which is borrowed where there is nothing to
/// decode.
pub(crate) fn decode(mut encoded: &[u8]) -> Cow<'_, [u8]> {
    let mut decoded = Vec::new();
    let is_encoded = |&byte: &u8| matches!(byte, b'+' | b'%');
    while let Some(at) = encoded.iter().position(is_encoded) {
        decoded.reserve(encoded.len());
        decoded.extend_from_slice(&encoded[..at]);
        let (byte, length) = decode_one(&encoded[at..]);
        decoded.push(byte);
        encoded = &encoded[at + length..];
    }
    match decoded.is_empty() {
        true => Cow::Borrowed(encoded),
        false => {
            decoded.extend_from_slice(encoded);
            Cow::Owned(decoded)
        }
    }
}

fn encode_one(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b' ' => out.push(b'+'),
        byte if stays(byte) => out.push(byte),
        byte => {
            let escape =
                percent_encode_byte(byte).as_bytes().first_chunk::<3>().expect("an escape is so long");
            out.extend_from_slice(escape);
        }
    }
}

/// Appends what `urlencode` makes of `bytes`, which is ASCII.
pub(crate) fn encode_into(out: &mut Vec<u8>, mut bytes: &[u8]) {
    loop {
        let (before, rest) = bytes.split_at(length_of(Class::Staying, bytes));
        out.extend_from_slice(before);
        let Some((&byte, after)) = rest.split_first() else { break };
        encode_one(out, byte);
        bytes = after;
    }
}

/// Appends `urlencode(urldecode(encoded))` without storing the decoded bytes.
pub(super) fn rewrite_into(out: &mut Vec<u8>, mut encoded: &[u8]) {
    loop {
        let (before, rest) = encoded.split_at(length_of(Class::Staying, encoded));
        out.extend_from_slice(before);
        if rest.is_empty() {
            break;
        }
        let (byte, length) = decode_one(rest);
        encode_one(out, byte);
        encoded = &rest[length..];
    }
}

/// Encoded bytes as text.
pub(crate) fn into_text(encoded: Vec<u8>) -> String {
    String::from_utf8(encoded).expect("what is encoded is ASCII")
}

/// What `urlencode` makes of `bytes`, which is borrowed where there is nothing to
/// encode.
pub(crate) fn encode(bytes: &[u8]) -> Cow<'_, [u8]> {
    if length_of(Class::Staying, bytes) == bytes.len() {
        return Cow::Borrowed(bytes);
    }
    let mut encoded = Vec::with_capacity(3 * bytes.len());
    encode_into(&mut encoded, bytes);
    Cow::Owned(encoded)
}
