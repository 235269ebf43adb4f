//! What holds for every input.

use std::borrow::Cow;

use crate::common::{
    example::{EXPIRES, key},
    made_plain::with_an_odd_name,
    queries,
    tally::{cases, for_most},
};
use proptest::prelude::*;
use signed_query::{Error, Key, Verifier, canonicalize};

const CASES: u32 = 4096;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(CASES)) })]

    #[test]
    fn a_plain_pair_is_read_back_as_it_was_signed(
        pairs in prop::collection::btree_map("[a-z]{1,6}x", any::<String>(), 0..20)
    ) {
        let signed = key().sign(&pairs, EXPIRES).unwrap();
        let query = Verifier::new(key()).verify_at(&signed, EXPIRES).unwrap();
        for (name, value) in &pairs {
            prop_assert_eq!(query.get(name), Some(value.into()));
            prop_assert_eq!(query.get_bytes(name), Some(value.as_bytes().into()));
        }
        prop_assert_eq!(query.iter().count(), pairs.len() + 1);
    }

    #[test]
    fn no_query_makes_the_library_panic(query in queries::any_query(), name: String, secret: Vec<u8>, now: u64) {
        let _ = canonicalize(&query);
        let Ok(key) = Key::new(&secret) else { return Ok(()) };
        let verifier = Verifier::new(key.clone()).or_key(key.clone());
        let verifier = verifier.ignoring(["a", "message_sentiment"]).unwrap();
        let _ = verifier.verify_at(&query, now);
        let _ = key.sign([(&name, &query)], now);
        let _ = key.sign_url(&query, now);
        let Ok(signed) = key.sign_url(&format!("?{query}"), u64::MAX) else { return Ok(()) };
        let signed = signed.split_once('#').map_or(&*signed, |(url, _)| url).trim_start_matches('?');
        if let Ok(query) = verifier.verify_at(signed, now) {
            let _ = (query.get(&name), query.get_bytes(&name), query.unsigned(&name), query.iter().count());
        }
    }
}

/// Not even a copy is made of what is canonical.
#[test]
fn what_is_canonical_is_lent_back_as_it_is() {
    for_most(CASES, queries::any_query(), |query| {
        let Ok(canonical) = canonicalize(&query) else { return Ok(false) };
        let again = canonicalize(&canonical);
        prop_assert!(matches!(again, Ok(Cow::Borrowed(text)) if text == canonical), "{}", canonical);
        Ok(true)
    });
}

#[test]
fn a_query_is_the_same_once_it_was_made_plain() {
    let verifier = Verifier::new(key()).ignoring(["a", "q"]).unwrap();
    for_most(CASES, (queries::any_query(), queries::pairs()), |(query, pairs)| {
        let signed = key().sign(pairs, EXPIRES);
        let is_signed = signed.is_ok();
        for query in [Ok(query), signed].into_iter().flatten() {
            let Some(odd) = with_an_odd_name(&query) else { continue };
            prop_assert_eq!(canonicalize(&query), canonicalize(&odd));
            prop_assert_eq!(verifier.verify_at(&query, EXPIRES), verifier.verify_at(&odd, EXPIRES));
        }
        Ok(is_signed)
    });
}

#[test]
fn what_sign_gives_verifies() {
    for_most(CASES, (queries::pairs(), any::<u64>()), |(pairs, expires)| {
        let signed = match key().sign(&pairs, expires) {
            Err(Error::ReservedName { .. } | Error::DroppedName { .. } | Error::TooDeep) => return Ok(false),
            signed => signed.unwrap(),
        };
        let query = Verifier::new(key()).verify_at(&signed, expires).unwrap();
        prop_assert_eq!(query.expires(), expires);
        prop_assert_eq!(
            format!("{}&sig={}", query.canonical(), &signed[signed.len() - 64..]),
            signed.as_str()
        );
        Ok(true)
    });
}

#[test]
fn a_changed_byte_that_changes_the_canonical_form_is_refused() {
    let change = (any::<prop::sample::Index>(), 0_u8..128);
    for_most(CASES, (queries::pairs(), change), |(pairs, (at, byte))| {
        let Ok(signed) = key().sign(pairs, EXPIRES) else { return Ok(false) };
        let mut changed = signed.clone().into_bytes();
        let at = at.index(changed.len());
        changed[at] = byte;
        let changed = String::from_utf8(changed).unwrap();
        let verified = Verifier::new(key()).verify_at(&changed, 0);
        let is_same = canonicalize(&changed) == canonicalize(&signed);
        prop_assert_eq!(verified.is_ok(), is_same, "{} for {}", changed, signed);
        Ok(!is_same)
    });
}
