//! The shortcut: where every name leads to something new, one after another, PHP
//! writes the parameters in the order that they were sent in.
//!
//! What is canonical already is not even copied: what was signed is then a slice
//! of what was sent. The shortcut may decline any query, which is then left to the
//! tree: it does so for a name that PHP might rewrite (`.`), drop or read twice.

use alloc::{borrow::Cow, vec::Vec};
use core::{mem::take, ops::Range};

use super::{
    Field, Parts, Role,
    distinct::{Sketch, Table},
    escape::{Class, into_text, is_canonical_escape, length_of, rewrite_into},
    path::{Path, hash_of_base},
};
use crate::{MAX_PARAMETERS, key::SIGNATURE_LENGTH};

/// Up to this length, in bytes, a query has few names, and a sketch mostly tells
/// them apart.
const SHORT: usize = 448;

/// Splits a query by the roles of its parameters; `false` where the shortcut does
/// not lead there. The parts are written where they stay: to move them around
/// takes as long as to find them.
#[inline]
pub(super) fn split<'q>(raw: &'q str, role: impl Fn(&[u8]) -> Role, parts: &mut Parts<'q>) -> bool {
    if raw.len() > SHORT {
        return split_with_table(raw, role, parts);
    }
    let mut sketch = Sketch::default();
    let mut may_repeat = false;
    let is_new = |hash| {
        may_repeat = !sketch.add(hash);
        !may_repeat
    };
    let is_split = split_distinct(raw, &role, is_new, parts);
    if !may_repeat {
        return is_split;
    }
    *parts = Parts::default();
    split_with_table(raw, role, parts)
}

/// The same with a table that is at most half full: a name takes three bytes or
/// more, `a=&` or `[a]`, and there are at most two for each parameter.
#[inline(never)]
fn split_with_table<'q>(raw: &'q str, role: impl Fn(&[u8]) -> Role, parts: &mut Parts<'q>) -> bool {
    match raw.len() / 3 {
        ..256 => split_with::<512>(raw, role, parts),
        256..1024 => split_with::<2048>(raw, role, parts),
        _ => split_with::<4096>(raw, role, parts),
    }
}

/// A table is large, and not to be on everyone's stack.
#[inline(never)]
fn split_with<'q, const SLOTS: usize>(
    raw: &'q str,
    role: impl Fn(&[u8]) -> Role,
    parts: &mut Parts<'q>,
) -> bool {
    let mut table = Table::<SLOTS>::new();
    split_distinct(raw, role, |hash| table.add(hash), parts)
}

/// Splits a query whose names all lead to something new, as told by its hash.
#[inline(always)]
fn split_distinct<'q>(
    raw: &'q str,
    role: impl Fn(&[u8]) -> Role,
    mut is_new: impl FnMut(u64) -> bool,
    parts: &mut Parts<'q>,
) -> bool {
    let query = match role(b"sig") {
        Role::Signature => without_signature(raw, &mut parts.signature),
        _ => raw,
    };
    let mut count = 0;
    // Taken off or not, it counts, and a second one is a repetition.
    if parts.signature != Field::Missing {
        is_new(hash_of_base(b"sig"));
        count += 1;
    }
    let bytes = query.as_bytes();
    let mut path = Path::new(bytes);
    let (mut signed, mut unsigned) = (Part::default(), Part::default());
    let mut start = 0;
    while start < bytes.len() {
        let Some(equals) = path.read(start, &mut is_new) else { return false };
        let Some(value) = Value::at(bytes, equals + 1) else { return false };
        count += 1;
        if count > MAX_PARAMETERS {
            return false;
        }
        let sent = Field::Sent(&bytes[value.start..value.end]);
        match role(path.base()) {
            Role::Signed => signed.push(&path, value),
            Role::Unsigned => unsigned.push(&path, value),
            Role::Expires | Role::Signature if path.is_nested() => return false,
            Role::Signature => parts.signature = sent,
            Role::Expires => {
                parts.expires = sent;
                signed.push(&path, value);
            }
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
    let ends = value.iter().fold(0, |ends, byte| ends | u8::from(matches!(byte, b'&' | 0)));
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
    /// Appends a parameter, whose name was read last.
    #[inline]
    fn push(&mut self, path: &Path<'_>, value: Value) {
        let continues = self.slice.is_empty() || self.slice.end + 1 == path.start();
        if !(continues && path.is_canonical() && value.is_canonical && self.text.is_empty()) {
            return self.rewrite(path, value);
        }
        if self.slice.is_empty() {
            self.slice.start = path.start();
        }
        self.slice.end = value.end;
    }

    #[inline(never)]
    fn rewrite(&mut self, path: &Path<'_>, value: Value) {
        let query = path.query();
        if self.text.is_empty() {
            self.text.reserve(query.len());
            self.text.extend_from_slice(&query[self.slice.start..self.slice.end]);
        }
        if !self.text.is_empty() {
            self.text.push(b'&');
        }
        path.write(&mut self.text);
        self.text.push(b'=');
        let sent = &query[value.start..value.end];
        match value.is_canonical {
            true => self.text.extend_from_slice(sent),
            false => rewrite_into(&mut self.text, sent),
        }
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
    #[inline(always)]
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
