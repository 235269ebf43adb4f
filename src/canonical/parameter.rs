//! A query as it is read, parameter by parameter.
//!
//! Only *plain* names are read: a base that PHP does not rewrite, closed indices after it,
//! both encoded as PHP encodes them, and an `=`. Almost all names are plain, all that PHP
//! writes included; [`make_plain`] rewrites the others.

use alloc::{string::String, vec::Vec};

use smallvec::SmallVec;

use super::{
    MAX_DEPTH,
    escape::{Class, decode, is_canonical_escape, length_of, length_without},
    name::push_plain,
};

/// A parameter with a plain name.
pub(super) struct Parameter<'q> {
    /// The key in the outermost array; empty for a parameter that PHP skips.
    pub(super) base: &'q [u8],
    pub(super) value: Value<'q>,
}

/// The keys of a name in the arrays below its base, up to one more than PHP follows.
/// Few names have any.
pub(super) type ArrayKeys<'q> = SmallVec<[&'q [u8]; 8]>;

/// The name is not plain, or the query ends in the middle of a parameter.
pub(super) struct NotPlain;

/// A plain name.
pub(super) struct Name<'q> {
    pub(super) base: &'q [u8],
    /// Whether its brackets are all escaped, as PHP writes them.
    pub(super) is_canonical: bool,
    /// The position of its `=` in the query.
    pub(super) end: usize,
}

impl<'q> Name<'q> {
    /// Reads the name that starts at a position, and its keys.
    #[inline(always)]
    pub(super) fn read(query: &'q [u8], start: usize, keys: &mut ArrayKeys<'q>) -> Result<Self, NotPlain> {
        keys.clear();
        let base_end = plain_until(b"5B", Class::InName, query, start);
        let base = &query[start..base_end];
        let (end, is_canonical) = match query.get(base_end) {
            Some(b'=') => (base_end, true),
            _ => read_keys(query, base_end, keys)?,
        };
        Ok(Self { base, is_canonical, end })
    }
}

/// Reads the keys that start at a position, each in brackets. Gives the position of the `=`
/// after them, and whether all brackets are escaped.
#[inline(never)]
fn read_keys<'q>(
    query: &'q [u8],
    mut end: usize,
    keys: &mut ArrayKeys<'q>,
) -> Result<(usize, bool), NotPlain> {
    let mut is_canonical = true;
    while query.get(end) != Some(&b'=') {
        let opening = bracket(query, end, b'[', b"%5B")?;
        let start = end + opening;
        let key = &query[start..plain_until(b"5D", Class::InValue, query, start)];
        let closing = bracket(query, start + key.len(), b']', b"%5D")?;
        is_canonical &= opening + closing == 6;
        end = start + key.len() + closing;
        if keys.len() <= MAX_DEPTH {
            keys.push(key);
        }
    }
    Ok((end, is_canonical))
}

/// The length of the bracket at a position, which may be escaped.
#[inline(always)]
fn bracket(query: &[u8], start: usize, bracket: u8, escape: &[u8; 3]) -> Result<usize, NotPlain> {
    match &query[start..] {
        [first, ..] if *first == bracket => Ok(1),
        rest if rest.starts_with(escape) => Ok(3),
        _ => Err(NotPlain),
    }
}

/// The end of the plain text that starts at a position in a name: bytes of a class, and
/// canonical escapes. The escape of the bracket with these digits ends it, and so does that
/// of NUL, which ends a name.
#[inline(always)]
fn plain_until(bracket: &[u8; 2], class: Class, query: &[u8], start: usize) -> usize {
    let mut end = start;
    loop {
        end += length_of(class, &query[end..]);
        match query[end..] {
            [b'%', ref digits @ ..]
                if !digits.starts_with(bracket)
                    && !digits.starts_with(b"00")
                    && is_canonical_escape(digits) =>
            {
                end += 3
            }
            _ => return end,
        }
    }
}

/// A value as it was sent.
#[derive(Clone, Copy, Default)]
pub(super) struct Value<'q> {
    pub(super) text: &'q [u8],
    pub(super) is_canonical: bool,
}

impl<'q> Value<'q> {
    /// The value that starts at a position. A raw NUL in it ends the query, which then has
    /// to be made plain.
    #[inline(always)]
    pub(super) fn read(query: &'q [u8], start: usize) -> Result<Self, NotPlain> {
        let (mut end, mut is_canonical) = (start, true);
        loop {
            end += length_of(Class::InValue, &query[end..]);
            match query.get(end) {
                None | Some(b'&') => return Ok(Self { text: &query[start..end], is_canonical }),
                Some(0) => return Err(NotPlain),
                Some(b'%') if is_canonical_escape(&query[end + 1..]) => end += 3,
                Some(_) => {
                    is_canonical = false;
                    end += 1;
                }
            }
        }
    }

    /// The same for a value that is not rewritten: only its end is looked for.
    #[inline(always)]
    pub(super) fn skip(query: &'q [u8], start: usize) -> Result<Self, NotPlain> {
        let end = start + length_without(&query[start..], [b'&', 0]);
        match query.get(end) {
            Some(0) => Err(NotPlain),
            _ => Ok(Self { text: &query[start..end], is_canonical: false }),
        }
    }
}

/// A query in which all names are plain, and of which PHP reads the same, parameter by
/// parameter. Whatever the query, the result is plain.
#[inline(never)]
pub(super) fn make_plain(raw: &str) -> String {
    let mut text = Vec::with_capacity(raw.len() + raw.len() / 4);
    for (name, value) in parameters(raw) {
        if !text.is_empty() {
            text.push(b'&');
        }
        push_plain(&mut text, &decode(name));
        text.push(b'=');
        text.extend_from_slice(value);
    }
    String::from_utf8(text).expect("it is made of whole characters")
}

/// The names and values of a query as they were sent: split at `&`, and each parameter at
/// its first `=`. As in PHP, empty parameters are skipped, and a query is a C string, which
/// ends at a NUL.
pub(crate) fn parameters(raw: &str) -> impl Iterator<Item = (&[u8], &[u8])> {
    let query = raw.split_once('\0').map_or(raw, |(query, _)| query).as_bytes();
    let parameters = query.split(|&byte| byte == b'&').filter(|parameter| !parameter.is_empty());
    parameters.map(|parameter| {
        let equals = parameter.iter().position(|&byte| byte == b'=').unwrap_or(parameter.len());
        (&parameter[..equals], parameter.get(equals + 1..).unwrap_or_default())
    })
}
