//! How long what a `Scheme` signs is valid: with a time of signing, and without a time.
//! Expiries are in `verifier::lifetime`.

use std::time::Duration;

use signed_query::{Error, Key, Scheme};

const NOW: u64 = 1_800_000_000;

fn scheme() -> Scheme {
    Scheme::new("hash").unwrap()
}

fn key() -> Key {
    Key::new("secret").unwrap()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_query_is_valid_for_so_long_after_it_was_issued() {
    let scheme = scheme().issued_at("ts", seconds(300)).unwrap();
    let signed = scheme.sign(&key(), [("a", "1")], NOW).unwrap();
    let verifier = scheme.verifier(key());
    for now in [NOW, NOW + 1, NOW + 300] {
        assert_eq!(verifier.verify_at(&signed, now).unwrap().expires(), NOW + 300);
    }
    let late = Error::Expired { expires: NOW + 300, now: NOW + 301 };
    assert_eq!(verifier.verify_at(&signed, NOW + 301), Err(late));
    let early = Error::IssuedInFuture { issued: NOW, now: NOW - 1 };
    assert_eq!(early.status(), 403);
    assert_eq!(verifier.verify_at(&signed, NOW - 1), Err(early));

    let lenient = verifier.leeway(Duration::from_millis(5900));
    for now in [NOW - 5, NOW + 305] {
        assert_eq!(lenient.verify_at(&signed, now).unwrap().expires(), NOW + 300, "without leeway");
    }
    let early = Error::IssuedInFuture { issued: NOW, now: NOW - 6 };
    assert_eq!(lenient.verify_at(&signed, NOW - 6), Err(early));
    let late = Error::Expired { expires: NOW + 300, now: NOW + 306 };
    assert_eq!(lenient.verify_at(&signed, NOW + 306), Err(late));

    let strict = lenient.leeway(Duration::ZERO).max_lifetime(seconds(100));
    let long = Error::LifetimeTooLong { expires: NOW + 300, now: NOW + 199 };
    assert_eq!(strict.verify_at(&signed, NOW + 199), Err(long));
    assert!(strict.verify_at(&signed, NOW + 200).is_ok());
}

#[test]
fn a_time_of_signing_is_a_number_of_seconds() {
    let verifier = scheme().issued_at("ts", seconds(300)).unwrap().verifier(key());
    assert_eq!(verifier.verify_at("a=1&hash=x", NOW), Err(Error::MissingIssuedAt));
    for odd in
        ["ts=", "ts", "ts=soon", "ts[]=1800000000", "ts=-5", "ts=%2B5", "ts=5.0", "ts=+5", "ts=0x5", "ts=٣"]
    {
        assert_eq!(verifier.verify_at(&format!("{odd}&hash=x"), NOW), Err(Error::MalformedIssuedAt), "{odd}");
    }
    assert_eq!([Error::MissingIssuedAt.status(), Error::MalformedIssuedAt.status()], [400, 400]);
    // The last of several counts.
    assert_eq!(verifier.verify_at("ts=5&ts=x&hash=x", NOW), Err(Error::MalformedIssuedAt));
    assert_eq!(verifier.verify_at("ts=x&ts=5&hash=x", NOW), Err(Error::Mismatch));
}

#[test]
fn an_age_is_of_whole_seconds_and_never_overflows() {
    let at = |max_age, issued, now| {
        let scheme = scheme().issued_at("ts", max_age).unwrap();
        let signed = scheme.sign(&key(), [("a", "1")], issued).unwrap();
        scheme.verifier(key()).verify_at(&signed, now).map(|query| query.expires())
    };
    assert_eq!(at(Duration::ZERO, NOW, NOW), Ok(NOW));
    assert_eq!(
        at(Duration::from_millis(999), NOW, NOW + 1),
        Err(Error::Expired { expires: NOW, now: NOW + 1 })
    );
    assert_eq!(at(Duration::from_millis(5999), NOW, NOW + 5), Ok(NOW + 5));
    assert_eq!(at(Duration::MAX, NOW, u64::MAX), Ok(u64::MAX));
    assert_eq!(at(seconds(5), u64::MAX - 1, u64::MAX), Ok(u64::MAX));
    assert_eq!(at(seconds(5), u64::MAX, NOW), Err(Error::IssuedInFuture { issued: u64::MAX, now: NOW }));
    assert_eq!(at(seconds(5), 0, 5), Ok(5));
    // One of more than 64 bits, signed by the same scheme without a time.
    let huge = scheme().sign(&key(), [("ts", "99999999999999999999")], None).unwrap();
    let verifier = scheme().issued_at("ts", Duration::MAX).unwrap().verifier(key());
    assert_eq!(verifier.verify_at(&huge, NOW), Err(Error::IssuedInFuture { issued: u64::MAX, now: NOW }));
    assert!(verifier.leeway(Duration::MAX).verify_at(&huge, NOW).is_ok());
}

#[test]
fn what_has_no_time_has_no_end() {
    let signed = scheme().sign(&key(), [("a", "1")], None).unwrap();
    let verifier = scheme().verifier(key());
    for verifier in [verifier.clone(), verifier.max_lifetime(Duration::ZERO)] {
        for now in [0, NOW, u64::MAX] {
            assert_eq!(verifier.verify_at(&signed, now).unwrap().expires(), u64::MAX);
        }
    }
    // Nothing at all can be signed, too.
    let signed = scheme().sign(&key(), [("", ""); 0], None).unwrap();
    assert!(signed.starts_with("hash="));
    assert_eq!(scheme().verifier(key()).verify_at(&signed, NOW).unwrap().canonical(), "");
    assert_eq!(scheme().verifier(key()).verify_at("", NOW), Err(Error::MissingSignature));
}

/// So that nobody learns of a signature by the clock.
#[test]
fn a_forged_query_is_a_mismatch_whenever_it_was_signed() {
    let scheme = scheme().issued_at("ts", seconds(60)).unwrap();
    let verifier = scheme.verifier(key()).max_lifetime(Duration::ZERO);
    for time in [0, NOW - 61, NOW - 1, NOW, NOW + 1, u64::MAX] {
        let forged = format!("ts={time}&hash={}", "0".repeat(64));
        assert_eq!(verifier.verify_at(&forged, NOW), Err(Error::Mismatch), "{forged}");
    }
}
