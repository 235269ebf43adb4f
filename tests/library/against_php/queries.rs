//! Thousands of random queries, compared with what a live PHP makes of them; a
//! million with `CASES=250000 cargo test --release --test library against_php::queries`, since each
//! of the four comparisons takes so many.

use crate::common::{
    made_plain::with_an_odd_name,
    php::{Php, is_limit},
    queries,
    tally::compare,
};
use proptest::prelude::*;
use signed_query::{Error, Key, Verifier, canonicalize};

const SECRET: &str = "changeme!";
const NOW: u64 = 1_500_472_622;

#[test]
fn canonical_forms_agree() {
    compare(Php::start(), queries::any_query(), |php, query| {
        let theirs = php.canonical(&query);
        for query in [with_an_odd_name(&query), Some(query)].into_iter().flatten() {
            match (canonicalize(&query), &theirs) {
                (Ok(ours), Some(theirs)) => prop_assert_eq!(&ours, theirs),
                (Err(error), None) => prop_assert!(is_limit(&error), "{:?}", error),
                (ours, theirs) => prop_assert!(false, "ours {:?}, PHP's {:?}", ours, theirs),
            }
        }
        Ok(theirs.is_some())
    });
}

#[test]
fn verdicts_agree() {
    let verifier = Verifier::new(Key::new(SECRET).unwrap());
    // Signed by PHP or not at all, in time or late, with something put in front.
    let inputs = (queries::any_query(), queries::odd(), any::<bool>(), -1_i64..2);
    compare(Php::start(), inputs, |php, (query, front, is_signed, ahead)| {
        let expires = NOW.checked_add_signed(ahead).unwrap();
        let signed = if is_signed { php.sign(&query, SECRET, expires) } else { Some(query.clone()) };
        let signed = signed.unwrap_or(query);
        let mut is_accepted = false;
        for query in [format!("{front}&{signed}"), signed] {
            let theirs = php.verdict(&query, SECRET, NOW);
            for query in [with_an_odd_name(&query), Some(query)].into_iter().flatten() {
                let ours = verifier.verify_at(&query, NOW).map_or_else(|error| error.status(), |_| 200);
                prop_assert_eq!(ours, theirs, "{:?}", query);
            }
            is_accepted |= theirs == 200;
        }
        Ok(is_accepted)
    });
}

#[test]
fn php_accepts_what_is_signed_here() {
    let key = Key::new(SECRET).unwrap();
    compare(Php::start(), queries::pairs(), |php, pairs| {
        let Ok(signed) = key.sign(pairs, NOW) else { return Ok(false) };
        prop_assert_eq!(php.verdict(&signed, SECRET, NOW), 200, "{:?}", signed);
        Ok(true)
    });
}

#[test]
fn a_signed_url_is_the_one_that_php_signs() {
    let key = Key::new(SECRET).unwrap();
    compare(Php::start(), queries::any_query(), |php, query| {
        let query = query.replace('#', "");
        match key.sign_url(&format!("/?{query}"), NOW) {
            Ok(url) => {
                prop_assert_eq!(Some(url[2..].to_owned()), php.sign(&query, SECRET, NOW));
                return Ok(true);
            }
            Err(Error::ReservedName { name }) => {
                let read = php.canonical(&query).unwrap();
                let is_so_named = |parameter: &str| {
                    let rest = parameter.strip_prefix(name);
                    rest.is_some_and(|rest| rest.starts_with('=') || rest.starts_with("%5B"))
                };
                prop_assert!(read.split('&').any(is_so_named), "{:?} has no {}", query, name);
            }
            Err(Error::DroppedName { .. }) => {}
            Err(error) => prop_assert!(is_limit(&error), "{:?}", error),
        }
        Ok(false)
    });
}
