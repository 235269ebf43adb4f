//! Whether an array has a key already, and where: told without a look at each.

use alloc::{
    collections::btree_map::{BTreeMap, Entry},
    vec,
    vec::Vec,
};

use super::{
    key::Key,
    node::{Node, NodeId, ROOTS},
};

/// A hash table, open addressed, of all elements. Keys that find no slot soon, which
/// takes ones that were made to collide, go to an ordered map: they cost the logarithm
/// of their number and no more.
pub(super) struct Index<'q> {
    /// Each has the number of a node, or zero. At most half of them have one.
    some: Option<[NodeId; 128]>,
    /// Instead of those, for more.
    many: Vec<NodeId>,
    collided: BTreeMap<(NodeId, Key<'q>), NodeId>,
}

/// So many elements are looked at one by one.
const FEW: usize = ROOTS + 12;

/// How many slots a key may try.
const MAX_PROBES: usize = 16;

impl<'q> Index<'q> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { some: None, many: Vec::new(), collided: BTreeMap::new() }
    }

    /// Finds the element of an array with a key, given the key's hash. If there is none,
    /// the next node is taken for it.
    #[inline(always)]
    pub(super) fn find_or_insert(
        &mut self,
        nodes: &[Node<'q>],
        array: NodeId,
        key: Key<'q>,
        hash: u32,
    ) -> Option<NodeId> {
        if nodes.len() <= FEW {
            let is_it = |node: &Node<'q>| node.hash == hash && node.array == array && node.key == key;
            return nodes[ROOTS..].iter().position(is_it).map(|at| (ROOTS + at) as NodeId);
        }
        self.find_or_insert_many(nodes, array, key, hash)
    }

    #[inline(never)]
    fn find_or_insert_many(
        &mut self,
        nodes: &[Node<'q>],
        array: NodeId,
        key: Key<'q>,
        hash: u32,
    ) -> Option<NodeId> {
        let mut slots = match &mut self.some {
            Some(some) if self.many.is_empty() => &mut some[..],
            _ => &mut self.many[..],
        };
        if 2 * nodes.len() > slots.len() {
            self.grow(nodes);
            slots = match &mut self.some {
                Some(some) if self.many.is_empty() => &mut some[..],
                _ => &mut self.many[..],
            };
        }
        let next = nodes.len() as NodeId;
        for slot in probes(slots.len(), hash) {
            let number = slots[slot];
            if number == 0 {
                slots[slot] = next;
                return None;
            }
            let node = &nodes[usize::from(number)];
            if node.array == array && node.has(key, hash) {
                return Some(number);
            }
        }
        self.find_or_insert_collided(nodes, array, key)
    }

    #[cold]
    fn find_or_insert_collided(&mut self, nodes: &[Node<'q>], array: NodeId, key: Key<'q>) -> Option<NodeId> {
        let next = nodes.len() as NodeId;
        match self.collided.entry((array, key)) {
            // One that was left behind is none.
            Entry::Occupied(entry) if nodes[usize::from(*entry.get())].array == array => Some(*entry.get()),
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

    #[cold]
    fn grow(&mut self, nodes: &[Node<'q>]) {
        self.collided = BTreeMap::new();
        let slots = match self.some {
            None => &mut self.some.insert([0; 128])[..],
            Some(_) => {
                self.many = vec![0; 4 * self.many.len().max(128)];
                &mut self.many[..]
            }
        };
        for (number, node) in nodes.iter().enumerate().skip(ROOTS) {
            match probes(slots.len(), node.hash).find(|&slot| slots[slot] == 0) {
                Some(slot) => slots[slot] = number as NodeId,
                None => _ = self.collided.insert((node.array, node.key), number as NodeId),
            }
        }
    }
}

/// The slots of so many that a key may have, in order.
#[inline]
fn probes(slots: usize, hash: u32) -> impl Iterator<Item = usize> {
    // A power of two: a remainder that takes no division.
    (0..MAX_PROBES).map(move |probe| (hash as usize).wrapping_add(probe) & (slots - 1))
}
