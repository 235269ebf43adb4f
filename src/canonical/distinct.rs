//! Whether the names of a query all lead to something new, told one by one from
//! their hashes, without a heap allocation and in linear time.
//!
//! Both ways here may wrongly say that a name is not new, and never wrongly that
//! it is.

/// For few names: each sets one bit of many, and a bit that is set already may
/// mean a repetition.
#[derive(Default)]
pub(super) struct Sketch {
    bits: [u64; 8],
}

impl Sketch {
    /// Adds the hash of a name, and says whether it is new.
    pub(super) fn add(&mut self, hash: u64) -> bool {
        let bits = &mut self.bits[(hash >> 61) as usize];
        let bit = 1 << (hash >> 55 & 63);
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }
}

/// For many names: a hash table, open addressed. Each slot has a part of the hash,
/// or zero.
pub(super) struct Table<const SLOTS: usize> {
    slots: [u32; SLOTS],
}

impl<const SLOTS: usize> Table<SLOTS> {
    /// How many slots a name may try. Honest names need a few; with more, the
    /// query is one for the tree, which is linear or nearly so for any.
    const MAX_PROBES: usize = 32;

    /// A table of no names yet.
    pub(super) fn new() -> Self {
        Self { slots: [0; SLOTS] }
    }

    /// Adds the hash of a name, and says whether it is new.
    pub(super) fn add(&mut self, hash: u64) -> bool {
        let (home, part) = ((hash >> 32) as usize, (hash as u32).max(1));
        for probe in 0..Self::MAX_PROBES {
            let slot = &mut self.slots[(home + probe) % SLOTS];
            if *slot == 0 {
                *slot = part;
                return true;
            }
            if *slot == part {
                return false;
            }
        }
        false
    }
}
