//! The time that a scheme's queries have.

use core::time::Duration;

use super::{OwnName, second};
use crate::{Error, canonical::Field, lifetime::Period};

#[derive(Clone, Debug)]
pub(super) struct Time {
    pub(super) name: OwnName,
    pub(super) meaning: Meaning,
}

/// What a time means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    Expires,
    IssuedAt { max_age: Duration },
}

impl Time {
    /// The period in which a query with this time is valid.
    ///
    /// # Errors
    ///
    /// Those of a time that is missing or malformed.
    pub(super) fn period(&self, field: &Field<'_>) -> Result<Period, Error> {
        match self.meaning {
            Meaning::Expires => {
                second(field, || Error::MissingExpires, || Error::MalformedExpires).map(Period::until)
            }
            Meaning::IssuedAt { max_age } => {
                let issued = second(field, || Error::MissingIssuedAt, || Error::MalformedIssuedAt)?;
                Ok(Period::since(issued, max_age))
            }
        }
    }
}
