//! Any parameters: what can be signed verifies until it expires, and no longer,
//! nor with another key.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use signed_query::{Error, Key, Verifier};

static KEY: LazyLock<Key> = LazyLock::new(|| Key::new("changeme!").unwrap());
static OTHER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(Key::new("another").unwrap()));
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(KEY.clone()));

fuzz_target!(|input: (Vec<(&str, &str)>, u64)| {
    let (pairs, expires) = input;
    let signed = match KEY.sign(pairs.iter().copied(), expires) {
        Ok(signed) => signed,
        Err(error) => {
            let is_of_a_name = matches!(error, Error::ReservedName { .. } | Error::DroppedName { .. });
            assert!(is_of_a_name || matches!(error, Error::TooManyParameters | Error::TooDeep), "{error:?}");
            return;
        }
    };
    let query = VERIFIER.verify_at(&signed, expires).expect("it was signed");
    assert_eq!(query.expires(), expires);
    assert_eq!(OTHER.verify_at(&signed, expires), Err(Error::Mismatch));
    if let Some(late) = expires.checked_add(1) {
        assert_eq!(VERIFIER.verify_at(&signed, late), Err(Error::Expired { expires, now: late }));
    }
});
