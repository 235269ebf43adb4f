//! The names and values of a query, in the order in which they came.

use alloc::vec::Vec;

use super::escape::decode_into;
use crate::{Error, MAX_PARAMETERS};

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
        let (query, unread) = split_at_byte(raw.as_bytes(), 0);
        // Decoding never makes a name longer.
        let names = Vec::with_capacity(query.len());
        let mut pairs = Self { names, ends: Vec::with_capacity(16), unread };
        let mut rest = Some(query);
        while let Some(parameters) = rest {
            let (parameter, after) = split_at_byte(parameters, b'&');
            rest = after;
            if parameter.is_empty() {
                continue;
            }
            if pairs.ends.len() == MAX_PARAMETERS {
                return Err(Error::TooManyParameters);
            }
            let (name, value) = split_at_byte(parameter, b'=');
            decode_into(&mut pairs.names, name);
            pairs.ends.push((pairs.names.len(), value.unwrap_or_default()));
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

/// What is before the first of these bytes, and what is behind it if there is one.
fn split_at_byte(bytes: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match bytes.iter().position(|&byte| byte == separator) {
        Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
        None => (bytes, None),
    }
}
