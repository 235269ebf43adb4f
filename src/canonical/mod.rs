//! The canonical form: how PHP reads a query (`parse_str`) and writes it
//! (`http_build_query`), and the shortcut where there is nothing to rewrite.

mod build;
mod distinct;
pub(crate) mod escape;
mod hash;
mod index;
mod name;
mod pairs;
mod path;
mod shortcut;
mod tree;

use alloc::{borrow::Cow, string::String, vec::Vec};

use self::{
    build::{Query, push_key},
    pairs::Pairs,
    tree::{Tree, Value},
};
use crate::Error;

/// Rewrites a query string as PHP would after reading it: `parse_str`, then
/// `http_build_query`, byte for byte.
///
/// `raw` is what stands behind the `?`, as it was sent. A query that is in
/// canonical form already is lent back.
///
/// ```
/// # use signed_query::canonicalize;
/// assert_eq!(canonicalize("q=caf%c3%a9%20noir&a.b[]=*")?, "q=caf%C3%A9+noir&a_b%5B0%5D=%2A");
/// # Ok::<(), signed_query::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::TooManyParameters`] and [`Error::TooDeep`], where PHP drops what
/// is past its limits.
pub fn canonicalize(raw: &str) -> Result<Cow<'_, str>, Error> {
    let mut parts = Parts::default();
    split_by(raw, |_| Role::Signed, &mut parts)?;
    Ok(parts.signed)
}

/// What a parameter is to a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Signed,
    /// Signed too, and what says how long the signature is good.
    Expires,
    Signature,
    /// Left out of the signature.
    Unsigned,
}

impl Role {
    /// The role of a parameter by its encoded name in the outermost array; what is
    /// below that name has the same role, as with PHP's `unset`.
    fn of(name: &[u8], is_unsigned: impl Fn(&[u8]) -> bool) -> Self {
        match name {
            b"sig" => Self::Signature,
            b"expires" => Self::Expires,
            _ if is_unsigned(name) => Self::Unsigned,
            _ => Self::Signed,
        }
    }
}

/// A query by the roles of its parameters.
pub(crate) struct Parts<'q> {
    /// What was signed, in canonical form.
    pub(crate) signed: Cow<'q, str>,
    /// What was left out of the signature, in canonical form.
    pub(crate) unsigned: Cow<'q, str>,
    pub(crate) signature: Field<'q>,
    pub(crate) expires: Field<'q>,
}

impl Default for Parts<'_> {
    fn default() -> Self {
        Self {
            signed: Cow::Borrowed(""),
            unsigned: Cow::Borrowed(""),
            signature: Field::Missing,
            expires: Field::Missing,
        }
    }
}

/// A parameter that is to be a single string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field<'q> {
    Missing,
    Array,
    /// As it was sent, which is not decoded.
    Sent(&'q [u8]),
}

impl<'q> From<Value<'q>> for Field<'q> {
    fn from(value: Value<'q>) -> Self {
        match value {
            Value::Sent(value) => Self::Sent(value),
            Value::Array(_) => Self::Array,
        }
    }
}

/// Reads a query to be verified and splits it by the roles of its parameters, into
/// `parts` that are still empty. `is_unsigned` is asked with encoded names.
///
/// # Errors
///
/// As [`canonicalize`].
#[inline]
pub(crate) fn split<'q>(
    raw: &'q str,
    is_unsigned: impl Fn(&[u8]) -> bool,
    parts: &mut Parts<'q>,
) -> Result<(), Error> {
    split_by(raw, |name| Role::of(name, &is_unsigned), parts)
}

/// The same by roles of any kind: by the shortcut if it leads there.
#[inline]
fn split_by<'q>(
    raw: &'q str,
    role: impl Fn(&[u8]) -> Role + Copy,
    parts: &mut Parts<'q>,
) -> Result<(), Error> {
    if shortcut::split(raw, role, parts) {
        return Ok(());
    }
    let pairs = Pairs::read(raw)?;
    *parts = split_tree(&Tree::read(&pairs)?, role);
    Ok(())
}

/// The canonical form of a query to be signed.
///
/// # Errors
///
/// As [`canonicalize`], [`Error::ReservedName`] for what signing itself adds, and
/// [`Error::DroppedName`] for what the receiver would not see.
pub(crate) fn for_signing(raw: &str) -> Result<Cow<'_, str>, Error> {
    let mut parts = Parts::default();
    let role = |name: &[u8]| Role::of(name, |_| false);
    if shortcut::split(raw, role, &mut parts) {
        refuse_reserved(&parts)?;
        return Ok(parts.signed);
    }
    let pairs = Pairs::read(raw)?;
    let tree = Tree::read(&pairs)?;
    if let Some(name) = tree.first_dropped().or(pairs.unread()) {
        return Err(Error::DroppedName { name: String::from_utf8_lossy(name).into_owned() });
    }
    let parts = split_tree(&tree, role);
    refuse_reserved(&parts)?;
    Ok(Cow::Owned(parts.signed.into_owned()))
}

fn refuse_reserved(parts: &Parts<'_>) -> Result<(), Error> {
    match parts {
        Parts { signature: Field::Missing, expires: Field::Missing, .. } => Ok(()),
        Parts { signature: Field::Missing, .. } => Err(Error::ReservedName { name: "expires" }),
        _ => Err(Error::ReservedName { name: "sig" }),
    }
}

/// Splits a tree by the roles of its outermost names.
fn split_tree<'q>(tree: &Tree<'_, 'q>, role: impl Fn(&[u8]) -> Role) -> Parts<'q> {
    let (mut signed, mut unsigned) = (Query::new(tree), Query::new(tree));
    let (mut signature, mut expires) = (Field::Missing, Field::Missing);
    let mut name = Vec::new();
    for (key, value) in tree.root() {
        name.clear();
        push_key(&mut name, key);
        match role(&name) {
            Role::Signed => signed.push(&mut name, value),
            Role::Expires => {
                expires = value.into();
                signed.push(&mut name, value);
            }
            Role::Signature => signature = value.into(),
            Role::Unsigned => unsigned.push(&mut name, value),
        }
    }
    Parts { signed: Cow::Owned(signed.finish()), unsigned: Cow::Owned(unsigned.finish()), signature, expires }
}
