//! Whether the names of a query all differ, without a heap allocation and in
//! linear time.

/// Whether no name stands twice in a query of `count` parameters, each with a
/// non-empty plain name and an `=`. It may wrongly say no to a query whose names
/// were chosen to collide, and never wrongly yes.
pub(super) fn are_distinct(query: &str, count: usize) -> bool {
    if count <= 24 { Table::<64>::admits(query) } else { Table::<2048>::admits(query) }
}

/// A hash table of names, open addressed: each slot has the place of a name in
/// the query, plus one, or zero. It is to be at most half full.
struct Table<const SLOTS: usize>;

impl<const SLOTS: usize> Table<SLOTS> {
    /// How many slots a name may try. Honest names need a few; more, and the
    /// query is one for the tree, whose hashes nobody can foresee.
    const MAX_PROBES: usize = 32;

    fn admits(query: &str) -> bool {
        if u32::try_from(query.len()).is_err() {
            return false;
        }
        let mut slots = [0_u32; SLOTS];
        let mut start = 0;
        for parameter in query.split('&') {
            let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
            let home = hash(name.as_bytes()) as usize % SLOTS;
            let mut probes = (0..Self::MAX_PROBES).map(|probe| (home + probe) % SLOTS);
            let free = probes.find(|&slot| slots[slot] == 0 || is_name_at(query, slots[slot], name));
            match free {
                Some(slot) if slots[slot] == 0 => slots[slot] = start as u32 + 1,
                _ => return false,
            }
            start += parameter.len() + 1;
        }
        true
    }
}

/// Whether the name in a slot is this one.
fn is_name_at(query: &str, slot: u32, name: &str) -> bool {
    let rest = &query.as_bytes()[slot as usize - 1..];
    rest.strip_prefix(name.as_bytes()).is_some_and(|behind| behind.first() == Some(&b'='))
}

/// Eight bytes at a time, mixed by a multiplication whose high half spreads.
fn hash(name: &[u8]) -> u32 {
    let mut state = name.len() as u64;
    for chunk in name.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state.rotate_left(29) ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    (state >> 32) as u32
}
