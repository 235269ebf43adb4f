//! A parameter that has to be a single string.

use super::{Field, escape::decode};
use crate::Error;

/// Takes the last parameter off a query where it ends in `name_with_equals`, as in
/// `&sig=`, and so many bytes: a signature mostly stands there, and is found with a look
/// at many of its bytes together.
#[inline]
pub(crate) fn take_last<'q, const LENGTH: usize>(
    query: &'q str,
    name_with_equals: &[u8],
) -> Option<(&'q str, &'q [u8; LENGTH])> {
    let (before, value) = query.as_bytes().split_last_chunk()?;
    let rest = before.strip_suffix(name_with_equals)?;
    // One parameter. Without a branch for any byte, so that the compiler can compare many
    // at once.
    let separators = value.iter().fold(0, |any, &byte| any | u8::from(byte == b'&'));
    match separators {
        0 => Some((&query[..rest.len()], value)),
        _ => None,
    }
}

/// What a query says in a parameter that has to be a single string.
pub(crate) enum Sent<T> {
    Missing,
    Array,
    /// `None` for a text that says nothing of the kind.
    Text(Option<T>),
}

impl<T> Sent<T> {
    /// Reads a text as it was sent, which mostly has no escape, or else decoded.
    #[inline(always)]
    pub(crate) fn read(field: Field<'_>, read: impl Fn(&[u8]) -> Option<T>) -> Self {
        match field {
            Field::Text(sent) => Self::Text(read(sent).or_else(|| read(&decode(sent)))),
            Field::Array => Self::Array,
        }
    }

    #[inline(always)]
    pub(crate) fn required(self, missing: Error, array: Error) -> Result<Option<T>, Error> {
        match self {
            Self::Missing => Err(missing),
            Self::Array => Err(array),
            Self::Text(value) => Ok(value),
        }
    }
}
