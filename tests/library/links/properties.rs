//! What holds for every link.

use crate::common::{links, queries, tally::for_most};
use proptest::prelude::*;
use signed_query::{Error, Key, laravel, symfony};

const CASES: u32 = 1024;

fn key() -> Key {
    Key::new("changeme!").unwrap()
}

#[test]
fn a_laravel_link_verifies_to_its_last_second_whatever_is_ignored() {
    let inputs = (links::target(), prop::option::of(links::origin()), any::<u64>());
    for_most(CASES, inputs, |(target, origin, expires)| {
        let url = format!("{}{target}", origin.unwrap_or_default());
        let Ok(link) = laravel::sign(&key(), &url, Some(expires)) else { return Ok(false) };
        let sent = link.strip_prefix(origin.unwrap_or_default()).unwrap();
        let sent = if sent.starts_with('/') { sent.to_owned() } else { format!("/{sent}") };
        let verifier = match origin {
            Some(origin) => laravel::Verifier::absolute(key(), origin).unwrap(),
            None => laravel::Verifier::relative(key()),
        };
        let verified = verifier.verify_at(&sent, expires).unwrap();
        prop_assert_eq!(verified.query().expires(), expires);
        if let Some(late) = expires.checked_add(1) {
            prop_assert_eq!(verifier.verify_at(&sent, late), Err(Error::Expired { expires, now: late }));
        }
        let ignoring = verifier.clone().ignoring(["ignored"]).unwrap();
        for added in [
            format!("{sent}&ignored=x"),
            sent.replacen('?', "?ignored&", 1),
            sent.replace("signature=", "ignored=&signature="),
        ] {
            let ignored = ignoring.verify_at(&added, expires).unwrap();
            prop_assert_eq!(ignored.path(), verified.path());
            prop_assert_eq!(ignored.query().canonical(), verified.query().canonical());
            prop_assert!(ignored.query().unsigned("ignored").is_some());
            prop_assert!(verifier.verify_at(&added, expires).is_err());
        }
        Ok(true)
    });
}

#[test]
fn a_symfony_link_verifies_to_its_last_second_in_any_order() {
    let inputs = (links::target(), links::origin(), 1_u64.., any::<bool>(), any::<prop::sample::Index>());
    for_most(CASES, inputs, |(target, origin, expires, is_url_safe, turn)| {
        let alphabet = if is_url_safe { symfony::Alphabet::UrlSafe } else { symfony::Alphabet::Standard };
        let url = format!("{origin}{target}");
        let Ok(link) = symfony::sign(&key(), &url, Some(expires), alphabet) else { return Ok(false) };
        let sent = link.strip_prefix(origin).unwrap();
        let verifier = symfony::Verifier::absolute(key(), origin).unwrap();
        let verified = verifier.verify_at(sent, expires - 1).unwrap();
        prop_assert_eq!(verified.query().expires(), expires - 1);
        let late = Error::Expired { expires: expires - 1, now: expires };
        prop_assert_eq!(verifier.verify_at(sent, expires), Err(late));
        let (path, query) = sent.split_once('?').unwrap();
        prop_assert_eq!(verified.path(), path);
        // The last hash counts, wherever the valid one stands.
        let (forged, overruled) = (format!("{sent}&_hash=x"), format!("{path}?_hash=x&{query}"));
        prop_assert_eq!(verifier.verify_at(&forged, expires - 1), Err(Error::Mismatch));
        prop_assert_eq!(verifier.verify_at(&overruled, expires - 1), Ok(verified.clone()));
        // The elements of an array keep their order.
        if !query.contains("%5B") {
            let mut parameters: Vec<_> = query.split('&').collect();
            let turn = turn.index(parameters.len());
            parameters.rotate_left(turn);
            parameters.swap(0, turn);
            let turned = format!("{path}?{}", parameters.join("&"));
            prop_assert_eq!(verifier.verify_at(&turned, expires - 1), Ok(verified));
        }
        Ok(true)
    });
}

/// Nobody has a signature for them; and nothing panics.
#[test]
fn no_link_that_was_not_signed_is_accepted() {
    let inputs = ("(/|\\?|&|=|[a-z%.]){0,20}", queries::any_query(), any::<u64>());
    for_most(CASES, inputs, |(path, query, now)| {
        let [hex, hash] = ["0".repeat(64), "A".repeat(43)];
        let targets = [
            query.clone(),
            format!("{path}?{query}"),
            format!("/{path}?{query}&_hash={hash}&signature={hex}"),
            format!("/{path}?_hash={hash}&signature={hex}&{query}"),
        ];
        for target in &targets {
            for verifier in
                [laravel::Verifier::relative(key()), laravel::Verifier::absolute(key(), "http://a").unwrap()]
            {
                prop_assert!(verifier.verify_at(target, now).is_err());
                let ignoring = verifier.ignoring(["a", "q"]).unwrap().allow_unlimited();
                prop_assert!(ignoring.verify_at(target, now).is_err());
            }
            let verifier = symfony::Verifier::absolute(key(), "http://a").unwrap().allow_unlimited();
            prop_assert!(verifier.verify_at(target, now).is_err());
            let _ = laravel::sign(&key(), target, Some(now));
            let _ = symfony::sign(&key(), target, Some(now), symfony::Alphabet::Standard);
            let _ = symfony::Verifier::absolute(key(), target);
        }
        Ok(true)
    });
}
