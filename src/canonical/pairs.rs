//! The names and values of a query, in the order in which they came.

use alloc::vec::Vec;

use super::escape::decode_into;
use crate::{Error, MAX_DEPTH, MAX_PARAMETERS};

/// Decoded names, one behind another in a single buffer, with values as they were
/// sent: those need to be decoded only to be written again.
pub(super) struct Pairs<'q> {
    names: Vec<u8>,
    /// Where each name ends, and its value.
    ends: Vec<(usize, &'q [u8])>,
    /// What follows a raw NUL, which ends the query: to PHP it is a C string.
    unread: Option<&'q [u8]>,
}

impl<'q> Pairs<'q> {
    /// Splits a query at `&` and each parameter at its first `=`.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyParameters`]. Empty parameters (`&&`) are none, to PHP
    /// also; one without a name counts.
    pub(super) fn read(raw: &'q str) -> Result<Self, Error> {
        let (mut rest, behind) = raw.as_bytes().split_at(length_until(raw.as_bytes(), |byte| byte == 0));
        let unread = behind.get(1..);
        // Decoding never makes a name longer.
        let names = Vec::with_capacity(rest.len());
        let mut pairs = Self { names, ends: Vec::with_capacity(16), unread };
        while !rest.is_empty() {
            let name_length = length_until(rest, |byte| matches!(byte, b'=' | b'&'));
            let (name, behind) = rest.split_at(name_length);
            let value_length = length_until(behind, |byte| byte == b'&');
            let (value, behind) = behind.split_at(value_length);
            rest = behind.get(1..).unwrap_or_default();
            if name.is_empty() && value.is_empty() {
                continue;
            }
            if pairs.ends.len() == MAX_PARAMETERS {
                return Err(Error::TooManyParameters);
            }
            decode_into(&mut pairs.names, name);
            pairs.ends.push((pairs.names.len(), value.get(1..).unwrap_or_default()));
        }
        Ok(pairs)
    }

    /// How long the query was that this came from, or a little more.
    pub(super) fn bytes(&self) -> usize {
        self.names.capacity()
    }

    /// What PHP does not read, because a raw NUL stands before it.
    pub(super) fn unread(&self) -> Option<&'q [u8]> {
        self.unread
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many keys all names have, at most.
    pub(super) fn max_keys(&self) -> usize {
        let brackets = self.names.iter().filter(|&&byte| byte == b'[').count();
        self.len() + brackets.min(self.len() * MAX_DEPTH)
    }

    /// Each decoded name with its value as it was sent.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &'q [u8])> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, value)| {
            let name = &self.names[start..end];
            start = end;
            (name, value)
        })
    }
}

/// How many bytes there are before the first that ends them.
fn length_until(bytes: &[u8], is_end: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| is_end(byte)).unwrap_or(bytes.len())
}
