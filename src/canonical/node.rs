//! The elements of PHP's arrays.

use super::{array_key::ArrayKey, parameter::Value};

/// The number of a node.
pub(super) type NodeId = u16;

/// The outermost array. It is an element of no array, so its number also stands for "no
/// element".
pub(super) const ROOT: NodeId = 0;

/// An element of an array.
pub(super) struct Node<'q> {
    pub(super) key: ArrayKey<'q>,
    pub(super) element: Element<'q>,
    pub(super) hash: u32,
    /// The array that has this element.
    pub(super) array: NodeId,
    /// The next element of that array.
    pub(super) next: NodeId,
}

#[derive(Clone, Copy)]
pub(super) enum Element<'q> {
    String(Value<'q>),
    Array(Array),
}

#[derive(Clone, Copy)]
pub(super) struct Array {
    pub(super) first: NodeId,
    pub(super) last: NodeId,
    /// PHP's `nNextFreeElement`: one past the highest integer key, or the lowest integer as
    /// long as there is no such key.
    next_free: i64,
    has_highest: bool,
}

impl<'q> Node<'q> {
    pub(super) const fn new(key: ArrayKey<'q>, array: NodeId, hash: u32) -> Self {
        Self { key, element: Element::Array(Array::EMPTY), hash, array, next: 0 }
    }

    /// Whether this has a key, given its hash.
    #[inline]
    pub(super) fn has(&self, key: ArrayKey<'q>, hash: u32) -> bool {
        self.hash == hash && self.key == key
    }

    /// Whether this is the element of an array with a key, given its hash.
    #[inline]
    pub(super) fn is(&self, array: NodeId, key: ArrayKey<'q>, hash: u32) -> bool {
        #[cfg(test)]
        super::tests::count_look();
        self.array == array && self.has(key, hash)
    }

    /// The array that this is; an empty one for a string.
    #[inline]
    pub(super) fn array(&self) -> &Array {
        match &self.element {
            Element::Array(array) => array,
            Element::String(_) => &Array::EMPTY,
        }
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self.element, Element::Array(_))
    }

    /// The array that this is; a string becomes an empty one.
    #[inline]
    pub(super) fn array_mut(&mut self) -> &mut Array {
        if let Element::String(_) = self.element {
            self.element = Element::Array(Array::EMPTY);
        }
        match &mut self.element {
            Element::Array(array) => array,
            Element::String(_) => unreachable!("it was made an array"),
        }
    }
}

impl Array {
    pub(super) const EMPTY: Self = Self { first: 0, last: 0, next_free: i64::MIN, has_highest: false };

    /// Takes an integer key of the array into account.
    #[inline]
    pub(super) fn reach(&mut self, integer: i64) {
        self.next_free = self.next_free.max(integer.saturating_add(1));
        self.has_highest |= integer == i64::MAX;
    }

    /// The key that `[]` stands for; `None` where there is no higher integer.
    pub(super) fn next_index(&self) -> Option<i64> {
        match self.next_free {
            _ if self.has_highest => None,
            i64::MIN => Some(0),
            next => Some(next),
        }
    }
}
