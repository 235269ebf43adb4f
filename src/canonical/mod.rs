//! The canonical form: how PHP reads a query (`parse_str`) and writes it
//! (`http_build_query`), and its limits.
//!
//! A query is read parameter by parameter, and each is put in its place in a tree.
//! As long as PHP would write every parameter just as it was sent, and in the same order,
//! the query is borrowed; otherwise it is written from the tree.

pub(crate) mod array_key;
#[cfg(test)]
mod colliding;
pub(crate) mod escape;
mod hash;
mod index;
pub(crate) mod name;
mod node;
mod parameter;
mod part;
#[cfg(test)]
mod tests;
mod tree;
mod write;

use alloc::borrow::Cow;

pub(crate) use self::{parameter::parameters, part::Part};
use self::{
    parameter::{ArrayKeys, Name, NotPlain, Parameter, Value, make_plain},
    tree::{Place, Tree},
};
use crate::Error;

/// How many parameters PHP reads by default (`max_input_vars`).
///
/// One more is an error here; PHP drops it.
pub const MAX_PARAMETERS: usize = 1000;

/// How many levels of brackets PHP reads by default (`max_input_nesting_level`).
///
/// One more is an error here; PHP drops the parameter.
pub const MAX_DEPTH: usize = 64;

/// Rewrites a query string as PHP would after reading it: `parse_str`, then
/// `http_build_query`, byte for byte.
///
/// `raw` is the text after the `?`, as it was sent. A query that is already in
/// canonical form is borrowed, not copied.
///
/// ```
/// # use signed_query::canonicalize;
/// let canonical = canonicalize("q=caf%c3%a9%20noir&a.b[]=*")?;
/// assert_eq!(canonical, "q=caf%C3%A9+noir&a_b%5B0%5D=%2A");
/// # Ok::<(), signed_query::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::TooManyParameters`] and [`Error::TooDeep`], where PHP drops parameters
/// beyond its limits.
pub fn canonicalize(raw: &str) -> Result<Cow<'_, str>, Error> {
    Ok(split(raw, 0, |_| Role::Main)?.main)
}

/// Where the parameters of an outermost name go. As with PHP's `unset`, an array goes there
/// as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// To the canonical form.
    Main,
    /// To the canonical form, and the value also to [`Parts::noted`].
    Noted,
    /// Out of the query, and the value to [`Parts::taken`].
    Taken,
    /// To a query of their own, as they were sent.
    Aside,
}

/// The value of an outermost name after PHP has read the query.
#[derive(Default)]
pub(crate) enum Field<'q> {
    #[default]
    Missing,
    Array,
    /// As it was sent, not decoded.
    Text(Cow<'q, [u8]>),
}

/// A query, split by the roles of its parameters.
pub(crate) struct Parts<'q> {
    /// In canonical form.
    pub(crate) main: Cow<'q, str>,
    /// As it was sent, but within PHP's limits.
    pub(crate) aside: Cow<'q, str>,
    pub(crate) noted: Field<'q>,
    pub(crate) taken: Field<'q>,
    /// The index of the first parameter that PHP drops, of those that go to the canonical
    /// form. Parameters that were read before are counted, too.
    pub(crate) first_dropped: Option<usize>,
}

/// Reads a query and splits it by roles. `before` is how many parameters were read
/// before; `role` takes an outermost name, encoded, and says where its parameters go.
///
/// # Errors
///
/// As [`canonicalize`], whatever the roles.
#[inline(always)]
pub(crate) fn split<'q>(
    raw: &'q str,
    before: usize,
    role: impl Fn(&[u8]) -> Role,
) -> Result<Parts<'q>, Error> {
    if before > MAX_PARAMETERS {
        return Err(Error::TooManyParameters);
    }
    match split_plain(raw, before, &role) {
        Err(Unsplit::NotPlain) => split_odd(raw, before, &role),
        Err(Unsplit::Beyond(limit)) => Err(limit),
        Ok(parts) => Ok(parts),
    }
}

