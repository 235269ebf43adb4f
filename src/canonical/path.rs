//! The names of a query as the shortcut reads them: each a path of keys through
//! nested arrays, told from the one before it.
//!
//! PHP writes the elements of an array together. Names come in its order if each
//! leaves the path of the last one at a key that is new there, and goes on from
//! that by keys of its own. Any other name is left to the tree: one that comes
//! back to an array, that is there already, or that makes an array of a string.

use alloc::vec::Vec;
use core::ops::Range;

use super::{
    build::push_integer,
    escape::{Class, is_canonical_escape, length_of},
    hash::hash,
    name::forbids,
};
use crate::MAX_DEPTH;

/// Reads the names of a query one after another, and knows the path of the last.
pub(super) struct Path<'q> {
    query: &'q [u8],
    /// Where the last name stands.
    name: Range<usize>,
    is_canonical: bool,
    /// The key in the outermost array, encoded.
    base: &'q [u8],
    base_hash: u64,
    /// The keys below the base, of which few queries have any.
    nested: Option<[Step<'q>; MAX_DEPTH]>,
    depth: usize,
}

/// A key of the path below its base.
#[derive(Clone, Copy, Default)]
struct Step<'q> {
    /// The key, encoded; nothing for `[]`.
    key: &'q [u8],
    /// The index that `[]` stands for.
    index: usize,
    /// A hash of the path up to here.
    hash: u64,
    /// Whether the array has no other key yet.
    is_only: bool,
}

impl<'q> Path<'q> {
    pub(super) fn new(query: &'q [u8]) -> Self {
        Self { query, name: 0..0, is_canonical: true, base: b"", base_hash: 0, nested: None, depth: 0 }
    }

    pub(super) fn query(&self) -> &'q [u8] {
        self.query
    }

    /// Where the last name starts.
    pub(super) fn start(&self) -> usize {
        self.name.start
    }

    /// Whether the last name stands there in canonical form.
    pub(super) fn is_canonical(&self) -> bool {
        self.is_canonical
    }

    /// The key in the outermost array, encoded.
    pub(super) fn base(&self) -> &'q [u8] {
        self.base
    }

    /// Whether the name is that of an element of an array below the outermost.
    pub(super) fn is_nested(&self) -> bool {
        self.depth > 0
    }

    /// Reads the name that starts at a place in the query, and gives where its `=`
    /// stands. `None` where PHP would rewrite it beyond its brackets, drop it, or
    /// write it elsewhere.
    ///
    /// `is_new` tells by a hash whether a path that may have been there before is
    /// new.
    #[inline(always)]
    pub(super) fn read(&mut self, start: usize, mut is_new: impl FnMut(u64) -> bool) -> Option<usize> {
        let end = end_of_key(Class::InName, b'B', self.query, start);
        if end == start {
            return None;
        }
        let base = &self.query[start..end];
        let has_left = base != self.base;
        if has_left {
            self.base = base;
            self.base_hash = hash_of_base(base);
            if !is_new(self.base_hash) {
                return None;
            }
        }
        if self.query.get(end) != Some(&b'=') {
            return self.read_nested(start..end, has_left, is_new);
        }
        (self.name, self.is_canonical, self.depth) = (start..end, true, 0);
        has_left.then_some(end)
    }

    /// Reads what follows the base of a name: keys in brackets.
    #[inline(never)]
    fn read_nested(
        &mut self,
        Range { start, mut end }: Range<usize>,
        mut has_left: bool,
        mut is_new: impl FnMut(u64) -> bool,
    ) -> Option<usize> {
        let query = self.query;
        let steps = self.nested.get_or_insert_with(|| [Step::default(); MAX_DEPTH]);
        let (mut depth, mut outer, mut is_canonical) = (0, self.base_hash, true);
        while query.get(end) != Some(&b'=') {
            let opening = Bracket::at(query, end, b'[', b'B')?;
            let key = &query[opening.end..end_of_key(Class::InValue, b'D', query, opening.end)];
            let closing = Bracket::at(query, opening.end + key.len(), b']', b'D')?;
            if is_blank(key) || forbids(key, &query[start..]) {
                return None;
            }
            is_canonical &= opening.is_canonical && closing.is_canonical && !key.is_empty();
            let step = steps.get_mut(depth)?;
            if has_left {
                *step = Step::only(outer, key);
            } else if depth < self.depth {
                has_left = step.leave_for(outer, key, &mut is_new)?;
            } else {
                // The name before ends here: its string becomes an array.
                return None;
            }
            outer = step.hash;
            depth += 1;
            end = closing.end;
        }
        (self.name, self.is_canonical, self.depth) = (start..end, is_canonical, depth);
        has_left.then_some(end)
    }

    /// Appends the last name in canonical form.
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        if self.is_canonical {
            return text.extend_from_slice(&self.query[self.name.clone()]);
        }
        text.extend_from_slice(self.base);
        for step in self.nested.iter().flatten().take(self.depth) {
            text.extend_from_slice(b"%5B");
            match step.key {
                b"" => push_integer(text, step.index as i64),
                key => text.extend_from_slice(key),
            }
            text.extend_from_slice(b"%5D");
        }
    }
}

