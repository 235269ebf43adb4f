//! Any target, as it is and signed: nothing that was not signed is accepted, what can
//! be signed verifies to its last second and no longer, and what is ignored changes
//! nothing of what was signed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use signed_query::{
    Error, Key,
    laravel::{self, Verifier},
};

const ORIGIN: &str = "https://app.example";
const EXPIRES: u64 = 1_500_472_622;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::new("base64:Y2hhbmdlbWUh").unwrap());
static ABSOLUTE: LazyLock<Verifier> = LazyLock::new(|| Verifier::absolute(KEY.clone(), ORIGIN).unwrap());
static RELATIVE: LazyLock<Verifier> = LazyLock::new(|| Verifier::relative(KEY.clone()));
static IGNORING: LazyLock<Verifier> =
    LazyLock::new(|| RELATIVE.clone().ignoring(["a", "utm_source"]).unwrap().allow_unlimited());

fuzz_target!(|target: &str| {
    for verifier in [&*ABSOLUTE, &*RELATIVE, &*IGNORING] {
        // Nobody guesses a signature.
        assert!(verifier.verify_at(target, EXPIRES).is_err());
    }
    // Anything else would go on with the host.
    if !target.starts_with(['/', '?']) {
        return;
    }
    for (origin, verifier) in [(ORIGIN, &*ABSOLUTE), ("", &*RELATIVE)] {
        let Ok(link) = laravel::sign(&KEY, &format!("{origin}{target}"), Some(EXPIRES)) else { continue };
        let sent = &link[origin.len()..];
        let sent = if sent.starts_with('?') { format!("/{sent}") } else { sent.to_owned() };
        let verified = verifier.verify_at(&sent, EXPIRES).expect("it was signed");
        assert_eq!(verified.query().expires(), EXPIRES);
        assert!(link.contains(verified.path()) || verified.path() == "/");
        let late = Error::Expired { expires: EXPIRES, now: EXPIRES + 1 };
        assert_eq!(verifier.verify_at(&sent, EXPIRES + 1), Err(late));
        for other in [format!("{sent}&{target}="), format!("{sent}&a=1"), sent.replace('=', "=1")] {
            assert!(verifier.verify_at(&other, EXPIRES).is_err());
        }
        let mut names = sent.split(['?', '&']).skip(1).map(|parameter| parameter.split('=').next());
        if origin.is_empty() && names.all(|name| !matches!(name, Some("a" | "utm_source"))) {
            let added = format!("{sent}&utm_source=x&a=y");
            match IGNORING.verify_at(&added, EXPIRES) {
                Ok(ignoring) => {
                    assert_eq!(ignoring.query().canonical(), verified.query().canonical());
                    assert_eq!(ignoring.query().unsigned("a").as_deref(), Some("y"));
                }
                Err(error) => {
                    assert_eq!(error, Error::TooManyParameters);
                    assert!(added.matches('&').count() > 990);
                }
            }
        }
    }
});
