//! A query to sign: nothing in it may be lost on the way.

use alloc::{borrow::Cow, string::String};

use super::{OwnName, as_given, order, reserved};
use crate::{
    Error, MAX_PARAMETERS,
    canonical::{Role, escape::decode, parameters, split},
};

/// The canonical form of a query to sign, given the names of the parameters that signing
/// will add: the signature, and the time if the scheme has one.
///
/// # Errors
///
/// As [`canonicalize`](crate::canonicalize), with room for what signing adds;
/// [`Error::DroppedName`] for a name that the receiver would not see,
/// [`Error::ReservedName`] or [`Error::ReservedParameter`] for one that signing adds itself,
/// and [`Error::NameNotSigned`] for one that is not signed.
pub(super) fn to_sign<'q>(
    raw: &'q str,
    (signature, time): (&OwnName, Option<&OwnName>),
    is_signed: impl Fn(&str) -> bool,
) -> Result<Cow<'q, str>, Error> {
    let is = |name: &OwnName, encoded: &[u8]| name.as_bytes() == encoded;
    let parts = split(raw, 0, |name| match name {
        _ if is(signature, name) => Role::Taken,
        _ if time.is_some_and(|time| is(time, name)) => Role::Noted,
        // What PHP drops has an error of its own.
        _ => Role::Main,
    })?;
    // PHP reads nothing after a NUL. The error does not show what follows, in case it is a signature.
    let unread = raw.contains('\0').then_some(Cow::Borrowed(&b"\0"[..]));
    let dropped = parts.first_dropped.and_then(|nth| parameters(raw).nth(nth));
    if let Some(name) = dropped.map(|(name, _)| decode(name)).or(unread) {
        return Err(Error::DroppedName { name: String::from_utf8_lossy(&name).into_owned() });
    }
    if parts.taken.is_present() {
        return Err(reserved(signature));
    }
    if let (true, Some(time)) = (parts.noted.is_present(), time) {
        return Err(reserved(time));
    }
    // Those that remain: a name that came twice counts once.
    let (mut count, added) = (0, 1 + usize::from(time.is_some()));
    for (name, _) in order::parameters(&parts.main).filter(|(_, parameter)| !parameter.is_empty()) {
        if !is_signed(name) {
            return Err(Error::NameNotSigned { name: as_given(name) });
        }
        count += 1;
    }
    match count + added > MAX_PARAMETERS {
        true => Err(Error::TooManyParameters),
        false => Ok(parts.main),
    }
}
