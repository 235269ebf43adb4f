//! The HTTP status of each error.

use super::Error;

impl Error {
    /// The HTTP status to answer with: 400 if the request is malformed; 403 if it is well
    /// formed, but its signature does not match or it is not valid at this time; and 500 if
    /// the fault is your program's: a secret, an origin, a name, a value or a URL that can't
    /// be used.
    ///
    /// ```
    /// # use signed_query::Error;
    /// assert_eq!(Error::MissingSignature.status(), 400);
    /// assert_eq!(Error::Mismatch.status(), 403);
    /// assert_eq!(Error::EmptySecret.status(), 500);
    /// ```
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::MissingSignature
            | Self::MalformedSignature
            | Self::MissingExpires
            | Self::MalformedExpires
            | Self::MissingIssuedAt
            | Self::MalformedIssuedAt
            | Self::TooManyParameters
            | Self::TooDeep
            | Self::NumericName
            | Self::MissingHeader { .. }
            | Self::MalformedHookId
            | Self::MalformedTarget
            | Self::AmbiguousTarget
            | Self::UnexpectedValue { .. } => 400,

            Self::Mismatch
            | Self::Expired { .. }
            | Self::IssuedInFuture { .. }
            | Self::LifetimeTooLong { .. } => 403,

            Self::EmptySecret
            | Self::UnsuitableKey
            | Self::MalformedOrigin
            | Self::ReservedName { .. }
            | Self::ReservedParameter { .. }
            | Self::DroppedName { .. }
            | Self::UnusableName { .. }
            | Self::EmptyPrefix
            | Self::NothingSigned
            | Self::SecondTime
            | Self::TimeNotSigned { .. }
            | Self::NameNotSigned { .. }
            | Self::MissingTime
            | Self::UnexpectedTime
            | Self::UnsignableUrl { .. }
            | Self::UnwritableValue { .. } => 500,
        }
    }
}
