//! What of secrets is left in memory: looked for in all that this process can write to, in a
//! release build, `cargo test --release -p signed-query --test memory`. In others the crate
//! `digest` leaves a copy of a MAC on the stack that is not this crate's to clear.
#![cfg(all(target_os = "linux", target_endian = "little"))]

use std::{
    fs::{self, File},
    hint::black_box,
    io::{Read, Seek, SeekFrom},
};

use signed_query::{Key, Verifier, webhook::Receiver};

const NOW: u64 = 1_500_472_622;

/// `hash_hmac('sha256', 'q=evil&expires=1500472622', 'changeme!')` with each bit flipped, so
/// that the bytes themselves stand nowhere unless the crate puts them there.
const FLIPPED_MAC: &str = "72fb9681e54b29fa526b82e47f2b816b86a81c4128f0e719f3a6e3ace259772f";

/// The state of SHA-256 behind the padded secret, flipped likewise: what a key has, from
/// which anyone could sign.
const FLIPPED_STATE: &str = "415076e533ca098e4209ad46b391b8ec67307531c9ce635f0245c84dacd6c8d1";

fn bytes(hex: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    hex::decode_to_slice(hex, &mut bytes).unwrap();
    bytes
}

/// How often the bytes that are given flipped stand in memory.
fn count_of(flipped: &[u8]) -> usize {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let (mut count, mut searched) = (0, 0);
    for map in maps.lines().filter(|map| map.contains(" rw-p ")) {
        let (start, end) = map.split(' ').next().unwrap().split_once('-').unwrap();
        let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
        // In pieces, which overlap by what is looked for.
        let mut piece = vec![0; 1 << 16];
        let mut at = start;
        while at < end {
            let length = piece.len().min((end - at) as usize);
            if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(&mut piece[..length]).is_err() {
                break;
            }
            searched += length;
            let is_it = |window: &&[u8]| window.iter().zip(flipped).all(|(byte, flipped)| *byte == !flipped);
            count += piece[..length].windows(flipped.len()).filter(is_it).count();
            if at + length as u64 == end {
                break;
            }
            at += (length - flipped.len()) as u64;
        }
        // What was read is a copy of memory, too.
        piece.fill(0);
        black_box(&piece);
    }
    assert!(searched > 1 << 16, "{searched} bytes of memory");
    count
}

fn refuse(verifier: &Verifier) {
    let forged = format!("q=evil&expires={NOW}&sig={}", "0".repeat(64));
    assert!(verifier.verify_at(&forged, NOW).is_err());
}

/// One test, since the others of a process would write to memory meanwhile.
#[test]
#[cfg_attr(debug_assertions, ignore = "it is about a release build")]
fn what_was_compared_and_what_was_dropped_is_gone() {
    let flipped = bytes(FLIPPED_MAC);
    assert_eq!(count_of(&flipped), 0, "before");
    let verifier = Verifier::new(Key::new("changeme!").unwrap());
    refuse(&verifier);
    assert_eq!(count_of(&flipped), 0, "after a refused request");
    let receiver = Receiver::new(Key::new("changeme!").unwrap());
    let body = format!("q=evil&expires={NOW}");
    let header = |name: &str| match name {
        signed_query::webhook::HOOK_ID_HEADER => Some(&b"6ba7b810-9dad-11d1-80b4-00c04fd430c8"[..]),
        _ => Some(&[b'0'; 64][..]),
    };
    assert!(receiver.verify(body.as_bytes(), header).is_err());
    assert_eq!(count_of(&flipped), 0, "after a refused webhook");
    // A copy that is kept on purpose is found.
    let kept: Box<[u8; 32]> = Box::new(flipped.map(|byte| !byte));
    assert!(count_of(&flipped) >= 1);
    black_box(&kept);

    // Moving a key leaves copies on the stack; those on the heap are cleared.
    let state = bytes(FLIPPED_STATE);
    let alive = count_of(&state);
    assert!(alive >= 2, "{alive} keys");
    drop((verifier, receiver));
    let left = count_of(&state);
    assert!(left + 2 <= alive, "{left} of {alive} are left");
}
