//! Whether the names of a query all differ, told one by one, without a heap
//! allocation and in linear time.
//!
//! Both ways here may wrongly say that a name is not new, and never wrongly that
//! it is.

use crate::MAX_PARAMETERS;

/// For few names: each sets one bit of 512, and a bit that is set already may
/// mean a repetition.
#[derive(Default)]
pub(super) struct Sketch {
    bits: [u64; 8],
}

impl Sketch {
    /// Adds a name, which is not empty, and says whether it is new.
    pub(super) fn add(&mut self, name: &[u8]) -> bool {
        let (first, last) = (u32::from(name[0]), u32::from(name[name.len() - 1]));
        let mixed = (first | last << 8 | (name.len() as u32) << 16).wrapping_mul(0x9E37_79B1);
        let bits = &mut self.bits[(mixed >> 29) as usize];
        let bit = 1 << (mixed >> 23 & 63);
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }
}

/// For many names: a hash table, open addressed. Each slot has the place of a name
/// in the query, plus one, or zero.
pub(super) struct Table<'q, const SLOTS: usize> {
    query: &'q [u8],
    slots: [u32; SLOTS],
    count: usize,
}

impl<'q, const SLOTS: usize> Table<'q, SLOTS> {
    /// How many slots a name may try. Honest names need a few; with more, the
    /// query is one for the tree, which is linear or nearly so for any.
    const MAX_PROBES: usize = 32;

    /// A table of no names yet of a query.
    pub(super) fn of(query: &'q str) -> Self {
        Self { query: query.as_bytes(), slots: [0; SLOTS], count: 0 }
    }

    /// Adds the name that starts at a place in the query, with an `=` behind it,
    /// and says whether it is new.
    pub(super) fn add(&mut self, start: usize, name: &[u8]) -> bool {
        let Ok(place) = u32::try_from(start + 1) else { return false };
        self.count += 1;
        if self.count > MAX_PARAMETERS {
            return false;
        }
        let home = hash(name) as usize;
        for probe in 0..Self::MAX_PROBES {
            let slot = (home + probe) % SLOTS;
            if self.slots[slot] == 0 {
                self.slots[slot] = place;
                return true;
            }
            if self.is_name_at(self.slots[slot] as usize - 1, name) {
                return false;
            }
        }
        false
    }

    /// Whether the name at a place in the query is this one.
    fn is_name_at(&self, start: usize, name: &[u8]) -> bool {
        let rest = &self.query[start..];
        rest.get(name.len()) == Some(&b'=') && rest.starts_with(name)
    }
}

/// Eight bytes at a time, mixed by a multiplication whose high half spreads.
fn hash(name: &[u8]) -> u32 {
    let mix = |state: u64, word: u64| (state.rotate_left(29) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (words, rest) = name.as_chunks::<8>();
    let state = words.iter().fold(name.len() as u64, |state, word| mix(state, u64::from_le_bytes(*word)));
    let rest = rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    (mix(state, rest) >> 32) as u32
}
