//! A fast hash of the keys of arrays. It is not keyed: anyone can make keys that collide, so
//! code that uses it must be correct, and not slow, even if all hashes are equal.

/// The hash of a key, given the number of its array.
pub(super) fn hash(array: u64, key: &[u8]) -> u64 {
    let (words, rest) = key.as_chunks::<8>();
    let state =
        words.iter().fold(array ^ key.len() as u64, |state, word| mix(state, u64::from_le_bytes(*word)));
    mix(state, word_of(rest))
}

/// Multiplies by an odd constant and folds the halves of the product, so that each bit of
/// the result depends on all of the input.
pub(super) fn mix(state: u64, word: u64) -> u64 {
    let product = u128::from(state.rotate_left(29) ^ word) * 0x9E37_79B9_7F4A_7C15;
    product as u64 ^ (product >> 64) as u64
}

/// Up to seven bytes as a word, in a few reads that may overlap.
fn word_of(rest: &[u8]) -> u64 {
    match (rest.first_chunk::<4>(), rest.last_chunk::<4>(), rest) {
        (Some(first), Some(last), _) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        (_, _, [first, .., last]) => u64::from_le_bytes([*first, rest[rest.len() / 2], *last, 0, 0, 0, 0, 0]),
        (_, _, [only]) => u64::from(*only),
        _ => 0,
    }
}
