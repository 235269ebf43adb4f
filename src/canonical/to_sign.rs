//! The canonical form of a query to be signed, which has to be whole.

use alloc::{borrow::Cow, string::String};

use super::{Field, Role, escape::decode, parameter::parameters, split};
use crate::{Error, MAX_PARAMETERS};

/// The canonical form of a query to which signing will add the parameters of these
/// two names.
///
/// # Errors
///
/// As [`canonicalize`](super::canonicalize), with room for those two;
/// [`Error::DroppedName`] for what the receiver would not see, and
/// [`Error::ReservedName`] for what signing adds by itself.
pub(crate) fn to_sign<'q>(
    raw: &'q str,
    [signature, expires]: [&'static str; 2],
) -> Result<Cow<'q, str>, Error> {
    let mut reserved = None;
    let role = |name: &[u8], _: Field<'_>| {
        if name == signature.as_bytes() {
            reserved = Some(signature);
        } else if name == expires.as_bytes() {
            reserved = reserved.or(Some(expires));
        }
        Role::Main
    };
    let parts = split(raw, 0, role)?;
    // PHP reads nothing after a NUL. What stands there may be a signature, which no error shows.
    let unread = raw.contains('\0').then_some(Cow::Borrowed(&b"\0"[..]));
    let dropped = parts.first_dropped.and_then(|nth| parameters(raw).nth(nth));
    if let Some(name) = dropped.map(|(name, _)| decode(name)).or(unread) {
        return Err(Error::DroppedName { name: String::from_utf8_lossy(&name).into_owned() });
    }
    if let Some(name) = reserved {
        return Err(Error::ReservedName { name });
    }
    // Fewer may be left where a name stood twice.
    let count = if parts.main.is_empty() { 0 } else { parts.main.split('&').count() };
    if count + 2 > MAX_PARAMETERS {
        return Err(Error::TooManyParameters);
    }
    Ok(parts.main)
}
