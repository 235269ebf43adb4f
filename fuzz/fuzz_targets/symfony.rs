//! Any target, as it is and signed: nothing that was not signed is accepted, and what
//! can be signed verifies until it expires and no longer, in any order.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use signed_query::{
    Error, Key,
    symfony::{self, Alphabet, Verifier},
};

const ORIGIN: &str = "https://app.example";
const EXPIRES: u64 = 1_500_472_622;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::new("changeme!").unwrap());
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::absolute(KEY.clone(), ORIGIN).unwrap());

fuzz_target!(|target: &str| {
    assert!(VERIFIER.verify_at(target, EXPIRES).is_err());
    // Anything else would go on with the host.
    if !target.starts_with(['/', '?']) {
        return;
    }
    for alphabet in [Alphabet::Standard, Alphabet::UrlSafe] {
        let Ok(link) = symfony::sign(&KEY, &format!("{ORIGIN}{target}"), Some(EXPIRES), alphabet) else {
            continue;
        };
        let sent = &link[ORIGIN.len()..];
        let verified = VERIFIER.verify_at(sent, EXPIRES - 1).expect("it was signed");
        assert_eq!(verified.query().expires(), EXPIRES - 1);
        let late = Error::Expired { expires: EXPIRES - 1, now: EXPIRES };
        assert_eq!(VERIFIER.verify_at(sent, EXPIRES), Err(late));
        let (path, query) = sent.split_once('?').expect("it has a hash");
        // The elements of an array keep their order; all else may come in any.
        if !query.contains("%5B") {
            let mut parameters: Vec<_> = query.split('&').collect();
            parameters.reverse();
            let reversed = format!("{path}?{}", parameters.join("&"));
            assert_eq!(VERIFIER.verify_at(&reversed, EXPIRES - 1).as_ref(), Ok(&verified));
        }
        assert!(VERIFIER.verify_at(&format!("{path}x?{query}"), EXPIRES - 1).is_err());
        // The same again would change nothing.
        if !query.contains("added=1") {
            assert!(VERIFIER.verify_at(&format!("{sent}&added=1"), EXPIRES - 1).is_err());
        }
    }
});
