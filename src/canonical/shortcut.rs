//! The shortcut: a query that is in canonical form already needs no rebuilding,
//! and what was signed is a slice of it.
//!
//! It looks at each byte once and allocates nothing. It may decline a query that
//! is canonical, and must never accept one that is not: whatever has a name that
//! PHP might take apart (`%5B`), rewrite (`.`) or read twice is left to the tree.

use super::{
    Role,
    distinct::{Sketch, Table},
    escape::is_canonical_escape,
    plain::{long_value_length, name_length, value_length},
};

/// What a canonical query consists of.
#[derive(Default)]
pub(super) struct Slices<'q> {
    pub(super) signed: &'q str,
    pub(super) unsigned: &'q str,
    pub(super) signature: Option<&'q str>,
    pub(super) expires: Option<&'q str>,
}

/// Up to this length, in bytes, a query can't have more names than the smaller
/// table takes: none has fewer than three bytes, `a=&`.
const SMALL: usize = 3 * 256 - 1;

/// Splits a canonical query by the roles of its parameters. `None` where it is
/// not canonical, or where what was signed does not stand together.
pub(super) fn split(raw: &str, role: impl Fn(&[u8]) -> Role) -> Option<Slices<'_>> {
    let mut sketch = Sketch::default();
    let mut may_repeat = false;
    let slices = slices(raw, &role, |_, name| {
        may_repeat = !sketch.add(name);
        !may_repeat
    });
    if !may_repeat {
        return slices;
    }
    // Too many names for a sketch, or one that stands there twice: begin again.
    if raw.len() <= SMALL { split_with::<512>(raw, role) } else { split_with::<2048>(raw, role) }
}

/// The same with a table. It is large, and not to be on everyone's stack.
#[inline(never)]
fn split_with<const SLOTS: usize>(raw: &str, role: impl Fn(&[u8]) -> Role) -> Option<Slices<'_>> {
    let mut table = Table::<SLOTS>::of(raw);
    slices(raw, role, |start, name| table.add(start, name))
}

/// Splits a query whose names are all new, as told of each by where it starts.
fn slices(
    raw: &str,
    role: impl Fn(&[u8]) -> Role,
    mut is_new: impl FnMut(usize, &[u8]) -> bool,
) -> Option<Slices<'_>> {
    let bytes = raw.as_bytes();
    let mut slices = Slices::default();
    let (mut signed, mut unsigned) = (0..0, 0..0);
    if bytes.is_empty() {
        return Some(slices);
    }
    let mut start = 0;
    loop {
        let equals = start + name_length(&bytes[start..]);
        if equals == start || bytes.get(equals) != Some(&b'=') {
            return None;
        }
        let name = &bytes[start..equals];
        if !is_new(start, name) {
            return None;
        }
        let role = role(name);
        let value = &bytes[equals + 1..];
        let known = if role == Role::Signature { long_value_length(value) } else { value_length(value) };
        let end = end_of_value(bytes, equals + 1 + known)?;
        let slice = match role {
            Role::Signature => {
                slices.signature = Some(&raw[equals + 1..end]);
                None
            }
            Role::Expires => {
                slices.expires = Some(&raw[equals + 1..end]);
                Some(&mut signed)
            }
            Role::Signed => Some(&mut signed),
            Role::Unsigned => Some(&mut unsigned),
        };
        if let Some(slice) = slice {
            match slice.end {
                0 => slice.start = start,
                before if before + 1 == start => {}
                _ => return None,
            }
            slice.end = end;
        }
        if end == bytes.len() {
            break;
        }
        start = end + 1;
    }
    slices.signed = &raw[signed];
    slices.unsigned = &raw[unsigned];
    Some(slices)
}

/// Where a value ends of which some is known to be canonical: at an `&` or at the
/// end of the query. `None` where PHP would write the value otherwise.
fn end_of_value(bytes: &[u8], known: usize) -> Option<usize> {
    let mut end = known;
    loop {
        match bytes.get(end) {
            None | Some(b'&') => return Some(end),
            Some(b'%') if is_canonical_escape(&bytes[end + 1..]) => end += 3,
            Some(_) => return None,
        }
        end += value_length(&bytes[end..]);
    }
}
