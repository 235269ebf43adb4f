//! What a `Verifier` decides, and what signing refuses.

#[path = "common/example.rs"]
mod example;

use std::time::Duration;

use example::{EXAMPLE, EXPIRES, key, verifier};
use signed_query::{Error, Key, Verifier, expires_in};

#[test]
fn the_example_is_good_until_it_expires() {
    for now in [0, EXPIRES - 1, EXPIRES] {
        assert_eq!(verifier().verify_at(EXAMPLE, now).unwrap().get("q"), Some("red".into()));
    }
    let late = Err(Error::Expired { expires: EXPIRES, now: EXPIRES + 1 });
    assert_eq!(verifier().verify_at(EXAMPLE, EXPIRES + 1), late);
}

#[test]
fn the_system_clock_says_that_the_example_has_expired() {
    assert!(matches!(verifier().verify(EXAMPLE), Err(Error::Expired { .. })));
    let for_ever = key().sign([("q", "red")], u64::MAX).unwrap();
    assert_eq!(verifier().verify(&for_ever).unwrap().expires(), u64::MAX);
}

#[test]
fn leeway_prolongs_by_whole_seconds() {
    let lenient = verifier().leeway(Duration::from_millis(5900));
    assert!(lenient.verify_at(EXAMPLE, EXPIRES + 5).is_ok());
    assert!(lenient.verify_at(EXAMPLE, EXPIRES + 6).is_err());
    assert!(verifier().leeway(Duration::MAX).verify_at(EXAMPLE, u64::MAX).is_ok());
}

#[test]
fn max_lifetime_refuses_what_expires_too_far_ahead() {
    let strict = verifier().max_lifetime(Duration::from_secs(300));
    assert!(strict.verify_at(EXAMPLE, EXPIRES - 300).is_ok());
    let early = Err(Error::LifetimeTooLong { expires: EXPIRES, now: EXPIRES - 301 });
    assert_eq!(strict.verify_at(EXAMPLE, EXPIRES - 301), early);
    let lenient = strict.leeway(Duration::from_secs(5));
    assert!(lenient.verify_at(EXAMPLE, EXPIRES - 305).is_ok());
    assert!(lenient.verify_at(EXAMPLE, EXPIRES - 306).is_err());
    assert!(verifier().max_lifetime(Duration::MAX).verify_at(EXAMPLE, u64::MAX).is_err(), "it has expired");
    assert!(verifier().max_lifetime(Duration::MAX).verify_at(EXAMPLE, 0).is_ok());
}

#[test]
fn the_signature_is_looked_at_before_the_clock() {
    let other = Verifier::new(Key::new("other").unwrap()).max_lifetime(Duration::ZERO);
    assert_eq!(other.verify_at(EXAMPLE, EXPIRES + 1), Err(Error::Mismatch));
    assert_eq!(other.verify_at(EXAMPLE, 0), Err(Error::Mismatch));
}

#[test]
fn any_of_several_keys_will_do() {
    let [new, older, oldest] = ["new", "older", "oldest"].map(|secret| Key::new(secret).unwrap());
    let verifier = Verifier::new(new.clone()).or_key(older.clone()).or_key(oldest.clone());
    for key in [new, older, oldest] {
        assert!(verifier.verify_at(&key.sign([("q", "red")], EXPIRES).unwrap(), EXPIRES).is_ok());
    }
    assert_eq!(verifier.verify_at(EXAMPLE, EXPIRES), Err(Error::Mismatch));
}

#[test]
fn what_is_signed_for_a_duration_is_good_for_so_long() {
    let hour = Duration::from_secs(3600);
    let expires = expires_in(hour);
    let query = key().sign([("q", "red")], expires).unwrap();
    assert_eq!(verifier().verify(&query).unwrap().expires(), expires);
    assert!(verifier().max_lifetime(hour).verify(&query).is_ok());
    let later = expires_in(Duration::ZERO);
    assert!(later >= expires - 3600, "{later} is before {expires}");
    assert!(later > 1_700_000_000, "it is {later}");
    assert_eq!(expires_in(Duration::MAX), u64::MAX);
}

