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
    Error, MAX_DEPTH,
    canonical::escape::{decode, encode_into, into_text},
};

/// What is refused though PHP writes it.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// How many values there may be.
    pub(super) most: usize,
    /// Whether PHP has to read keys in brackets back as they are.
    pub(super) is_read_back: bool,
}

/// Writes a value as a query.
pub(super) fn query<T: Serialize + ?Sized>(value: &T, rules: Rules) -> Result<String, Error> {
    let mut writer = Writer { rules, query: Vec::new(), place: Place::WHOLE, name: Vec::new(), count: 0 };
    match value.serialize(&mut writer) {
        Ok(()) => Ok(into_text(writer.query)),
        Err(Refused(why)) => Err(unwritable(&writer.name, why)),
    }
}

/// The error for a value, given its name, encoded.
pub(super) fn unwritable(name: &[u8], why: &'static str) -> Error {
    Error::UnwritableValue { path: String::from_utf8_lossy(&decode(name)).into_owned(), why }
}

/// Writes values one by one, each with its name.
struct Writer {
    rules: Rules,
    query: Vec<u8>,
    /// That of the value to be written, encoded. After a refusal it says of which.
    name: Vec<u8>,
    place: Place,
    /// How many values are written.
    count: usize,
}

/// Where an array stands, to which the writer comes back after each element.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    name_length: usize,
    /// How many keys lead here; none to the whole.
    depth: usize,
    /// Whether PHP reads those in brackets as they are.
    is_read_back: bool,
}

impl Place {
    const WHOLE: Self = Self { name_length: 0, depth: 0, is_read_back: true };
}

impl Writer {
    /// Goes to the element of an array with a key. What is wrong with it matters once
    /// a value is written there.
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
            is_read_back: array.is_read_back && (!is_nested || is_read_back(key)),
        };
    }

    fn leave_to(&mut self, array: Place) {
        self.name.truncate(array.name_length);
        self.place = array;
    }

    /// Writes the value at this place, if it is one that can stand there.
    fn write(&mut self, value: &[u8]) -> Result<(), Refused> {
        self.write_nothing()?;
        // The first key has no brackets.
        if self.place.depth > MAX_DEPTH + 1 {
            return Err(Refused("it has more than the 64 levels of brackets that PHP reads"));
        }
        if self.rules.is_read_back && !self.place.is_read_back {
            return Err(Refused(
                "PHP does not read back a key in brackets that is empty or blank, or has `]` or NUL",
            ));
        }
        if self.count == self.rules.most {
            return Err(Refused("PHP reads no more than 1000 values, with those that signing adds"));
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

    /// What is no array can't be the whole, even where it writes nothing.
    fn write_nothing(&self) -> Result<(), Refused> {
        match self.place.depth {
            0 => Err(Refused("a query is a map, a struct or a sequence")),
            _ => Ok(()),
        }
    }
}

/// Whether PHP reads a key in brackets as it is. To it a single white-space character is
/// as good as none, which stands for the next index.
fn is_read_back(key: &[u8]) -> bool {
    !matches!(key, [] | [b' ' | b'\t'..=b'\r']) && !key.iter().any(|byte| matches!(byte, b']' | 0))
}