impl<'q> Step<'q> {
    /// The first key of an array that has a hash.
    fn only(outer: u64, key: &'q [u8]) -> Self {
        let hash = if key.is_empty() { hash_of_index(outer, 0) } else { hash(outer, key) };
        Self { key, index: 0, hash, is_only: true }
    }

    /// Goes on to another key of the same array, if it is another. Whether it is;
    /// `None` for one that may have been there, and for keys of both kinds, of
    /// which the tree knows what comes.
    #[inline]
    fn leave_for(&mut self, outer: u64, key: &'q [u8], is_new: &mut impl FnMut(u64) -> bool) -> Option<bool> {
        if key.is_empty() != self.key.is_empty() {
            return None;
        }
        if key.is_empty() {
            // What is appended is new; the index tells apart what is below.
            self.index += 1;
            self.hash = hash_of_index(outer, self.index);
            return Some(true);
        }
        if key == self.key {
            return Some(false);
        }
        // Only now can a name come back to the first key.
        if self.is_only && !is_new(self.hash) {
            return None;
        }
        let hash = hash(outer, key);
        *self = Self { key, index: 0, hash, is_only: false };
        is_new(hash).then_some(true)
    }
}

/// The hash of a base name, as [`Path::read`] tells of it.
pub(super) fn hash_of_base(name: &[u8]) -> u64 {
    hash(0, name)
}

fn hash_of_index(outer: u64, index: usize) -> u64 {
    hash(outer, &index.to_le_bytes())
}

/// Where a key ends that starts at a place: at the bracket whose escape has this
/// last digit, or before what PHP might not write just so.
#[inline(always)]
fn end_of_key(class: Class, bracket: u8, query: &[u8], start: usize) -> usize {
    let mut end = start;
    loop {
        end += length_of(class, &query[end..]);
        match query[end..] {
            [b'%', b'5', digit, ..] if digit == bracket => return end,
            // A NUL ends a name.
            [b'%', b'0', b'0', ..] => return end,
            [b'%', ref digits @ ..] if is_canonical_escape(digits) => end += 3,
            _ => return end,
        }
    }
}

/// Whether a key, encoded, is one byte of white space, which PHP takes for nothing.
fn is_blank(key: &[u8]) -> bool {
    matches!(key, b"+" | [b'%', b'0', b'9' | b'A'..=b'D'])
}

/// A bracket in a name, as it is or escaped.
struct Bracket {
    end: usize,
    is_canonical: bool,
}

impl Bracket {
    /// The bracket at a place in the query, given the last digit of its escape.
    #[inline]
    fn at(query: &[u8], start: usize, bracket: u8, digit: u8) -> Option<Self> {
        match query[start..] {
            [first, ..] if first == bracket => Some(Self { end: start + 1, is_canonical: false }),
            [b'%', b'5', sent, ..] if sent.eq_ignore_ascii_case(&digit) => {
                Some(Self { end: start + 3, is_canonical: sent == digit })
            }
            _ => None,
        }
    }
}