#[test]
fn a_max_lifetime_is_of_whole_seconds() {
    let strict = |max| verifier().max_lifetime(max).verify_at(EXAMPLE, EXPIRES - 1);
    assert!(strict(Duration::from_secs(1)).is_ok() && strict(Duration::from_millis(1999)).is_ok());
    for max in [Duration::ZERO, Duration::from_nanos(1), Duration::from_millis(999)] {
        assert_eq!(
            strict(max),
            Err(Error::LifetimeTooLong { expires: EXPIRES, now: EXPIRES - 1 }),
            "{max:?}"
        );
        assert!(verifier().max_lifetime(max).verify_at(EXAMPLE, EXPIRES).is_ok(), "{max:?}");
    }
    // The fractions of leeway and life are each dropped, and do not add up to a second.
    let strict = verifier().max_lifetime(Duration::from_millis(900)).leeway(Duration::from_millis(900));
    assert!(strict.verify_at(EXAMPLE, EXPIRES).is_ok());
    assert!(
        strict.verify_at(EXAMPLE, EXPIRES - 1).is_err() && strict.verify_at(EXAMPLE, EXPIRES + 1).is_err()
    );
}

#[test]
fn no_sum_of_times_overflows() {
    let for_ever = key().sign([("q", "red")], u64::MAX).unwrap();
    let longest = Duration::from_secs(u64::MAX - 1);
    for leeway in [Duration::ZERO, Duration::from_secs(2), longest, Duration::MAX] {
        let lenient = verifier().leeway(leeway);
        assert!(lenient.verify_at(&for_ever, u64::MAX).is_ok(), "{leeway:?}");
        assert_eq!(lenient.verify_at(EXAMPLE, u64::MAX).is_ok(), leeway >= longest, "{leeway:?}");
        for max in [longest, Duration::MAX] {
            let strict = lenient.clone().max_lifetime(max);
            assert!(strict.verify_at(&for_ever, u64::MAX).is_ok(), "{leeway:?} {max:?}");
            assert!(strict.verify_at(&for_ever, 1).is_ok(), "{leeway:?} {max:?}");
        }
    }
    // A leeway that is as good as endless ends no sooner with a bound on the life.
    let strict = verifier().leeway(Duration::MAX).max_lifetime(Duration::ZERO);
    assert!(strict.verify_at(EXAMPLE, 0).is_ok() && strict.verify_at(&for_ever, 0).is_ok());
    let strict = verifier().leeway(Duration::from_secs(5)).max_lifetime(longest);
    assert!(strict.verify_at(&for_ever, 0).is_ok() && strict.verify_at(&for_ever, 1).is_ok());
}

#[test]
fn an_empty_secret_is_no_key() {
    assert_eq!(Key::new("").unwrap_err(), Error::EmptySecret);
    assert!(Key::new([0]).is_ok() && Key::new(" ").is_ok() && Key::new(vec![0xFF; 1000]).is_ok());
}

#[test]
fn a_secret_is_used_to_its_last_byte() {
    for secret in ["changeme! ", "changeme!\n", "changeme!\0", " changeme!"] {
        let verified = Verifier::new(Key::new(secret).unwrap()).verify_at(EXAMPLE, EXPIRES);
        assert_eq!(verified.is_ok(), secret == "changeme!\0", "{secret:?}: HMAC pads a key with NULs");
    }
}

#[test]
fn signing_refuses_what_could_not_verify() {
    let sign = |name: &str| key().sign([("q", "red"), (name, "1")], EXPIRES).unwrap_err();
    for name in ["sig", "sig[]", " sig", "sig[x]", "sig\0x"] {
        assert_eq!(sign(name), Error::ReservedName { name: "sig" }, "{name:?}");
    }
    for name in ["expires", "expires[0]", "  expires"] {
        assert_eq!(sign(name), Error::ReservedName { name: "expires" }, "{name:?}");
    }
    for name in ["", " ", "\0", "[a]", "..Host-x", "a[__Host-x]", "\0sig"] {
        assert_eq!(sign(name), Error::DroppedName { name: name.into() }, "{name:?}");
    }
    assert_eq!(sign(&format!("a{}", "[x]".repeat(65))), Error::TooDeep);
    let full = [("a[9223372036854775807]", "1"), ("a[]", "2")];
    assert_eq!(key().sign(full, EXPIRES), Err(Error::DroppedName { name: "a[]".into() }));
    for url in [EXAMPLE, "?sig=1", "?%73ig=1", "?a=1&expires=2", "?expires[]=1"] {
        let url = format!("/{}", url.replace("q=", "?q="));
        assert!(matches!(key().sign_url(&url, EXPIRES), Err(Error::ReservedName { .. })), "{url}");
    }
    assert_eq!(key().sign_url("/?a=1&=v", EXPIRES), Err(Error::DroppedName { name: String::new() }));
    assert_eq!(key().sign_url("/?a=1\0b", EXPIRES), Err(Error::DroppedName { name: "\0".into() }));
}

