//! PHP's nested arrays, in PHP's order: what `parse_str` makes of a query.

use smallvec::SmallVec;

use super::{
    MAX_DEPTH, MAX_PARAMETERS,
    array_key::ArrayKey,
    index::Index,
    name::forbids,
    node::{Array, Element, Node, NodeId, ROOT},
    parameter::{ArrayKeys, Parameter},
};

// A tree has at most a node for each key of each parameter.
const MAX_NODES: usize = 1 + MAX_PARAMETERS * (MAX_DEPTH + 1);
const _: () = assert!(MAX_NODES < NodeId::MAX as usize);

/// Where an element was found in its array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nowhere: it was added, after all others.
    Made,
    Last,
    Earlier,
}

/// Where PHP puts a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After all that came before, under exactly the keys in its name.
    Next,
    Elsewhere,
    /// PHP drops the parameter.
    Nowhere,
}

/// All elements of all arrays of a query.
///
/// Those of a usual query are stored without a heap allocation.
pub(super) struct Tree<'q> {
    pub(super) query: &'q str,
    /// The root comes first.
    nodes: SmallVec<[Node<'q>; 49]>,
    index: Index<'q>,
    /// Whether PHP would drop a parameter because of its depth.
    pub(super) is_too_deep: bool,
}

impl<'q> Tree<'q> {
    #[inline(always)]
    pub(super) fn new(query: &'q str) -> Self {
        let mut nodes = SmallVec::new();
        nodes.push(Node::new(ArrayKey::Text(b""), ROOT, 0));
        Self { query, nodes, index: Index::new(), is_too_deep: false }
    }

    /// Puts a parameter in its place, as PHP does: the last value of a name wins, in the
    /// place where the name first came.
    #[inline(always)]
    pub(super) fn put(&mut self, parameter: &Parameter<'q>, keys: &ArrayKeys<'q>) -> Place {
        if parameter.base.is_empty() {
            return Place::Nowhere;
        }
        let mut leaf = self.find_or_make(ROOT, ArrayKey::Text(parameter.base));
        let mut is_next = true;
        if !keys.is_empty() {
            let Some(below) = self.descend(leaf, parameter.base, keys) else { return Place::Nowhere };
            (leaf, is_next) = below;
        }
        let (number, found) = leaf;
        let node = &mut self.nodes[usize::from(number)];
        let before = core::mem::replace(&mut node.element, Element::String(parameter.value));
        if let Element::Array(array @ Array { first: 1.., .. }) = before {
            self.disown(array);
        }
        if is_next && found == Found::Made { Place::Next } else { Place::Elsewhere }
    }

    /// Abandons the elements of an array that a string replaces. Each becomes an element
    /// of itself, so that it is not found if an array replaces the string later. What is
    /// below can be reached only through these elements.
    #[cold]
    fn disown(&mut self, Array { mut first, .. }: Array) {
        while first != 0 {
            let node = &mut self.nodes[usize::from(first)];
            (node.array, first) = (first, node.next);
        }
    }

    /// Goes from the element of a base down to that of the last key, and says whether
    /// every element on the way is next. `None` if PHP drops the parameter.
    #[inline(never)]
    fn descend(
        &mut self,
        (mut number, mut found): (NodeId, Found),
        base: &[u8],
        keys: &ArrayKeys<'q>,
    ) -> Option<((NodeId, Found), bool)> {
        let mut is_next = true;
        for (depth, &text) in keys.iter().enumerate() {
            let node = &mut self.nodes[usize::from(number)];
            // A string becomes an array.
            is_next &= found == Found::Made || found == Found::Last && node.is_array();
            let array = node.array_mut();
            let key = match text {
                b"" | b"+" | [b'%', b'0', b'9' | b'A'..=b'D'] => {
                    is_next = false;
                    array.next_index().map(ArrayKey::Integer)
                }
                text if forbids(text, base) => None,
                text => Some(ArrayKey::of(text)),
            };
            // PHP counts a level before it looks at the key above it.
            if depth + 1 >= MAX_DEPTH && keys.len() > MAX_DEPTH {
                self.is_too_deep = true;
                return None;
            }
            (number, found) = self.find_or_make(number, key?);
        }
        Some(((number, found), is_next))
    }

    /// The element of an array with a key, added at the array's end if it is missing.
    #[inline(always)]
    fn find_or_make(&mut self, array: NodeId, key: ArrayKey<'q>) -> (NodeId, Found) {
        let hash = key.hash(array);
        let last = self.nodes[usize::from(array)].array().last;
        // Usually this is the last element.
        if last != 0 && self.nodes[usize::from(last)].has(key, hash) {
            return (last, Found::Last);
        }
        match self.index.find_or_insert(&self.nodes, array, key, hash) {
            Some(number) => (number, Found::Earlier),
            None => (self.append(array, key, hash), Found::Made),
        }
    }

    /// Adds an element at the end of an array.
    #[inline(always)]
    fn append(&mut self, array: NodeId, key: ArrayKey<'q>, hash: u32) -> NodeId {
        let new = self.nodes.len() as NodeId;
        let outer = self.nodes[usize::from(array)].array_mut();
        if let ArrayKey::Integer(integer) = key {
            outer.reach(integer);
        }
        match core::mem::replace(&mut outer.last, new) {
            0 => outer.first = new,
            last => self.nodes[usize::from(last)].next = new,
        }
        self.nodes.push(Node::new(key, array, hash));
        new
    }

    pub(super) fn root(&self) -> &Array {
        self.nodes[usize::from(ROOT)].array()
    }

    /// How many elements there are, abandoned ones included.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The elements of an array, in order.
    pub(super) fn elements(&self, array: &Array) -> impl Iterator<Item = &Node<'q>> {
        let mut next = array.first;
        core::iter::from_fn(move || {
            let node = &self.nodes[usize::from((next != 0).then_some(next)?)];
            next = node.next;
            Some(node)
        })
    }
}
