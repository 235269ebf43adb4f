//! Any query, as it is and signed: a query that was made plain before has the same
//! verdict and gives the same, and what was signed is read from it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use signed_query::{Key, MAX_PARAMETERS, Verifier, canonicalize};

const EXPIRES: u64 = 1_500_472_622;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::new("changeme!").unwrap());
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    Verifier::new(KEY.clone()).or_key(Key::new("previous").unwrap()).ignoring(["a", "b"]).unwrap()
});

fuzz_target!(|query: &str| {
    compare(query);
    // The vectors' own signatures are cut off, so that there is something to sign.
    let unsigned = query.split("&expires=").next().unwrap();
    let Ok(signed) = KEY.sign_url(&format!("?{}", unsigned.replace('#', "")), EXPIRES) else { return };
    let signed = &signed[1..];
    let verified = Verifier::new(KEY.clone()).verify_at(signed, EXPIRES).expect("it was signed");
    let without_signature = signed.rsplit_once("&sig=").map_or("", |(signed, _)| signed);
    assert_eq!(verified.canonical(), without_signature);
    assert_eq!(canonicalize(signed).as_deref(), Ok(signed));
    for (name, value) in verified.iter() {
        if !name.contains('\u{FFFD}') {
            assert_eq!(verified.get(&name), Some(value));
        }
    }
    compare(signed);
    compare(&format!("{signed}&{unsigned}"));
});

fn compare(query: &str) {
    if query.split('&').count() < MAX_PARAMETERS {
        let long = format!("[&{query}");
        assert_eq!(VERIFIER.verify_at(query, EXPIRES), VERIFIER.verify_at(&long, EXPIRES));
    }
}