/// The same for any query, which is made plain first.
#[inline(never)]
fn split_odd<'q>(raw: &str, before: usize, role: &impl Fn(&[u8]) -> Role) -> Result<Parts<'q>, Error> {
    match split_plain(&make_plain(raw), before, role) {
        Err(Unsplit::NotPlain) => unreachable!("it was made plain"),
        Err(Unsplit::Beyond(limit)) => Err(limit),
        Ok(parts) => Ok(parts.into_owned()),
    }
}

/// Why a query is not split.
enum Unsplit {
    NotPlain,
    /// It goes beyond one of PHP's limits.
    Beyond(Error),
}

impl From<NotPlain> for Unsplit {
    fn from(_: NotPlain) -> Self {
        Self::NotPlain
    }
}

impl From<Error> for Unsplit {
    fn from(limit: Error) -> Self {
        Self::Beyond(limit)
    }
}

/// The same for a query of plain names, such as [`make_plain`] gives.
#[inline(always)]
fn split_plain<'q>(
    query: &'q str,
    before: usize,
    role: &impl Fn(&[u8]) -> Role,
) -> Result<Parts<'q>, Unsplit> {
    let mut tree = Tree::new(query);
    let (mut main, mut aside) = (Part::new(query), Part::new(query));
    let (mut noted, mut taken) = (Field::Missing, Field::Missing);
    let (mut is_rewritten, mut first_dropped) = (false, None);
    // Whether a name that goes elsewhere has more keys than PHP reads.
    let mut is_deep_elsewhere = false;
    let mut keys = ArrayKeys::new();
    let (mut start, mut count) = (0, before);
    while start < query.len() {
        let name = Name::read(query.as_bytes(), start, &mut keys)?;
        if count == MAX_PARAMETERS {
            return Err(Error::TooManyParameters.into());
        }
        let role = role(name.base);
        // For a value that goes elsewhere, only its end has to be found.
        let value = match role {
            Role::Main | Role::Noted => Value::read(query.as_bytes(), name.end + 1)?,
            Role::Taken | Role::Aside => Value::skip(query.as_bytes(), name.end + 1)?,
        };
        let range = start..name.end + 1 + value.text.len();
        start = range.end + 1;
        match role {
            Role::Main => (),
            Role::Noted => noted = Field::of(value, &keys),
            Role::Taken => taken = Field::of(value, &keys),
            Role::Aside => aside.push(range.clone()),
        }
        if let Role::Main | Role::Noted = role {
            let parameter = Parameter { base: name.base, value };
            let place = tree.put(&parameter, &keys);
            is_rewritten |= place != Place::Next || !name.is_canonical || !value.is_canonical;
            if !is_rewritten {
                main.push(range);
            }
            if place == Place::Nowhere {
                first_dropped.get_or_insert(count);
            }
        } else {
            is_deep_elsewhere |= keys.len() > MAX_DEPTH;
        }
        count += 1;
    }
    if tree.is_too_deep {
        return Err(Error::TooDeep.into());
    }
    // PHP drops some of these for another reason before it counts their levels.
    if is_deep_elsewhere {
        canonicalize(query)?;
    }
    let main = if is_rewritten { Cow::Owned(tree.write()) } else { main.finish() };
    Ok(Parts { main, aside: aside.finish(), noted, taken, first_dropped })
}

impl<'q> Field<'q> {
    fn of(value: Value<'q>, keys: &ArrayKeys<'q>) -> Self {
        match keys.is_empty() {
            true => Self::Text(Cow::Borrowed(value.text)),
            false => Self::Array,
        }
    }

    pub(crate) fn is_present(&self) -> bool {
        !matches!(self, Self::Missing)
    }

    fn into_owned(self) -> Field<'static> {
        match self {
            Self::Missing => Field::Missing,
            Self::Array => Field::Array,
            Self::Text(text) => Field::Text(Cow::Owned(text.into_owned())),
        }
    }
}

impl Parts<'_> {
    pub(crate) fn into_owned(self) -> Parts<'static> {
        Parts {
            main: Cow::Owned(self.main.into_owned()),
            aside: Cow::Owned(self.aside.into_owned()),
            noted: self.noted.into_owned(),
            taken: self.taken.into_owned(),
            first_dropped: self.first_dropped,
        }
    }
}
