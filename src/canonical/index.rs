//! Where each element of an array stands among the nodes of a tree.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use super::{
    hash::hash,
    tree::{ArrayId, Key, Node, NodeId},
};

/// A hash table, open addressed. Keys that find no slot soon, which takes ones that
/// were made to collide, go to an ordered map: they cost the logarithm of their
/// number and no more.
pub(super) struct Index<'a> {
    /// Each has the number of a node plus one, or zero. They are small, since a
    /// large query touches most of them.
    slots: Vec<u32>,
    collided: BTreeMap<(ArrayId, Key<'a>), NodeId>,
}

impl<'a> Index<'a> {
    /// How many slots a key may try.
    const MAX_PROBES: usize = 16;

    /// An index with room for so many elements.
    pub(super) fn for_elements(count: usize) -> Self {
        Self { slots: vec![0; (2 * count).next_power_of_two()], collided: BTreeMap::new() }
    }

    /// Where the element with this key of an array stands among the nodes: behind
    /// them all if it is new, where the caller is to put it.
    pub(super) fn find(&mut self, nodes: &[Node<'a, '_>], array: ArrayId, key: &Key<'a>) -> NodeId {
        let home = match key {
            Key::Integer(integer) => hash(array as u64, &integer.to_le_bytes()),
            Key::Bytes(bytes) => hash(array as u64, bytes),
        } as usize;
        for probe in 0..Self::MAX_PROBES {
            // The length is a power of two: a remainder that takes no division.
            let slot = home.wrapping_add(probe) & (self.slots.len() - 1);
            let Some(node) = self.slots[slot].checked_sub(1) else {
                self.slots[slot] = nodes.len() as u32 + 1;
                return nodes.len();
            };
            if nodes[node as usize].is_of(array, key) {
                return node as usize;
            }
        }
        *self.collided.entry((array, key.clone())).or_insert(nodes.len())
    }
}
