//! A value as PHP's `http_build_query` writes it.

mod elements;
mod float;
mod key;
mod refused;
mod serializer;

use alloc::{string::String, vec::Vec};

use serde_core::Serialize;

use self::refused::Refused;
use crate::{
    Error, MAX_DEPTH, MAX_PARAMETERS,
    canonical::escape::{decode, encode_into, into_text},
};

// The messages have these numbers.
const _: () = assert!(MAX_DEPTH == 64 && MAX_PARAMETERS == 1000);

/// What is refused although PHP writes it.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// How many values there may be.
    pub(super) most: usize,
    /// Whether keys that PHP does not read back as they are written are refused.
    pub(super) refuses_lost_keys: bool,
}

/// Writes a value as a query.
pub(super) fn query<T: Serialize + ?Sized>(value: &T, rules: Rules) -> Result<String, Error> {
    let mut writer = Writer { rules, query: Vec::new(), place: Place::WHOLE, name: Vec::new(), count: 0 };
    match value.serialize(&mut writer) {
        Ok(()) => Ok(into_text(writer.query)),
        Err(Refused(why)) => {
            let is_whole = writer.place.depth == 0;
            Err(unwritable((!is_whole).then_some(&writer.name), why))
        }
    }
}

/// The error for a value, given its encoded name, or `None` for the whole value.
pub(super) fn unwritable(name: Option<&[u8]>, why: &'static str) -> Error {
    Error::UnwritableValue { path: name.map(|name| String::from_utf8_lossy(&decode(name)).into_owned()), why }
}

/// Writes values one by one, each with its name.
struct Writer {
    rules: Rules,
    query: Vec<u8>,
    /// The encoded name of the value that is written next; after a refusal, the name of the
    /// refused value.
    name: Vec<u8>,
    place: Place,
    /// How many values were written.
    count: usize,
}

/// The place of a value in the arrays around it. After each element, the writer returns to
/// the place of the array.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The length of its name.
    name_length: usize,
    /// The number of keys in its name; zero for the whole value.
    depth: usize,
    /// Whether PHP loses one of its keys in brackets.
    has_lost_key: bool,
}

impl Place {
    const WHOLE: Self = Self { name_length: 0, depth: 0, has_lost_key: false };
}

impl Writer {
    /// Goes to the element of an array with a key. A lost key matters only if a value is
    /// written there.
    fn enter(&mut self, array: Place, key: &[u8]) {
        self.leave_to(array);
        let is_nested = array.depth > 0;
        if is_nested {
            self.name.extend_from_slice(b"%5B");
        }
        encode_into(&mut self.name, key);
        if is_nested {
            self.name.extend_from_slice(b"%5D");
        }
        self.place = Place {
            name_length: self.name.len(),
            depth: array.depth + 1,
            has_lost_key: array.has_lost_key || is_nested && is_lost(key),
        };
    }

    fn leave_to(&mut self, array: Place) {
        self.name.truncate(array.name_length);
        self.place = array;
    }

    /// Writes the value at this place, if it can stand there.
    fn write(&mut self, value: &[u8]) -> Result<(), Refused> {
        self.write_nothing()?;
        // The first key has no brackets.
        if self.place.depth > MAX_DEPTH + 1 {
            return Err(Refused("it has more than the 64 levels of brackets that PHP reads"));
        }
        if self.rules.refuses_lost_keys && self.place.has_lost_key {
            return Err(Refused(
                "PHP does not read back a key in brackets that is empty or blank, or has `]` or NUL",
            ));
        }
        if self.count == self.rules.most {
            return Err(Refused("PHP reads no more than 1000 values, including those that signing adds"));
        }
        if self.count > 0 {
            self.query.push(b'&');
        }
        self.count += 1;
        self.query.extend_from_slice(&self.name);
        self.query.push(b'=');
        encode_into(&mut self.query, value);
        Ok(())
    }

    /// Refuses a whole value that is not an array, even if it writes nothing.
    fn write_nothing(&self) -> Result<(), Refused> {
        match self.place.depth {
            0 => Err(Refused("a query is a map, a struct or a sequence")),
            _ => Ok(()),
        }
    }
}

/// Whether PHP reads a key in brackets as another one: it takes an empty key, and a single
/// white-space character, for the next index, and ends a key at `]` and a name at NUL.
fn is_lost(key: &[u8]) -> bool {
    matches!(key, [] | [b' ' | b'\t'..=b'\r']) || key.iter().any(|byte| matches!(byte, b']' | 0))
}
