//! The canonical form of anything: it is canonical, lent back as such, and the same
//! for a query that was made plain before.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;
use signed_query::{MAX_PARAMETERS, canonicalize};

fuzz_target!(|query: &str| {
    let canonical = canonicalize(query);
    if let Ok(canonical) = &canonical {
        let again = canonicalize(canonical);
        assert_eq!(again.as_ref(), Ok(canonical));
        assert!(matches!(again, Ok(Cow::Borrowed(_))));
    }
    // PHP skips `[`, an odd name, for which all are made plain; it counts as a parameter.
    if query.split('&').count() < MAX_PARAMETERS {
        assert_eq!(canonical, canonicalize(&format!("[&{query}")));
    }
});
