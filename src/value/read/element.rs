//! An element of an array, text or an array itself.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
};
use core::str::FromStr;

use serde_core::de::{DeserializeSeed, Expected, Visitor};

use super::{
    array::{Array, is_integer},
    unfit::Unfit,
};
use crate::canonical::escape::decode;

#[derive(Clone, Copy)]
pub(super) struct Element<'p, 'de> {
    /// The whole name, encoded.
    pub(super) name: &'de str,
    pub(super) kind: Kind<'p, 'de>,
}

#[derive(Clone, Copy)]
pub(super) enum Kind<'p, 'de> {
    /// Encoded.
    Text(&'de str),
    /// The key of an element, encoded.
    Key(&'de str),
    Array(Array<'p, 'de>),
    /// An index of a tuple that the array does not have.
    Missing,
}

impl<'p, 'de> Element<'p, 'de> {
    pub(super) const MISSING: Self = Self { name: "", kind: Kind::Missing };

    pub(super) fn whole(array: Array<'p, 'de>) -> Self {
        Self::array("", array)
    }

    pub(super) fn text(name: &'de str, text: &'de str) -> Self {
        Self { name, kind: Kind::Text(text) }
    }

    pub(super) fn key(name: &'de str, key: &'de str) -> Self {
        Self { name, kind: Kind::Key(key) }
    }

    pub(super) fn array(name: &'de str, array: Array<'p, 'de>) -> Self {
        Self { name, kind: Kind::Array(array) }
    }

    /// Reads it; an error names this element.
    pub(super) fn read<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(self).map_err(|unfit| unfit.at(self.name))
    }

    /// The error of an element that a visitor does not take.
    pub(super) fn unfit(&self, visitor: &impl Visitor<'de>) -> Unfit {
        match self.kind {
            Kind::Missing => Unfit::missing(),
            Kind::Text(_) | Kind::Key(_) | Kind::Array(_) => Unfit::expected(expected(visitor)),
        }
    }

    pub(super) fn bytes(&self, visitor: &impl Visitor<'de>) -> Result<Cow<'de, [u8]>, Unfit> {
        match self.kind {
            Kind::Text(text) | Kind::Key(text) => Ok(decode(text.as_bytes())),
            Kind::Array(_) | Kind::Missing => Err(self.unfit(visitor)),
        }
    }

    pub(super) fn as_array(&self, visitor: &impl Visitor<'de>) -> Result<Array<'p, 'de>, Unfit> {
        match self.kind {
            Kind::Array(array) => Ok(array),
            Kind::Text(_) | Kind::Key(_) | Kind::Missing => Err(self.unfit(visitor)),
        }
    }

    /// An integer or a float, written as `FromStr` takes it, but starting with a digit or with
    /// `-` and a digit. A key has to be an integer as PHP writes it: two texts of the same
    /// number are two elements, and a map would keep only one of them.
    pub(super) fn number<T: FromStr>(&self, visitor: &impl Visitor<'de>) -> Result<T, Unfit> {
        let bytes = self.bytes(visitor)?;
        let is_number = |text: &&str| match self.kind {
            Kind::Key(key) => is_integer(key),
            _ => text.strip_prefix('-').unwrap_or(text).starts_with(|first: char| first.is_ascii_digit()),
        };
        let text = str::from_utf8(&bytes).ok().filter(is_number);
        text.and_then(|text| text.parse().ok()).ok_or_else(|| self.unfit(visitor))
    }
}

/// What a visitor expects, in its own words.
fn expected<'de>(visitor: &impl Visitor<'de>) -> String {
    (visitor as &dyn Expected).to_string()
}
