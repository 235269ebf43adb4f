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

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use super::super::{
        canonicalize,
        escape::{encode_into, into_text},
        hash::{hash, mix},
    };

    /// Sixteen bytes, of which the last eight undo what the first did to the hash.
    fn colliding_key(nth: u32) -> Vec<u8> {
        let first = format!("{nth:08}").into_bytes();
        let state = mix(16, u64::from_le_bytes(*first.first_chunk().unwrap()));
        [first, state.rotate_left(29).to_le_bytes().into()].concat()
    }

    #[test]
    fn keys_that_were_made_to_collide_are_told_apart() {
        let is_rewritten = |byte: &u8| matches!(byte, 0 | b' ' | b'.' | b'[');
        let keys = (0..).map(colliding_key).filter(|key| !key.iter().any(is_rewritten));
        let keys: Vec<_> = keys.take(400).collect();
        assert!(keys.iter().all(|key| hash(0, key) == hash(0, &keys[0])));
        let query = |value| {
            let mut query = Vec::new();
            for key in &keys {
                encode_into(&mut query, key);
                query.extend_from_slice(value);
            }
            into_text(query)
        };
        let (first, last): (String, String) = (query(b"=1&"), query(b"=2&"));
        let canonical = canonicalize(&(first + &last)).unwrap().into_owned();
        assert_eq!(canonical + "&", last);
    }
}
