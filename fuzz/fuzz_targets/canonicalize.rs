//! The canonical form of anything: it is canonical, and the shortcut to it gives
//! what the long way gives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signed_query::{MAX_PARAMETERS, canonicalize};

fuzz_target!(|query: &str| {
    let canonical = canonicalize(query);
    if let Ok(canonical) = &canonical {
        assert_eq!(canonicalize(canonical).as_ref(), Ok(canonical));
    }
    // PHP skips `[`, and no shortcut reads it; it counts as a parameter.
    if query.split('&').count() < MAX_PARAMETERS {
        assert_eq!(canonical, canonicalize(&format!("[&{query}")));
    }
});
