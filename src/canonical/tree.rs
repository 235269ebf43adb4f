//! PHP's nested arrays, in PHP's order: what `parse_str` makes of a query.

use smallvec::SmallVec;

use super::{
    index::{Index, Sketch},
    key::Key,
    name::forbids,
    node::{Array, Element, Node, NodeId, ROOTS},
    parameter::{Keys, Parameter},
};
use crate::{MAX_DEPTH, MAX_PARAMETERS};

// A tree has at most a node for each key of each parameter.
const MAX_NODES: usize = ROOTS + MAX_PARAMETERS * (MAX_DEPTH + 1);
const _: () = assert!(MAX_NODES < NodeId::MAX as usize);

/// Where an element was found in its array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nowhere: it was made, after all others.
    Made,
    Last,
    Earlier,
}

/// Where PHP puts a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After all that came before, and by the keys that its name has.
    Next,
    Elsewhere,
    /// It drops the parameter.
    Nowhere,
}

/// All elements of all arrays of a query.
///
/// What a usual query has is stored without a heap allocation.
pub(super) struct Tree<'q> {
    pub(super) query: &'q str,
    pub(super) roots: [Array; ROOTS],
    pub(super) nodes: SmallVec<[Node<'q>; 48]>,
    sketch: Sketch,
    index: Option<Index<'q>>,
    /// Whether PHP would drop a parameter for its depth.
    pub(super) is_too_deep: bool,
}

impl<'q> Tree<'q> {
    #[inline(always)]
    pub(super) fn new(query: &'q str) -> Self {
        let (roots, nodes) = ([const { Array::EMPTY }; ROOTS], SmallVec::new());
        Self { query, roots, nodes, sketch: Sketch::default(), index: None, is_too_deep: false }
    }

    /// Puts a parameter in its place below a root, as PHP does: the last value of a
    /// name wins, and stands where its name first stood.
    #[inline(always)]
    pub(super) fn put(&mut self, root: usize, parameter: &Parameter<'q>, keys: &Keys<'q>) -> Place {
        if parameter.base.is_empty() {
            return Place::Nowhere;
        }
        if self.nodes.len() + keys.len() >= self.nodes.capacity() {
            self.reserve(1 + keys.len(), parameter.place.end);
        }
        let mut leaf = self.find_or_make(root as NodeId, Key::Text(parameter.base));
        let mut is_next = true;
        if !keys.is_empty() {
            let Some(below) = self.descend(leaf, parameter.base, keys) else { return Place::Nowhere };
            (leaf, is_next) = below;
        }
        let (number, found) = leaf;
        let node = &mut self.nodes[usize::from(number) - ROOTS];
        let before = core::mem::replace(&mut node.element, Element::String(parameter.value));
        if let Element::Array(array @ Array { first: 1.., .. }) = before {
            self.disown(array);
        }
        if is_next && found == Found::Made { Place::Next } else { Place::Elsewhere }
    }

    /// Abandons the elements of an array that a string replaces: each becomes an element
    /// of itself, out of reach, so that another array in the same place does not have
    /// them. What is below them can't be reached without them.
    #[cold]
    fn disown(&mut self, Array { mut first, .. }: Array) {
        while first != 0 {
            let node = &mut self.nodes[usize::from(first) - ROOTS];
            (node.array, first) = (first, node.next);
        }
    }

