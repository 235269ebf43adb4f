//! PHP's nested arrays, in PHP's order: what `parse_str` makes of a query.

use alloc::{borrow::Cow, vec, vec::Vec};

use super::{
    index::Index,
    name::{Name, Step},
    pairs::Pairs,
};
use crate::{Error, MAX_DEPTH};

pub(super) type NodeId = usize;
pub(super) type ArrayId = usize;

/// The outermost array, which every tree has.
const ROOT: ArrayId = 0;

/// A key of a PHP array: an integer where the text is a canonical decimal, so
/// that `a[1]` and the second `a[]` are one element, and `a[01]` is another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Integer(i64),
    Bytes(Cow<'a, [u8]>),
}

#[derive(Clone, Copy)]
pub(super) enum Value<'q> {
    /// As it was sent, which is not decoded.
    Sent(&'q [u8]),
    Array(ArrayId),
}

/// An element of an array.
pub(super) struct Node<'a, 'q> {
    array: ArrayId,
    key: Key<'a>,
    value: Value<'q>,
    next: Option<NodeId>,
}

impl Node<'_, '_> {
    /// Whether this is the element with this key of an array.
    pub(super) fn is_of(&self, array: ArrayId, key: &Key<'_>) -> bool {
        self.array == array && self.key == *key
    }
}

#[derive(Default)]
struct Array {
    first: Option<NodeId>,
    last: Option<NodeId>,
    /// The highest integer key so far, which `[]` goes one past.
    highest: Option<i64>,
}

impl Array {
    /// The key that `[]` stands for; `None` where there is no higher integer.
    fn next_index(&self) -> Option<i64> {
        self.highest.map_or(Some(0), |highest| highest.checked_add(1))
    }
}

/// All nodes and arrays of a query, each found by its number. A replaced array
/// is left behind with its elements: its number is not used again, so they
/// can't come back.
pub(super) struct Tree<'a, 'q> {
    nodes: Vec<Node<'a, 'q>>,
    arrays: Vec<Array>,
    index: Index<'a>,
    first_dropped: Option<&'a [u8]>,
    bytes: usize,
}

impl<'a, 'q> Tree<'a, 'q> {
    /// Puts each parameter in its place, as PHP does: the last value of a name
    /// wins, and stands where its name first stood.
    ///
    /// # Errors
    ///
    /// [`Error::TooDeep`], where PHP would drop all that has the same base name.
    pub(super) fn read(pairs: &'a Pairs<'q>) -> Result<Self, Error> {
        let mut tree = Self {
            nodes: Vec::with_capacity(pairs.len()),
            arrays: vec![Array::default()],
            index: Index::for_elements(pairs.max_keys()),
            first_dropped: None,
            bytes: pairs.bytes(),
        };
        for (name, value) in pairs.iter() {
            match tree.node_of(name)? {
                Some(node) => tree.nodes[node].value = Value::Sent(value),
                None => tree.first_dropped = tree.first_dropped.or(Some(name)),
            }
        }
        Ok(tree)
    }

    /// The name of the first parameter that PHP drops, as it was sent.
    pub(super) fn first_dropped(&self) -> Option<&'a [u8]> {
        self.first_dropped
    }

    /// How long the query was, which tells how long another will be.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The elements of the outermost array, in order.
    pub(super) fn root(&self) -> impl Iterator<Item = (&Key<'a>, Value<'q>)> {
        self.array(ROOT)
    }

    /// The elements of an array, in order.
    pub(super) fn array(&self, array: ArrayId) -> impl Iterator<Item = (&Key<'a>, Value<'q>)> {
        self.node_ids(array).map(|node| (&self.nodes[node].key, self.nodes[node].value))
    }

    /// The node that a parameter's name leads to, by way of arrays that are made
    /// where there are none. `None` where PHP drops the parameter.
    fn node_of(&mut self, name: &'a [u8]) -> Result<Option<NodeId>, Error> {
        let Some(name) = Name::read(name) else { return Ok(None) };
        let mut array = ROOT;
        let mut step = Step::Key(name.base.clone());
        for (depth, next) in name.steps().enumerate() {
            if depth == MAX_DEPTH {
                return Err(Error::TooDeep);
            }
            let Some(next) = next else { break };
            let Some(key) = self.key(array, step, &name) else { return Ok(None) };
            array = self.array_at(array, key);
            step = next;
        }
        Ok(self.key(array, step, &name).map(|key| self.node_at(array, key)))
    }

    /// The key that a step leads to in an array; `None` where PHP drops the
    /// parameter.
    fn key(&self, array: ArrayId, step: Step<'a>, name: &Name<'a>) -> Option<Key<'a>> {
        match step {
            Step::Next => self.arrays[array].next_index().map(Key::Integer),
            Step::Key(key) if name.forbids(&key) => None,
            Step::Key(key) => Some(canonical_decimal(&key).map_or(Key::Bytes(key), Key::Integer)),
        }
    }

    /// The array at a key, which takes the place of a string there.
    fn array_at(&mut self, array: ArrayId, key: Key<'a>) -> ArrayId {
        let node = self.node_at(array, key);
        if let Value::Array(inner) = self.nodes[node].value {
            return inner;
        }
        let inner = self.arrays.len();
        self.arrays.push(Array::default());
        self.nodes[node].value = Value::Array(inner);
        inner
    }

    /// The node at a key, which is a new one at the array's end if need be.
    fn node_at(&mut self, array: ArrayId, key: Key<'a>) -> NodeId {
        let node = self.index.find(&self.nodes, array, &key);
        if node == self.nodes.len() {
            self.append(array, key);
        }
        node
    }

    fn append(&mut self, array: ArrayId, key: Key<'a>) {
        let new = self.nodes.len();
        let Array { first, last, highest } = &mut self.arrays[array];
        if let Key::Integer(integer) = key {
            *highest = (*highest).max(Some(integer));
        }
        match last.replace(new) {
            Some(last) => self.nodes[last].next = Some(new),
            None => *first = Some(new),
        }
        self.nodes.push(Node { array, key, value: Value::Sent(b""), next: None });
    }

    /// The nodes of an array, in order.
    fn node_ids(&self, array: ArrayId) -> impl Iterator<Item = NodeId> {
        let mut next = self.arrays[array].first;
        core::iter::from_fn(move || {
            let node = next?;
            next = self.nodes[node].next;
            Some(node)
        })
    }
}

/// The integer that PHP takes a key for: one that it would write just so.
fn canonical_decimal(key: &[u8]) -> Option<i64> {
    let digits = key.strip_prefix(b"-").unwrap_or(key);
    let is_canonical = match digits {
        [b'0'] => digits.len() == key.len(),
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    if !is_canonical {
        return None;
    }
    // What is not a digit or does not fit, `parse` refuses.
    str::from_utf8(key).ok()?.parse().ok()
}
