//! PHP's nested arrays, in PHP's order: what `parse_str` makes of a query.

use alloc::{borrow::Cow, string::ToString, vec, vec::Vec};
use core::cmp::Ordering;

use super::{
    name::{Name, Step},
    pairs::Pairs,
};
use crate::{Error, MAX_DEPTH};

/// Where each element of a large array stands among the nodes. With the standard
/// library it is hashed with a random key, so that no query can be made to
/// collide; without it, `core` has no source of randomness and an ordered map is
/// as safe.
#[cfg(feature = "std")]
type Index<'a> = std::collections::HashMap<(ArrayId, Key<'a>), NodeId>;
#[cfg(not(feature = "std"))]
type Index<'a> = alloc::collections::BTreeMap<(ArrayId, Key<'a>), NodeId>;

/// How many elements an array has before it is looked up in the index; fewer are
/// found sooner one by one.
const SMALL: usize = 16;

type NodeId = usize;
type ArrayId = usize;

/// The outermost array, which every tree has.
const ROOT: ArrayId = 0;

/// A key of a PHP array: an integer where the text is a canonical decimal, so
/// that `a[1]` and the second `a[]` are one element, and `a[01]` is another.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

#[derive(Clone, Copy)]
pub(super) enum Value<'q> {
    /// As it was sent, which is not decoded.
    Sent(&'q [u8]),
    Array(ArrayId),
}

struct Node<'a, 'q> {
    key: Key<'a>,
    value: Value<'q>,
    next: Option<NodeId>,
}

#[derive(Default)]
struct Array {
    length: usize,
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
            index: Index::default(),
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
        self.find(array, &key).unwrap_or_else(|| self.append(array, key))
    }

    fn find(&self, array: ArrayId, key: &Key<'a>) -> Option<NodeId> {
        let Array { length, highest, .. } = self.arrays[array];
        if matches!(key, Key::Integer(integer) if highest.is_none_or(|highest| *integer > highest)) {
            return None;
        }
        if length > SMALL {
            return self.index.get(&(array, key.clone())).copied();
        }
        self.node_ids(array).find(|&node| self.nodes[node].key == *key)
    }

    fn append(&mut self, array: ArrayId, key: Key<'a>) -> NodeId {
        let new = self.nodes.len();
        let Array { length, last, highest, first } = &mut self.arrays[array];
        if let Key::Integer(integer) = key {
            *highest = (*highest).max(Some(integer));
        }
        match last.replace(new) {
            Some(last) => self.nodes[last].next = Some(new),
            None => *first = Some(new),
        }
        *length += 1;
        let length = *length;
        self.nodes.push(Node { key: key.clone(), value: Value::Sent(b""), next: None });
        match length.cmp(&(SMALL + 1)) {
            Ordering::Less => {}
            Ordering::Equal => self.index_all(array),
            Ordering::Greater => {
                self.index.insert((array, key), new);
            }
        }
        new
    }

    /// Puts an array that is no longer small into the index.
    fn index_all(&mut self, array: ArrayId) {
        let nodes: Vec<NodeId> = self.node_ids(array).collect();
        self.index.extend(nodes.into_iter().map(|node| ((array, self.nodes[node].key.clone()), node)));
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
