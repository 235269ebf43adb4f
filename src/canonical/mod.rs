//! The canonical form: how PHP reads a query (`parse_str`) and writes it
//! (`http_build_query`).
//!
//! A query is read parameter by parameter, and each is put in its place in a tree.
//! As long as PHP would write all of them where and as they stand, they are lent;
//! else they are written from the tree.

#[cfg(test)]
mod colliding;
pub(crate) mod escape;
mod hash;
mod index;
mod key;
pub(crate) mod name;
mod node;
mod order;
mod parameter;
mod sent;
#[cfg(test)]
mod tests;
mod to_sign;
mod tree;
mod write;

use alloc::borrow::Cow;
use core::ops::Range;

use self::{
    node::ROOTS,
    parameter::{Keys, NotPlain, Parameter, make_plain},
    tree::{Place, Tree},
};
pub(crate) use self::{
    order::by_name,
    sent::{Sent, take_last},
    to_sign::to_sign,
};
use crate::{Error, MAX_PARAMETERS};

/// Rewrites a query string as PHP would after reading it: `parse_str`, then
/// `http_build_query`, byte for byte.
///
/// `raw` is the text after the `?`, as it was sent. A query that is already in
/// canonical form is borrowed and not copied.
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
/// exceeds its limits.
pub fn canonicalize(raw: &str) -> Result<Cow<'_, str>, Error> {
    Ok(split(raw, 0, |_, _| Role::Main)?.main)
}

/// Where the parameters of an outermost name go; with PHP's `unset`, too, what is
/// below a name goes where it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// To the canonical form.
    Main,
    /// To a canonical form of its own.
    Aside,
    /// To neither.
    Out,
}

/// What PHP has for an outermost name once it has read a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field<'q> {
    /// As it was sent, which is not decoded.
    Text(&'q [u8]),
    Array,
}

/// A query by the roles of its parameters, in canonical form.
pub(crate) struct Parts<'q> {
    pub(crate) main: Cow<'q, str>,
    pub(crate) aside: Cow<'q, str>,
    /// The number of the first parameter that PHP drops, behind those that were read before.
    pub(crate) first_dropped: Option<usize>,
}

/// Reads a query and splits it by roles; `before` is how many parameters were read before.
/// `role` is asked for each parameter, by its encoded outermost name; what it is told
/// last of a name is what PHP has in the end.
///
/// # Errors
///
/// As [`canonicalize`].
#[inline(always)]
pub(crate) fn split<'q>(
    raw: &'q str,
    before: usize,
    mut role: impl FnMut(&[u8], Field<'_>) -> Role,
) -> Result<Parts<'q>, Error> {
    match split_plain(raw, before, &mut role) {
        Ok(parts) => parts,
        Err(NotPlain) => split_odd(raw, before, &mut role),
    }
}

/// The same for any query: it is made plain before.
#[inline(never)]
fn split_odd<'q>(
    raw: &str,
    before: usize,
    role: &mut impl FnMut(&[u8], Field<'_>) -> Role,
) -> Result<Parts<'q>, Error> {
    let plain = make_plain(raw);
    let Ok(parts) = split_plain(&plain, before, role) else { unreachable!("it was made plain") };
    parts.map(Parts::into_owned)
}

/// The same for a query of plain names, such as [`make_plain`] gives.
#[inline(always)]
fn split_plain<'q>(
    query: &'q str,
    before: usize,
    role: &mut impl FnMut(&[u8], Field<'_>) -> Role,
) -> Result<Result<Parts<'q>, Error>, NotPlain> {
    let mut tree = Tree::new(query);
    let mut places = [const { Part { place: 0..0, is_rewritten: false } }; ROOTS];
    let mut keys = Keys::new();
    let (mut start, mut count) = (0, before);
    let mut first_dropped = None;
    while start < query.len() {
        let parameter = Parameter::read(query.as_bytes(), start, &mut keys)?;
        if count == MAX_PARAMETERS {
            return Ok(Err(Error::TooManyParameters));
        }
        let field = match keys.is_empty() {
            true => Field::Text(parameter.value.text),
            false => Field::Array,
        };
        let root = role(parameter.base, field) as usize;
        let place = tree.put(root, &parameter, &keys);
        places[root].push(&parameter, place == Place::Next && parameter.is_canonical);
        if place == Place::Nowhere {
            first_dropped.get_or_insert(count);
        }
        count += 1;
        start = parameter.place.end + 1;
    }
    if tree.is_too_deep {
        return Ok(Err(Error::TooDeep));
    }
    let part = |role: Role| places[role as usize].finish(&tree, role);
    Ok(Ok(Parts { main: part(Role::Main), aside: part(Role::Aside), first_dropped }))
}

impl Parts<'_> {
    fn into_owned(self) -> Parts<'static> {
        let owned = |part: Cow<'_, str>| Cow::Owned(part.into_owned());
        Parts { main: owned(self.main), aside: owned(self.aside), first_dropped: self.first_dropped }
    }
}

/// The parameters of a query that have a role.
struct Part {
    /// Where they stand, if one after another.
    place: Range<usize>,
    is_rewritten: bool,
}

impl Part {
    /// Adds a parameter, and whether PHP writes it as it stands.
    #[inline(always)]
    fn push(&mut self, parameter: &Parameter<'_>, stands: bool) {
        if self.place.is_empty() {
            self.place.start = parameter.place.start;
        } else {
            self.is_rewritten |= self.place.end + 1 != parameter.place.start;
        }
        self.place.end = parameter.place.end;
        self.is_rewritten |= !stands;
    }

    /// The part in canonical form: lent, or else written from the tree.
    #[inline(always)]
    fn finish<'q>(&self, tree: &Tree<'q>, role: Role) -> Cow<'q, str> {
        match self.is_rewritten {
            false => Cow::Borrowed(&tree.query[self.place.start..self.place.end]),
            true => Cow::Owned(tree.write(role as usize)),
        }
    }
}
