//! Whether an array has a key already, and where: told without a look at each.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use super::tree::{Key, Node, NodeId, ROOTS};

/// Tells of most keys that they are new, by one bit of many for each. A bit that is
/// set already may mean a repetition.
#[derive(Default)]
pub(super) struct Sketch {
    bits: [u64; 8],
}

impl Sketch {
    /// Adds a key by its hash, and says whether it is surely new.
    #[inline]
    pub(super) fn add(&mut self, hash: u32) -> bool {
        let word = &mut self.bits[(hash >> 29) as usize];
        let bit = 1 << (hash >> 23 & 63);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

/// A hash table, open addressed, of all nodes that it was told of but the only ones of
/// their arrays, for which nobody looks. Keys that find no slot soon, which takes ones
/// that were made to collide, go to an ordered map: they cost the logarithm of their
/// number and no more.
pub(super) struct Index<'q> {
    /// Each has the number of a node, or zero. They are small, since a large query
    /// touches most of them.
    slots: Vec<NodeId>,
    /// How many nodes the index was told of.
    told: usize,
    collided: BTreeMap<(NodeId, Key<'q>), NodeId>,
}

impl<'q> Index<'q> {
    /// How many slots a key may try.
    const MAX_PROBES: usize = 16;

    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), told: 0, collided: BTreeMap::new() }
    }

    /// Tells of the nodes that are new since the last time.
    #[inline(always)]
    pub(super) fn learn(&mut self, nodes: &[Node<'q>], is_alone: impl Fn(&Node<'q>) -> bool) {
        if self.slots.len() < 2 * nodes.len() {
            *self = Self { slots: vec![0; (2 * nodes.len()).next_power_of_two()], ..Self::new() };
        }
        while let Some(node) = nodes.get(self.told) {
            if !is_alone(node) {
                self.add((ROOTS + self.told) as NodeId, node);
            }
            self.told += 1;
        }
    }

    /// Tells of a node that is the only one of its array no longer.
    pub(super) fn add_late(&mut self, number: NodeId, nodes: &[Node<'q>]) {
        let at = usize::from(number) - ROOTS;
        if at < self.told {
            self.add(number, &nodes[at]);
        }
    }

    /// Adds a node, which has a key that no other of its array has.
    #[inline(always)]
    fn add(&mut self, number: NodeId, node: &Node<'q>) {
        for slot in self.probes(node.hash) {
            if self.slots[slot] == 0 {
                self.slots[slot] = number;
                return;
            }
        }
        self.collided.insert((node.array, node.key), number);
    }

    /// Finds the node of an array with a key, given the key's hash.
    #[inline(always)]
    pub(super) fn find(&self, nodes: &[Node<'q>], array: NodeId, key: Key<'q>, hash: u32) -> Option<NodeId> {
        for slot in self.probes(hash) {
            let node = &nodes[usize::from(self.slots[slot]).checked_sub(ROOTS)?];
            if node.array == array && node.has(key, hash) {
                return Some(self.slots[slot]);
            }
        }
        // Unless it was left behind.
        let is_of_array = |&number: &NodeId| nodes[usize::from(number) - ROOTS].array == array;
        self.collided.get(&(array, key)).copied().filter(is_of_array)
    }

    /// The slots that a key may have, in order.
    #[inline]
    fn probes(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        // A power of two: a remainder that takes no division.
        let mask = self.slots.len() - 1;
        (0..Self::MAX_PROBES).map(move |probe| (hash as usize).wrapping_add(probe) & mask)
    }
}
