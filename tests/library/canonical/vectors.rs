//! Vectors that real PHP recorded (`tests/php/record.php`), without PHP.

use crate::common::made_plain::with_an_odd_name;
use serde::Deserialize;
use signed_query::{Error, Key, Verifier, canonicalize};

#[derive(Deserialize)]
struct Vectors {
    secret: String,
    canonical: Vec<CanonicalGroup>,
    sign: SignGroup,
    verdict: Vec<Verdict>,
}

#[derive(Deserialize)]
struct CanonicalGroup {
    why: String,
    vectors: Vec<Canonical>,
}

#[derive(Deserialize)]
struct Canonical {
    query: String,
    /// None where PHP dropped what was past its limits.
    canonical: Option<String>,
}

#[derive(Deserialize)]
struct SignGroup {
    expires: u64,
    vectors: Vec<Signed>,
}

#[derive(Deserialize)]
struct Signed {
    query: String,
    signed: String,
}

#[derive(Deserialize)]
struct Verdict {
    why: String,
    query: String,
    now: u64,
    ignored: Vec<String>,
    status: u16,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../vectors/php.json")).unwrap()
}

#[test]
fn the_canonical_form_is_that_of_php() {
    let groups = vectors().canonical;
    assert!(groups.iter().map(|group| group.vectors.len()).sum::<usize>() > 300);
    for group in groups {
        for Canonical { query, canonical } in group.vectors {
            let ours = canonicalize(&query);
            if let Some(odd) = with_an_odd_name(&query) {
                assert_eq!(canonicalize(&odd), ours, "{odd:?}: {}", group.why);
            }
            match canonical {
                Some(canonical) => assert_eq!(ours.as_deref(), Ok(&*canonical), "{query:?}: {}", group.why),
                None => assert!(
                    matches!(ours, Err(Error::TooManyParameters | Error::TooDeep)),
                    "{query:?} gives {ours:?}: {}",
                    group.why
                ),
            }
        }
    }
}

#[test]
fn what_is_signed_is_what_php_signs() {
    let vectors = vectors();
    let key = Key::new(&vectors.secret).unwrap();
    assert!(vectors.sign.vectors.len() > 10);
    for Signed { query, signed } in vectors.sign.vectors {
        let url = key.sign_url(&format!("/path?{query}#fragment"), vectors.sign.expires).unwrap();
        assert_eq!(url, format!("/path?{signed}#fragment"), "{query:?}");
        // Nothing that PHP would drop is signed, whatever follows it.
        if let Some(odd) = with_an_odd_name(&query) {
            let dropped = Error::DroppedName { name: "[".into() };
            assert_eq!(key.sign_url(&format!("/path?{odd}"), vectors.sign.expires), Err(dropped), "{odd:?}");
        }
        // What a form reads is text, so what is not UTF-8 can't be compared.
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        if !pairs.iter().any(|(_, value)| value.contains('\u{FFFD}')) {
            assert_eq!(key.sign(pairs, vectors.sign.expires).unwrap(), signed, "{query:?}");
        }
    }
}

#[test]
fn the_verdict_is_that_of_the_reference_receiver() {
    let vectors = vectors();
    let verifier = Verifier::new(Key::new(&vectors.secret).unwrap());
    assert!(vectors.verdict.len() > 100);
    for Verdict { why, query, now, ignored, status } in vectors.verdict {
        let verifier = verifier.clone().ignoring(&ignored).unwrap();
        let verified = verifier.verify_at(&query, now);
        if let Some(odd) = with_an_odd_name(&query) {
            assert_eq!(verifier.verify_at(&odd, now), verified, "{why}: {odd:?} at {now}");
        }
        let ours = verified.map_or_else(|error| error.status(), |_| 200);
        assert_eq!(ours, status, "{why}: {query:?} at {now}");
    }
}
