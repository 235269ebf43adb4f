//! The order of the outermost names in what is signed.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::cmp::Ordering;

use crate::canonical::escape::{decode, decoded};

/// The order of decoded bytes: PHP's `ksort($parameters, SORT_STRING)`, and plain `ksort` if
/// no name is numeric.
pub(super) fn by_bytes(a: &str, b: &str) -> Ordering {
    // All names are encoded in the same way, so the first difference, even one in the digits
    // of an escape, has the order of the decoded bytes.
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    decoded(&a.as_bytes()[common..]).cmp(decoded(&b.as_bytes()[common..]))
}

/// A query in canonical form, sorted by its outermost names; `compare` gets them encoded.
/// The elements of an array keep their order. A query that is sorted already stays borrowed.
pub(super) fn ordered(canonical: Cow<'_, str>, compare: impl Fn(&str, &str) -> Ordering) -> Cow<'_, str> {
    if parameters(&canonical).is_sorted_by(|(a, _), (b, _)| compare(a, b).is_le()) {
        return canonical;
    }
    let mut parameters = Vec::from_iter(parameters(&canonical));
    // A stable sort keeps the elements of an array in order.
    parameters.sort_by(|(a, _), (b, _)| compare(a, b));
    let mut sorted = String::with_capacity(canonical.len());
    for (_, parameter) in parameters {
        if !sorted.is_empty() {
            sorted.push('&');
        }
        sorted.push_str(parameter);
    }
    Cow::Owned(sorted)
}

/// Whether PHP takes one of the outermost names in a query in canonical form for a number:
/// where `ksort` puts it depends on PHP's version.
pub(super) fn has_numeric_name(canonical: &str) -> bool {
    let may_be =
        |name: &str| name.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '%'));
    parameters(canonical).any(|(name, _)| may_be(name) && is_numeric(&decode(name.as_bytes())))
}

/// The parameters of a query in canonical form, each with its outermost name, encoded.
pub(super) fn parameters(canonical: &str) -> impl Iterator<Item = (&str, &str)> {
    canonical.split('&').map(|parameter| {
        // The first bracket is that of a key.
        let is_end = |&(at, byte): &(usize, u8)| match byte {
            b'%' => parameter[at..].starts_with("%5B"),
            byte => byte == b'=',
        };
        let end = parameter.bytes().enumerate().find(is_end).map_or(parameter.len(), |(at, _)| at);
        (&parameter[..end], parameter)
    })
}

/// PHP's `is_numeric` of a name, which never has a dot.
pub(super) fn is_numeric(name: &[u8]) -> bool {
    let is_space = |byte: &u8| b" \t\n\x0b\x0c\r".contains(byte);
    let start = name.iter().position(|byte| !is_space(byte)).unwrap_or(name.len());
    let end = name.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    let Some(rest) = after_integer(&name[start..end]) else { return false };
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => after_integer(exponent).is_some_and(<[u8]>::is_empty),
        _ => false,
    }
}

/// What follows the integer at the start of a text, which may have a sign; `None` if the
/// text starts with no integer.
fn after_integer(text: &[u8]) -> Option<&[u8]> {
    let digits = match text {
        [b'+' | b'-', digits @ ..] => digits,
        digits => digits,
    };
    match digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len()) {
        0 => None,
        length => Some(&digits[length..]),
    }
}
