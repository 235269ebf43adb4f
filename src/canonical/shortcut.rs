//! The shortcut: a query that is in canonical form already needs no rebuilding,
//! and what was signed is a slice of it.
//!
//! It looks at each byte once and allocates nothing. It may decline a query that
//! is canonical, and must never accept one that is not: whatever has a name that
//! PHP might take apart (`%5B`), rewrite (`.`) or read twice is left to the tree.

use super::{Role, distinct::are_distinct};
use crate::MAX_PARAMETERS;

/// What a canonical query consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slices<'q> {
    pub(super) signed: &'q str,
    pub(super) unsigned: &'q str,
    pub(super) signature: Option<&'q str>,
    pub(super) expires: Option<&'q str>,
}

/// What a byte may be part of, without a change, in the canonical form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A name or a value.
    Plain,
    /// A value; in a name PHP would rewrite it.
    ValueOnly,
    /// An escape, if what follows makes it one that PHP writes.
    Percent,
    /// None: it separates, or PHP would write it otherwise.
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' => Class::Plain,
            b'.' | b'+' => Class::ValueOnly,
            b'%' => Class::Percent,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Splits a canonical query by the roles of its parameters. `None` where it is
/// not canonical, or where what was signed does not stand together.
pub(super) fn split(raw: &str, role: impl Fn(&[u8]) -> Role) -> Option<Slices<'_>> {
    let mut slices = Slices::default();
    if raw.is_empty() {
        return Some(slices);
    }
    let (mut signed, mut unsigned) = (0..0, 0..0);
    let mut names = Sketch::default();
    let mut start = 0;
    loop {
        let equals = end_of_name(raw, start)?;
        let end = end_of_value(raw, equals + 1)?;
        let (name, value) = (&raw[start..equals], &raw[equals + 1..end]);
        names.add(name);
        let slice = match role(name.as_bytes()) {
            Role::Signature => {
                slices.signature = Some(value);
                None
            }
            Role::Expires => {
                slices.expires = Some(value);
                Some(&mut signed)
            }
            Role::Signed => Some(&mut signed),
            Role::Unsigned => Some(&mut unsigned),
        };
        if let Some(slice) = slice {
            match slice.end {
                0 => slice.start = start,
                before if before + 1 == start => {}
                _ => return None,
            }
            slice.end = end;
        }
        if end == raw.len() {
            break;
        }
        start = end + 1;
    }
    if names.count > MAX_PARAMETERS || (names.may_repeat && !are_distinct(raw, names.count)) {
        return None;
    }
    slices.signed = &raw[signed];
    slices.unsigned = &raw[unsigned];
    Some(slices)
}

/// Where the `=` is behind the name that begins at `start`; `None` where PHP
/// would read or write the name otherwise.
fn end_of_name(raw: &str, start: usize) -> Option<usize> {
    let rest = &raw.as_bytes()[start..];
    let length = rest.iter().position(|&byte| CLASSES[usize::from(byte)] != Class::Plain)?;
    (length > 0 && rest[length] == b'=').then_some(start + length)
}

/// Where the value ends that begins at `start`, which is at an `&` or at the end
/// of the query; `None` where PHP would write it otherwise.
fn end_of_value(raw: &str, start: usize) -> Option<usize> {
    let bytes = raw.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        at += match CLASSES[usize::from(byte)] {
            Class::Plain | Class::ValueOnly => 1,
            Class::Percent if is_canonical_escape(bytes.get(at + 1..at + 3)?) => 3,
            _ if byte == b'&' => break,
            _ => return None,
        };
    }
    Some(at)
}

/// Whether PHP would write the escape just so: in capitals, and for a byte that
/// can't stand for itself.
fn is_canonical_escape(digits: &[u8]) -> bool {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    let (Some(high), Some(low)) = (value(digits[0]), value(digits[1])) else { return false };
    let byte = high << 4 | low;
    !matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b' ')
}

/// Tells cheaply that few names all differ: each sets one bit of 64, and a bit
/// that is set already may mean a repetition.
#[derive(Default)]
struct Sketch {
    bits: u64,
    count: usize,
    may_repeat: bool,
}

impl Sketch {
    fn add(&mut self, name: &str) {
        let bytes = name.as_bytes();
        let (first, last) = (bytes[0], bytes[bytes.len() - 1]);
        let mixed = usize::from(first) * 7 + usize::from(last) * 3 + bytes.len() * 13;
        let bit = 1 << (mixed % 64);
        self.may_repeat |= self.bits & bit != 0;
        self.bits |= bit;
        self.count += 1;
    }
}
