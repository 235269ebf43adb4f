//! A parameter that has to be a single string.

use super::{Field, escape::decode};
use crate::Error;

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
