//! PHP's nested arrays, in PHP's order: what `parse_str` makes of a query.

use alloc::{borrow::Cow, string::ToString, vec, vec::Vec};

use super::{
    name::{Index, Name},
    pairs::Pairs,
};
use crate::{Error, MAX_DEPTH};

/// Where an array's element stands among the nodes. With the standard library
/// it is hashed with a random key, so that no query can be made to collide;
/// without it, `core` has no source of randomness and an ordered map is as safe.
#[cfg(feature = "std")]
type Elements<'a> = std::collections::HashMap<(ArrayId, Key<'a>), NodeId>;
#[cfg(not(feature = "std"))]
type Elements<'a> = alloc::collections::BTreeMap<(ArrayId, Key<'a>), NodeId>;

type NodeId = usize;
type ArrayId = usize;

/// The outermost array, which every tree has.
const ROOT: ArrayId = 0;

/// A key of a PHP array: an integer where the text is a canonical decimal, so
/// that `a[1]` and the second `a[]` are one element, and `a[01]` is another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Integer(i64),
    Bytes(Cow<'a, [u8]>),
}

impl Key<'_> {
    /// The key as text, which is what PHP would compare it with.
    pub(super) fn text(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Integer(integer) => Cow::Owned(integer.to_string().into_bytes()),
            Self::Bytes(bytes) => Cow::Borrowed(bytes),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Bytes(&'a [u8]),
    Array(ArrayId),
}

#[derive(Debug)]
struct Node<'a> {
    key: Key<'a>,
    value: Value<'a>,
    next: Option<NodeId>,
}

#[derive(Debug, Default)]
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
#[derive(Debug)]
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    arrays: Vec<Array>,
    elements: Elements<'a>,
    first_dropped: Option<&'a [u8]>,
}

impl<'a> Tree<'a> {
    /// Puts each parameter in its place, as PHP does: the last value of a name
    /// wins, and stands where its name first stood.
    ///
    /// # Errors
    ///
    /// [`Error::TooDeep`], where PHP would drop all that has the same base name.
    pub(super) fn read(pairs: &'a Pairs<'_>) -> Result<Self, Error> {
        #[cfg(feature = "std")]
        let elements = Elements::with_capacity(pairs.len());
        #[cfg(not(feature = "std"))]
        let elements = Elements::new();
        let mut tree = Self {
            nodes: Vec::with_capacity(pairs.len()),
            arrays: vec![Array::default()],
            elements,
            first_dropped: None,
        };
        for (name, value) in pairs.iter() {
            match tree.node_of(name)? {
                Some(node) => tree.nodes[node].value = Value::Bytes(value),
                None => tree.first_dropped = tree.first_dropped.or(Some(name)),
            }
        }
        Ok(tree)
    }

    /// The name of the first parameter that PHP drops, as it was sent.
    pub(super) fn first_dropped(&self) -> Option<&'a [u8]> {
        self.first_dropped
    }

    /// The elements of the outermost array, in order.
    pub(super) fn root(&self) -> impl Iterator<Item = (&Key<'a>, Value<'a>)> {
        self.array(ROOT)
    }

    /// The elements of an array, in order.
    pub(super) fn array(&self, array: ArrayId) -> impl Iterator<Item = (&Key<'a>, Value<'a>)> {
        let mut next = self.arrays[array].first;
        core::iter::from_fn(move || {
            let node = &self.nodes[next?];
            next = node.next;
            Some((&node.key, node.value))
        })
    }

    /// The node that a parameter's name leads to, by way of arrays that are made
    /// where there are none. `None` where PHP drops the parameter.
    fn node_of(&mut self, name: &'a [u8]) -> Result<Option<NodeId>, Error> {
        let Some(name) = Name::read(name) else { return Ok(None) };
        let mut array = ROOT;
        let mut index = Index::Key(name.base.clone());
        for (depth, next) in name.indices().enumerate() {
            if depth == MAX_DEPTH {
                return Err(Error::TooDeep);
            }
            let Some(next) = next else { break };
            let Some(key) = self.key(array, index, &name) else { return Ok(None) };
            array = self.array_at(array, key);
            index = next;
        }
        Ok(self.key(array, index, &name).map(|key| self.node_at(array, key)))
    }

    /// The key that an index stands for in an array; `None` where PHP drops the
    /// parameter.
    fn key(&self, array: ArrayId, index: Index<'a>, name: &Name<'a>) -> Option<Key<'a>> {
        match index {
            Index::Next => self.arrays[array].next_index().map(Key::Integer),
            Index::Key(key) if name.forbids(&key) => None,
            Index::Key(key) => Some(canonical_decimal(&key).map_or(Key::Bytes(key), Key::Integer)),
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
        let new = self.nodes.len();
        let node = *self.elements.entry((array, key.clone())).or_insert(new);
        if node == new {
            self.append(array, key);
        }
        node
    }

    fn append(&mut self, array: ArrayId, key: Key<'a>) {
        let new = self.nodes.len();
        let array = &mut self.arrays[array];
        if let Key::Integer(integer) = key {
            array.highest = array.highest.max(Some(integer));
        }
        match array.last.replace(new) {
            Some(last) => self.nodes[last].next = Some(new),
            None => array.first = Some(new),
        }
        self.nodes.push(Node { key, value: Value::Bytes(b""), next: None });
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
