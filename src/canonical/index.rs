//! Whether an array has a key already, and where: told without a look at each.

use alloc::{
    borrow::Cow,
    collections::btree_map::{BTreeMap, Entry},
    vec,
    vec::Vec,
};

use super::{
    key::Key,
    node::{Node, NodeId, ROOTS},
};
use crate::MAX_PARAMETERS;

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
        let word = &mut self.bits[hash as usize % self.bits.len()];
        let bit = 1_u64.wrapping_shl(hash >> 23);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

/// A hash table, open addressed, of the nodes whose arrays have others as well: for an
/// only one nobody looks. Keys that find no slot soon, which takes ones that were made
/// to collide, go to an ordered map: they cost the logarithm of their number and no
/// more.
#[derive(Default)]
pub(super) struct Index<'q> {
    /// Each has the number of a node, or zero. They are small, since a large query
    /// touches most of them.
    slots: Vec<NodeId>,
    count: usize,
    collided: BTreeMap<(NodeId, Cow<'q, [u8]>), NodeId>,
}

impl<'q> Index<'q> {
    /// More than a query has parameters.
    const MANY: usize = 2 * MAX_PARAMETERS;
    /// How many slots a key may try.
    const MAX_PROBES: usize = 16;

    /// Whether more nodes would be too many for the slots.
    pub(super) fn is_full(&self) -> bool {
        self.slots.len() <= 2 * self.count
    }

    /// Forgets all nodes, and makes room for more than there were: for so many, unless
    /// they are so many that most are the only ones of their arrays.
    pub(super) fn clear(&mut self, nodes: usize) {
        let slots = (4 * self.slots.len()).max(2 * nodes.min(Self::MANY)).next_power_of_two();
        *self = Self { slots: vec![0; slots], ..Self::default() };
    }

    /// Adds a node, which has a key that no other of its array has.
    pub(super) fn add(&mut self, nodes: &[Node<'q>], number: NodeId) {
        let node = &nodes[usize::from(number) - ROOTS];
        self.count += 1;
        match self.probes(node.hash).find(|&slot| self.slots[slot] == 0) {
            Some(slot) => self.slots[slot] = number,
            None => _ = self.collided.insert((node.array, node.key.text()), number),
        }
    }

    /// Finds the node of an array with a key, given the key's hash. If there is none,
    /// the next node is taken for it.
    #[inline(always)]
    pub(super) fn find_or_insert(
        &mut self,
        nodes: &[Node<'q>],
        array: NodeId,
        key: Key<'q>,
        hash: u32,
    ) -> Option<NodeId> {
        let next = (ROOTS + nodes.len()) as NodeId;
        for slot in self.probes(hash) {
            let number = self.slots[slot];
            if number == 0 {
                self.slots[slot] = next;
                self.count += 1;
                return None;
            }
            let node = &nodes[usize::from(number) - ROOTS];
            if node.array == array && node.has(key, hash) {
                return Some(number);
            }
        }
        match self.collided.entry((array, key.text())) {
            // One that was left behind is none.
            Entry::Occupied(entry) if nodes[usize::from(*entry.get()) - ROOTS].array == array => {
                Some(*entry.get())
            }
            Entry::Occupied(mut entry) => {
                entry.insert(next);
                None
            }
            Entry::Vacant(entry) => {
                entry.insert(next);
                None
            }
        }
    }

    /// The slots that a key may have, in order.
    #[inline]
    fn probes(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        // A power of two: a remainder that takes no division.
        let mask = self.slots.len() - 1;
        (0..Self::MAX_PROBES).map(move |probe| (hash as usize).wrapping_add(probe) & mask)
    }
}
