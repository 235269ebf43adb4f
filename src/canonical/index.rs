//! Finds the element with a key in an array, without comparing with every key.

use alloc::collections::btree_map::{BTreeMap, Entry};

use smallvec::SmallVec;

use super::{
    array_key::ArrayKey,
    node::{Node, NodeId, ROOT},
};

/// An open-addressed hash table of all elements of all arrays. A key that finds no slot
/// after some probes, which takes keys that were made to collide, goes to an ordered map,
/// where a search takes logarithmic time.
pub(super) struct Index<'q> {
    /// Each has the number of an element, or `ROOT` if it is free. At most half of them are
    /// in use. As long as there are few elements, there are no slots.
    slots: SmallVec<[NodeId; 128]>,
    collided: BTreeMap<(NodeId, ArrayKey<'q>), NodeId>,
}

/// Up to this many nodes (the root, and a dozen elements) are compared one by one.
const FEW: usize = 1 + 12;

/// How many slots a key may try.
const MAX_PROBES: usize = 16;

impl<'q> Index<'q> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { slots: SmallVec::new(), collided: BTreeMap::new() }
    }

    /// Finds the element of an array with a key, given the key's hash. If there is none,
    /// the next node becomes that element.
    #[inline(always)]
    pub(super) fn find_or_insert(
        &mut self,
        nodes: &[Node<'q>],
        array: NodeId,
        key: ArrayKey<'q>,
        hash: u32,
    ) -> Option<NodeId> {
        if nodes.len() <= FEW {
            let at = nodes[1..].iter().position(|node| node.is(array, key, hash));
            return at.map(|at| (1 + at) as NodeId);
        }
        self.find_or_insert_many(nodes, array, key, hash)
    }

    #[inline(never)]
    fn find_or_insert_many(
        &mut self,
        nodes: &[Node<'q>],
        array: NodeId,
        key: ArrayKey<'q>,
        hash: u32,
    ) -> Option<NodeId> {
        if 2 * nodes.len() > self.slots.len() {
            self.grow(nodes);
        }
        let slots = &mut self.slots[..];
        for slot in probes(slots.len(), hash) {
            let number = slots[slot];
            if number == ROOT {
                slots[slot] = nodes.len() as NodeId;
                return None;
            }
            if nodes[usize::from(number)].is(array, key, hash) {
                return Some(number);
            }
        }
        self.find_or_insert_collided(nodes, array, key)
    }

    #[cold]
    fn find_or_insert_collided(
        &mut self,
        nodes: &[Node<'q>],
        array: NodeId,
        key: ArrayKey<'q>,
    ) -> Option<NodeId> {
        match self.collided.entry((array, key)) {
            Entry::Vacant(entry) => _ = entry.insert(nodes.len() as NodeId),
            // It may have been abandoned since.
            Entry::Occupied(entry) if nodes[usize::from(*entry.get())].array == array => {
                return Some(*entry.get());
            }
            Entry::Occupied(mut entry) => _ = entry.insert(nodes.len() as NodeId),
        }
        None
    }

    #[cold]
    fn grow(&mut self, nodes: &[Node<'q>]) {
        let slots = (4 * self.slots.len()).max(128);
        self.slots.clear();
        self.slots.resize(slots, ROOT);
        self.collided.clear();
        for (number, node) in nodes.iter().enumerate().skip(1) {
            match probes(slots, node.hash).find(|&slot| self.slots[slot] == ROOT) {
                Some(slot) => self.slots[slot] = number as NodeId,
                None => _ = self.collided.insert((node.array, node.key), number as NodeId),
            }
        }
    }
}

/// The slots that a key may have, in the order in which they are tried. How many there are
/// is a power of two.
#[inline]
fn probes(slots: usize, hash: u32) -> impl Iterator<Item = usize> {
    (0..MAX_PROBES).map(move |probe| (hash as usize).wrapping_add(probe) & (slots - 1))
}
