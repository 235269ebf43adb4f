//! The names and values of a query, decoded, in the order in which they came.

use alloc::vec::Vec;

use super::escape::decode_into;
use crate::{Error, MAX_PARAMETERS};

/// Decoded names and values, one behind another in a single buffer: decoding
/// never makes a query longer.
pub(super) struct Pairs<'q> {
    bytes: Vec<u8>,
    /// Where each name ends, and where its value does.
    ends: Vec<(usize, usize)>,
    /// What follows a raw NUL, which ends the query: to PHP it is a C string.
    unread: Option<&'q str>,
}

impl<'q> Pairs<'q> {
    /// Splits a query at `&` and each parameter at its first `=`, and decodes
    /// what that gives.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyParameters`]. Empty parameters (`&&`) are none, to PHP
    /// also; one without a name counts.
    pub(super) fn read(raw: &'q str) -> Result<Self, Error> {
        let (query, unread) = raw.split_once('\0').map_or((raw, None), |(query, rest)| (query, Some(rest)));
        let parameters = || query.split('&').filter(|parameter| !parameter.is_empty());
        let count = parameters().take(MAX_PARAMETERS + 1).count();
        if count > MAX_PARAMETERS {
            return Err(Error::TooManyParameters);
        }
        let mut pairs =
            Self { bytes: Vec::with_capacity(query.len()), ends: Vec::with_capacity(count), unread };
        for parameter in parameters() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            decode_into(&mut pairs.bytes, name.as_bytes());
            let name_end = pairs.bytes.len();
            decode_into(&mut pairs.bytes, value.as_bytes());
            pairs.ends.push((name_end, pairs.bytes.len()));
        }
        Ok(pairs)
    }

    /// What PHP does not read, because a raw NUL stands before it.
    pub(super) fn unread(&self) -> Option<&'q [u8]> {
        self.unread.map(str::as_bytes)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Each name with its value.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut start = 0;
        self.ends.iter().map(move |&(name_end, value_end)| {
            let pair = (&self.bytes[start..name_end], &self.bytes[name_end..value_end]);
            start = value_end;
            pair
        })
    }
}
