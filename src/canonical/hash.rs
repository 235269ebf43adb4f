//! A fast hash of the keys of arrays. It is not keyed: anyone who wants keys to
//! collide can make some, so what builds on it must be right, and not slow, with
//! any hash.

/// The hash of a key below one that has a hash itself.
pub(super) fn hash(outer: u64, key: &[u8]) -> u64 {
    let (words, rest) = key.as_chunks::<8>();
    let state =
        words.iter().fold(outer ^ key.len() as u64, |state, word| mix(state, u64::from_le_bytes(*word)));
    mix(state, word_of(rest))
}

/// The product with an odd constant, its halves folded so that each bit of it
/// depends on all that went in.
pub(super) fn mix(state: u64, word: u64) -> u64 {
    let product = u128::from(state.rotate_left(29) ^ word) * 0x9E37_79B9_7F4A_7C15;
    product as u64 ^ (product >> 64) as u64
}

/// All of fewer than eight bytes, in few reads that may overlap.
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
