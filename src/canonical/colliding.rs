//! Keys that were made to collide, for the tests and for the benchmarks.

use alloc::{string::String, vec::Vec};

use super::hash::{hash, mix};

/// This many keys of plain letters that all have the same hash in the array with this
/// number. Each has sixteen bytes; the last eight undo what the first did to the hash.
pub(super) fn colliding(array: usize, count: usize) -> Vec<String> {
    let keys = (0_u32..).filter_map(|nth| {
        let first: [u8; 8] = core::array::from_fn(|at| b'a' + (nth >> (4 * at) & 15) as u8);
        let state = mix(array as u64 ^ 16, u64::from_le_bytes(first));
        let last = (state.rotate_left(29) ^ u64::from_le_bytes(*b"AAAAAAAA")).to_le_bytes();
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        last.iter().all(is_plain).then(|| String::from_utf8([first, last].concat()).expect("it is ASCII"))
    });
    let keys: Vec<_> = keys.take(count).collect();
    let hash = |key: &String| hash(array as u64, key.as_bytes());
    assert!(keys.iter().all(|key| hash(key) == hash(&keys[0])));
    keys
}
