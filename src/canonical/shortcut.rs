//! The shortcut: a query whose names are plain, each there once, makes no arrays.
//! Its parameters keep their order, and at most their values are rewritten.
//!
//! What is canonical already is not even copied: what was signed is then a slice
//! of what was sent. The shortcut may decline any query, which is then left to the
//! tree: it does so for a name that PHP might take apart (`[`), rewrite (`.`), or
//! read twice.

use alloc::{borrow::Cow, vec::Vec};
use core::{mem::take, ops::Range};

use super::{
    Field, Parts, Role,
    distinct::{Sketch, Table},
    escape::{Class, into_text, is_canonical_escape, length_of, rewrite_into},
};
use crate::key::SIGNATURE_LENGTH;

/// Up to this length, in bytes, a query can't have more names than the smaller
/// table takes: none has fewer than three bytes, `a=&`.
const SMALL: usize = 3 * 256 - 1;

/// Splits a query by the roles of its parameters; `false` where the shortcut does
/// not lead there. The parts are written where they stay: to move them around
/// takes as long as to find them.
#[inline]
pub(super) fn split<'q>(raw: &'q str, role: impl Fn(&[u8]) -> Role, parts: &mut Parts<'q>) -> bool {
    let mut sketch = Sketch::default();
    let mut may_repeat = false;
    let is_new = |_, name: &[u8]| {
        may_repeat = !sketch.add(name);
        !may_repeat
    };
    let is_split = split_distinct(raw, &role, is_new, parts);
    if !may_repeat {
        return is_split;
    }
    // Too many names for a sketch, or one that stands there twice: begin again.
    *parts = Parts::default();
    match raw.len() {
        ..=SMALL => split_with::<512>(raw, role, parts),
        _ => split_with::<2048>(raw, role, parts),
    }
}

/// The same with a table. It is large, and not to be on everyone's stack.
#[cold]
#[inline(never)]
fn split_with<'q, const SLOTS: usize>(
    raw: &'q str,
    role: impl Fn(&[u8]) -> Role,
    parts: &mut Parts<'q>,
) -> bool {
    let mut table = Table::<SLOTS>::of(raw);
    split_distinct(raw, role, |start, name| table.add(start, name), parts)
}

/// Splits a query whose names are all new, as told of each by where it starts.
#[inline(always)]
fn split_distinct<'q>(
    raw: &'q str,
    role: impl Fn(&[u8]) -> Role,
    mut is_new: impl FnMut(usize, &[u8]) -> bool,
    parts: &mut Parts<'q>,
) -> bool {
    let query = match role(b"sig") {
        Role::Signature => without_signature(raw, &mut parts.signature),
        _ => raw,
    };
    // Taken off or not, it counts, and a second one is a repetition.
    if parts.signature != Field::Missing && !is_new(query.len() + 1, b"sig") {
        return false;
    }
    let bytes = query.as_bytes();
    let (mut signed, mut unsigned) = (Part::default(), Part::default());
    let mut start = 0;
    while start < bytes.len() {
        let equals = start + length_of(Class::InName, &bytes[start..]);
        if equals == start || bytes.get(equals) != Some(&b'=') {
            return false;
        }
        let name = &bytes[start..equals];
        if !is_new(start, name) {
            return false;
        }
        let Some(value) = Value::at(bytes, equals + 1) else { return false };
        let sent = Field::Sent(&bytes[value.start..value.end]);
        match role(name) {
            Role::Signed => signed.push(bytes, start, value),
            Role::Expires => {
                parts.expires = sent;
                signed.push(bytes, start, value);
            }
            Role::Signature => parts.signature = sent,
            Role::Unsigned => unsigned.push(bytes, start, value),
        }
        start = value.end + 1;
    }
    signed.finish(query, &mut parts.signed);
    unsigned.finish(query, &mut parts.unsigned);
    true
}

/// Takes the signature off the end of a query, where it mostly stands, with a look
/// at many of its bytes together.
fn without_signature<'q>(raw: &'q str, signature: &mut Field<'q>) -> &'q str {
    let Some((rest, value)) = raw.as_bytes().split_last_chunk::<SIGNATURE_LENGTH>() else { return raw };
    let Some(query) = rest.strip_suffix(b"&sig=") else { return raw };
    // One parameter, which ends where the query does. Without a branch for any
    // byte, so that the compiler can compare sixteen at once.
    let ends = value.iter().fold(0, |ends, &byte| ends | u8::from(byte == b'&') | u8::from(byte == 0));
    if ends != 0 {
        return raw;
    }
    *signature = Field::Sent(value);
    &raw[..query.len()]
}

/// A part of a query in canonical form: a slice of it as long as that will do.
#[derive(Default)]
struct Part {
    slice: Range<usize>,
    /// What takes the slice's place, from the first parameter on that does not
    /// continue it or has to be rewritten.
    text: Vec<u8>,
}

impl Part {
    /// Appends the parameter that starts at a place in the query.
    #[inline]
    fn push(&mut self, query: &[u8], start: usize, value: Value) {
        let continues = self.slice.is_empty() || self.slice.end + 1 == start;
        if !(continues && value.is_canonical && self.text.is_empty()) {
            return self.rewrite(&query[start..value.start], &query[value.start..value.end], query);
        }
        if self.slice.is_empty() {
            self.slice.start = start;
        }
        self.slice.end = value.end;
    }

    /// Appends a name, with its `=`, and a value.
    #[inline(never)]
    fn rewrite(&mut self, name: &[u8], value: &[u8], query: &[u8]) {
        if self.text.is_empty() {
            self.text.reserve(query.len());
            self.text.extend_from_slice(&query[self.slice.start..self.slice.end]);
        }
        if !self.text.is_empty() {
            self.text.push(b'&');
        }
        self.text.extend_from_slice(name);
        rewrite_into(&mut self.text, value);
    }

    #[inline]
    fn finish<'q>(&mut self, query: &'q str, part: &mut Cow<'q, str>) {
        if self.text.is_empty() {
            *part = Cow::Borrowed(&query[self.slice.start..self.slice.end]);
        } else {
            *part = Cow::Owned(into_text(take(&mut self.text)));
        }
    }
}

/// Where a value stands in a query.
#[derive(Clone, Copy)]
struct Value {
    start: usize,
    end: usize,
    is_canonical: bool,
}

impl Value {
    /// The value that starts at a place. `None` with a raw NUL in it, which ends
    /// a query.
    fn at(bytes: &[u8], start: usize) -> Option<Self> {
        let mut end = start;
        let mut is_canonical = true;
        loop {
            end += length_of(Class::InValue, &bytes[end..]);
            match bytes.get(end) {
                None | Some(b'&') => return Some(Self { start, end, is_canonical }),
                Some(0) => return None,
                Some(b'%') if is_canonical_escape(&bytes[end + 1..]) => end += 3,
                Some(_) => {
                    is_canonical = false;
                    end += 1;
                }
            }
        }
    }
}