    /// Goes from the element at a base to the one at the last of the keys below, and
    /// tells whether all on that way are next. `None` where PHP drops the parameter.
    #[inline(never)]
    fn descend(
        &mut self,
        (mut number, mut found): (NodeId, Found),
        base: &[u8],
        keys: &Keys<'q>,
    ) -> Option<((NodeId, Found), bool)> {
        let mut is_next = true;
        for (depth, &text) in keys.iter().enumerate() {
            let node = &mut self.nodes[usize::from(number) - ROOTS];
            // A string becomes an array.
            is_next &= found == Found::Made || found == Found::Last && node.is_array();
            let array = node.array_mut();
            let key = match text {
                b"" | b"+" | [b'%', b'0', b'9' | b'A'..=b'D'] => {
                    is_next = false;
                    array.next_index().map(Key::Index)
                }
                text if forbids(text, base) => None,
                text => Some(Key::Text(text)),
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

    /// Makes room for so many more elements, those of the parameter that ends at a place
    /// in the query, and for as many as there will be if the query goes on as it began;
    /// if it does not, for all that it can have. To grow bit by bit would take more
    /// memory.
    #[inline(never)]
    fn reserve(&mut self, more: usize, end: usize) {
        // The shortest key is `[]`.
        let most = self.query.len().div_ceil(2).min(MAX_NODES);
        let so_far = self.nodes.len() + more;
        let count = match self.nodes.spilled() {
            false => so_far.saturating_mul(self.query.len()).saturating_mul(65) / (64 * end),
            true => most,
        };
        self.nodes.reserve_exact(count.min(most).max(so_far) - self.nodes.len());
    }

    /// The element of an array with a key, which is made at the array's end if need be.
    #[inline(always)]
    fn find_or_make(&mut self, array: NodeId, key: Key<'q>) -> (NodeId, Found) {
        let hash = key.hash(array);
        let &Array { first, last, .. } = self.array(array);
        if last != 0 {
            // Mostly the element that is gone on with.
            if self.node(last).has(key, hash) {
                return (last, Found::Last);
            }
            // Only now can a key come back to the first one.
            if first == last {
                match &mut self.index {
                    Some(index) => index.add(&self.nodes, first),
                    None => _ = self.sketch.add(self.node(first).hash),
                }
            }
            let is_new = self.index.is_none() && !self.nodes.spilled() && self.sketch.add(hash);
            if !is_new && let Some(number) = self.find(array, key, hash) {
                return (number, Found::Earlier);
            }
        }
        (self.append(array, key, hash), Found::Made)
    }

    /// The element of an array with a key, if there is one; if there is none, the index
    /// takes it that the next one is.
    #[inline(never)]
    fn find(&mut self, array: NodeId, key: Key<'q>, hash: u32) -> Option<NodeId> {
        let Self { roots, nodes, index, .. } = self;
        if index.is_none() && !nodes.spilled() {
            let at = nodes.iter().position(|node| node.array == array && node.has(key, hash))?;
            return Some((ROOTS + at) as NodeId);
        }
        let index = index.get_or_insert_default();
        if index.is_full() {
            index.clear(nodes.capacity());
            for (at, node) in nodes.iter().enumerate() {
                let Array { first, last, .. } = array_of(roots, nodes, node.array);
                // The array that is asked of is about to have another.
                if first != last || node.array == array {
                    index.add(nodes, (ROOTS + at) as NodeId);
                }
            }
        }
        index.find_or_insert(nodes, array, key, hash)
    }

    /// Adds an element at the end of an array.
    #[inline(always)]
    fn append(&mut self, array: NodeId, key: Key<'q>, hash: u32) -> NodeId {
        let new = (ROOTS + self.nodes.len()) as NodeId;
        let outer = match usize::from(array).checked_sub(ROOTS) {
            // In the outermost array there is no `[]`, to which integers would matter.
            None => &mut self.roots[usize::from(array)],
            Some(node) => {
                let outer = self.nodes[node].array_mut();
                if let Some(integer) = key.integer() {
                    outer.reach(integer);
                }
                outer
            }
        };
        let last = outer.last;
        outer.last = new;
        match last {
            0 => outer.first = new,
            last => self.nodes[usize::from(last) - ROOTS].next = new,
        }
        self.nodes.push(Node { key, element: Element::Array(Array::EMPTY), hash, array, next: 0 });
        new
    }

    #[inline]
    fn node(&self, number: NodeId) -> &Node<'q> {
        &self.nodes[usize::from(number) - ROOTS]
    }

    #[inline]
    fn array(&self, number: NodeId) -> &Array {
        array_of(&self.roots, &self.nodes, number)
    }

    /// The elements of an array, in order.
    pub(super) fn elements(&self, array: &Array) -> impl Iterator<Item = &Node<'q>> {
        let mut next = array.first;
        core::iter::from_fn(move || {
            let node = self.node((next != 0).then_some(next)?);
            next = node.next;
            Some(node)
        })
    }
}

#[inline]
fn array_of<'t>(roots: &'t [Array; ROOTS], nodes: &'t [Node<'_>], number: NodeId) -> &'t Array {
    match usize::from(number).checked_sub(ROOTS) {
        None => &roots[usize::from(number)],
        Some(node) => nodes[node].array(),
    }
}
