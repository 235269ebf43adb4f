//! The schemes: what each one signs, and how it reads a claim from a request.

// First, so that the page of `Verifier` begins with it.
mod verify;

pub mod laravel;
mod link;
mod order;
mod query;
mod sign;
pub mod symfony;
mod time;
mod to_sign;

pub use self::query::Scheme;

use alloc::{borrow::Cow, string::String};

use crate::{
    Error,
    canonical::{
        Field,
        escape::{decode, encode, into_text},
        name::is_own,
    },
    key::Mac,
    lifetime::unix_seconds,
};

/// The name of a parameter that the scheme itself uses, encoded as in a query. Constant
/// names need no encoding.
type OwnName = Cow<'static, str>;

/// Encodes a name, if PHP reads it as it is.
///
/// # Errors
///
/// [`Error::UnusableName`].
fn encoded(name: &str) -> Result<String, Error> {
    match is_own(name) {
        true => Ok(into_text(encode(name.as_bytes()).into_owned())),
        false => Err(Error::UnusableName { name: name.into() }),
    }
}

/// The error for a parameter with a name that the scheme itself uses.
fn reserved(name: &OwnName) -> Error {
    match name {
        Cow::Borrowed(name) => Error::ReservedName { name },
        Cow::Owned(name) => Error::ReservedParameter { name: as_given(name) },
    }
}

/// An encoded name, decoded to be shown in an error.
fn as_given(encoded: &str) -> String {
    String::from_utf8_lossy(&decode(encoded.as_bytes())).into_owned()
}

/// The MAC in a signature, which `read` reads from the text as sent; `None` if that is not
/// the text of any MAC.
///
/// # Errors
///
/// [`Error::MissingSignature`] and [`Error::MalformedSignature`].
#[inline]
fn signature(field: &Field<'_>, read: impl FnOnce(&[u8]) -> Option<Mac>) -> Result<Option<Mac>, Error> {
    match field {
        Field::Missing => Err(Error::MissingSignature),
        Field::Array => Err(Error::MalformedSignature),
        Field::Text(text) => Ok(read(text)),
    }
}

/// The Unix second in a parameter.
///
/// # Errors
///
/// The two that are passed in: for a parameter that is missing, and for one that is not a
/// number of seconds.
#[inline]
fn second(field: &Field<'_>, missing: fn() -> Error, malformed: fn() -> Error) -> Result<u64, Error> {
    match field {
        Field::Missing => Err(missing()),
        Field::Array => Err(malformed()),
        // Digits have no escapes; usually there are none.
        Field::Text(text) => unix_seconds(text).or_else(|| unix_seconds(&decode(text))).ok_or_else(malformed),
    }
}

/// Encodes the start of names.
fn encoded_prefix(start: &str) -> Result<String, Error> {
    match start {
        "" => Err(Error::EmptyPrefix),
        start => encoded(start),
    }
}
