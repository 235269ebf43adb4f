//! PHP's arrays: their elements in order, as maps, sequences and tuples.

use alloc::{collections::BTreeMap, string::ToString};

use serde_core::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::{element::Element, unfit::Unfit};
use crate::canonical::array_key::integer;

/// The elements of an array that were not taken yet.
#[derive(Clone, Copy)]
pub(super) struct Array<'p, 'de> {
    /// Names and values, encoded. Each name starts with the name of the array.
    parameters: &'p [(&'de str, &'de str)],
    /// The length of the array's name; zero for the outermost array.
    name_length: usize,
}

const OPENING: &str = "%5B";
const CLOSING: &str = "%5D";

impl<'p, 'de> Array<'p, 'de> {
    pub(super) fn whole(parameters: &'p [(&'de str, &'de str)]) -> Self {
        Self { parameters, name_length: 0 }
    }

    /// Whether it is a list in PHP: its keys are 0, 1, 2 and so on, in this order.
    pub(super) fn is_list(mut self) -> bool {
        let mut count = 0;
        while let Some((key, _)) = self.next() {
            if key.parse() != Ok(count) || !is_integer(key) {
                return false;
            }
            count += 1_usize;
        }
        count > 0
    }

    /// Takes the next element, with its encoded key.
    pub(super) fn next(&mut self) -> Option<(&'de str, Element<'p, 'de>)> {
        let &(name, value) = self.parameters.first()?;
        let behind = &name[self.name_length..];
        let (key, length) = match behind.strip_prefix(OPENING) {
            Some(inside) => {
                let key = inside.split(CLOSING).next().unwrap_or_default();
                (key, OPENING.len() + key.len() + CLOSING.len())
            }
            // An outermost name.
            None => {
                let key = behind.split(OPENING).next().unwrap_or_default();
                (key, key.len())
            }
        };
        let (key_in_name, more) = behind.split_at(length);
        let name = &name[..self.name_length + length];
        if more.is_empty() {
            self.parameters = &self.parameters[1..];
            return Some((key, Element::text(name, value)));
        }
        // All names start with the name of this array, so only the rest is compared.
        let is_below = |(name, _): &&(&str, &str)| {
            let more = name.get(self.name_length..).and_then(|behind| behind.strip_prefix(key_in_name));
            more.is_some_and(|more| more.starts_with(OPENING))
        };
        let others = self.parameters[1..].iter().take_while(is_below).count();
        let (parameters, after) = self.parameters.split_at(1 + others);
        self.parameters = after;
        Some((key, Element::array(name, Self { parameters, name_length: name.len() })))
    }

    /// Refuses elements that nobody took.
    pub(super) fn end(mut self) -> Result<(), Unfit> {
        match self.next() {
            None => Ok(()),
            Some((_, element)) => Err(Unfit::expected("no element here").at(element.name)),
        }
    }
}

/// Whether an encoded key is an integer to PHP.
pub(super) fn is_integer(key: &str) -> bool {
    integer(key.as_bytes()).is_some()
}

/// The elements as a map.
pub(super) struct Entries<'p, 'de> {
    pub(super) rest: Array<'p, 'de>,
    value: Option<Element<'p, 'de>>,
}

impl<'p, 'de> Entries<'p, 'de> {
    pub(super) fn new(rest: Array<'p, 'de>) -> Self {
        Self { rest, value: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        let key = Element::key(value.name, key);
        self.value = Some(value);
        key.read(seed).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        self.value.take().ok_or_else(Unfit::missing)?.read(seed)
    }
}

/// The elements as a sequence. Their keys have to be integers, but any will do.
pub(super) struct Sequence<'p, 'de> {
    pub(super) rest: Array<'p, 'de>,
}

impl<'de> SeqAccess<'de> for Sequence<'_, 'de> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        match self.rest.next() {
            None => Ok(None),
            Some((key, element)) if is_integer(key) => element.read(seed).map(Some),
            Some((_, element)) => {
                Err(Unfit::expected("an integer as the key of an element").at(element.name))
            }
        }
    }
}

/// The elements as a tuple: each is looked up by its index, whatever their order is.
pub(super) struct Tuple<'p, 'de> {
    /// The name of the array, encoded.
    name: &'de str,
    elements: BTreeMap<&'de str, Element<'p, 'de>>,
    next: usize,
    length: usize,
}

impl<'p, 'de> Tuple<'p, 'de> {
    pub(super) fn new(name: &'de str, mut array: Array<'p, 'de>, length: usize) -> Self {
        let elements = core::iter::from_fn(|| array.next()).collect();
        Self { name, elements, next: 0, length }
    }

    /// Refuses elements that nobody took.
    pub(super) fn end(self) -> Result<(), Unfit> {
        match self.elements.first_key_value() {
            None => Ok(()),
            Some((_, element)) => Err(Unfit::expected("no element here").at(element.name)),
        }
    }
}

impl<'de> SeqAccess<'de> for Tuple<'_, 'de> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        if self.next == self.length {
            return Ok(None);
        }
        let index = self.next.to_string();
        self.next += 1;
        match self.elements.remove(&*index) {
            Some(element) => element.read(seed).map(Some),
            None => {
                let name = match self.name {
                    "" => index,
                    name => [name, OPENING, &index, CLOSING].concat(),
                };
                seed.deserialize(Element::MISSING).map(Some).map_err(|unfit| unfit.at(&name))
            }
        }
    }
}