#[test]
fn signing_leaves_room_for_what_it_adds() {
    let pairs = |count: u32| (0..count).map(|number| (format!("a{number}"), "1"));
    let most = key().sign(pairs(998), EXPIRES).unwrap();
    assert!(verifier().verify_at(&most, EXPIRES).is_ok());
    assert_eq!(key().sign(pairs(999), EXPIRES), Err(Error::TooManyParameters));
    assert_eq!(key().sign(pairs(2000), EXPIRES), Err(Error::TooManyParameters));
}

#[test]
fn signing_a_url_keeps_what_is_around_the_query() {
    let signed = |url: &str| key().sign_url(url, EXPIRES).unwrap();
    let empty = key().sign([("", ""); 0], EXPIRES).unwrap();
    assert!(empty.starts_with("expires=1500472622&sig="));
    for url in ["", "/", "https://a.example/b/c"] {
        assert_eq!(signed(url), format!("{url}?{empty}"));
        assert_eq!(signed(&format!("{url}?")), format!("{url}?{empty}"));
        assert_eq!(signed(&format!("{url}#f?x=1#g")), format!("{url}?{empty}#f?x=1#g"));
        assert_eq!(signed(&format!("{url}?q=red#f")), format!("{url}?{EXAMPLE}#f"));
    }
}

/// PHP counts the signature as well, wherever it stands.
#[test]
fn the_signature_counts_as_a_parameter() {
    let signature = "0".repeat(64);
    let query = |names: usize| {
        let names: String = (0..names).map(|nth| format!("name{nth}=&")).collect();
        let at_end = format!("{names}expires=1&sig={signature}");
        let in_front = format!("sig={signature}&{names}expires=1");
        [in_front, format!("{at_end}&&"), format!("{at_end}\0&a&b"), at_end]
    };
    for (full, over) in query(998).iter().zip(&query(999)) {
        assert_eq!(verifier().verify_at(full, 1).unwrap_err(), Error::Mismatch);
        assert_eq!(verifier().verify_at(over, 1).unwrap_err(), Error::TooManyParameters);
    }
}

/// A comparison in words that lets two differences cancel each other would take
/// what is wrong in two places.
#[test]
fn a_signature_that_is_wrong_twice_is_wrong() {
    for (first, second) in (0..64).flat_map(|first| (first + 1..64).map(move |second| (first, second))) {
        let mut query = EXAMPLE.to_owned().into_bytes();
        let signature = query.len() - 64;
        query[signature + first] ^= 1;
        query[signature + second] ^= 1;
        let query = String::from_utf8(query).unwrap();
        assert_eq!(verifier().verify_at(&query, EXPIRES), Err(Error::Mismatch), "{query}");
    }
}

#[test]
fn debug_names_the_key_and_nothing_of_it() {
    assert_eq!(format!("{:?}", key()), "Key(…)");
}

/// The last 64 bytes behind `&sig=` may be more than one parameter, or less.
#[test]
fn what_only_looks_like_a_signature_at_the_end_is_read_as_php_reads_it() {
    let filled = |tail: &str| format!("q=red&sig={}{tail}", "0".repeat(64 - tail.len()));
    let verify = |tail: &str| verifier().verify_at(&filled(tail), EXPIRES).unwrap_err();
    assert_eq!(verify("&expires=1500472622"), Error::Mismatch);
    assert_eq!(verify("&expires=now"), Error::MalformedExpires);
    assert_eq!(verify("&expires[]=1"), Error::MalformedExpires);
    assert_eq!(verify(""), Error::MissingExpires);
    let ended = filled("\0&expires=1500472622");
    assert_eq!(verifier().verify_at(&ended, EXPIRES), Err(Error::MissingExpires));
    // What follows a raw NUL is not read, and so is not part of the signature.
    let good = format!("{EXAMPLE}\0{}", "0".repeat(63));
    assert!(verifier().verify_at(&good, EXPIRES).is_ok());
}
