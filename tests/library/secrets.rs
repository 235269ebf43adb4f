//! What is secret stays so: in what the library prints, and in memory.

use std::time::Duration;

use crate::common::variants::variants;
use signed_query::{
    Error, Key, Scheme, VerifiedQuery, Verifier, canonicalize, laravel, symfony,
    webhook::{HASH_HEADER, HOOK_ID_HEADER, Receiver},
};

const SECRET: &str = "changeme!";
const NOW: u64 = 1_500_472_622;
/// What the platform signed as `q=red&expires=1500472622`.
const EXPECTED: &str = "7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
/// What Laravel and Symfony sign as `/a`, until the same second.
const EXPECTED_BY_LARAVEL: &str = "f8988632841391547ac0bf92cf8573bfa15145a081222f60bcdb3881306e9087";
const EXPECTED_BY_SYMFONY: &str = "JbANOPws2wVTe6_qgYaYPa6niVCAs2xKUUNWGv8qYAI";
/// The hash of a webhook `{}`.
const EXPECTED_OF_WEBHOOK: &str = "6c209032b6f7036fff805a4629905ac4b422b98704fdd865c24e31d119fb0b26";
const SUBMITTED: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const HOOK_ID: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

/// Every failure that the crate has, each from the call that gives it.
fn failures() -> Vec<Error> {
    let key = Key::new(SECRET).unwrap();
    let verifier = Verifier::new(key.clone()).max_lifetime(Duration::from_secs(60));
    let refuse = |query: &str, now| verifier.verify_at(query, now).unwrap_err();
    let valid = format!("q=red&expires={NOW}&sig={EXPECTED}");
    let links = laravel::Verifier::relative(key.clone());
    let symfony = symfony::Verifier::absolute(key.clone(), "https://app.example").unwrap();
    let receiver = Receiver::new(key.clone());
    let notified = |hook_id: Option<&'static str>, hash: Option<&'static str>| {
        let header = |name: &str| match name {
            HOOK_ID_HEADER => hook_id.map(str::as_bytes),
            HASH_HEADER => hash.map(str::as_bytes),
            _ => None,
        };
        receiver.verify(b"{}", header).unwrap_err()
    };
    vec![
        Key::new("").unwrap_err(),
        refuse("q=red", NOW),
        refuse(&format!("q=red&sig[]={SUBMITTED}"), NOW),
        refuse(&format!("q=red&sig={SUBMITTED}"), NOW),
        refuse(&format!("q=red&expires=soon&sig={SUBMITTED}"), NOW),
        refuse(&format!("q=red&expires={NOW}&sig={SUBMITTED}"), NOW),
        refuse(&valid, NOW + 1),
        refuse(&valid, NOW - 61),
        refuse(&"a&".repeat(1001), NOW),
        canonicalize(&format!("a{}=1", "[]".repeat(65))).unwrap_err(),
        notified(None, Some(SUBMITTED)),
        notified(Some("no uuid"), Some(SUBMITTED)),
        notified(Some(HOOK_ID), Some(SUBMITTED)),
        key.sign([("sig", SUBMITTED)], NOW).unwrap_err(),
        key.sign([("[", SUBMITTED)], NOW).unwrap_err(),
        key.sign_url(&format!("/?a=1\0&sig={SUBMITTED}"), NOW).unwrap_err(),
        key.sign_url(&format!("/?a=1\0{SUBMITTED}"), NOW).unwrap_err(),
        links.verify_at(SUBMITTED, NOW).unwrap_err(),
        links.verify_at(&format!("/a?b=1?&signature={SUBMITTED}"), NOW).unwrap_err(),
        laravel::Verifier::absolute(key.clone(), "app.example").unwrap_err(),
        laravel::Verifier::relative(key.clone()).ignoring(["a.b"]).unwrap_err(),
        laravel::sign(&key, "/", Some(NOW)).unwrap_err(),
        links.verify_at(&format!("/a?expires={NOW}&signature={SUBMITTED}"), NOW).unwrap_err(),
        links.verify_at(&format!("/a?expires={NOW}&signature={EXPECTED_BY_LARAVEL}"), NOW + 1).unwrap_err(),
        symfony.verify_at(&format!("/a?_expiration={NOW}&_hash={SUBMITTED}"), NOW).unwrap_err(),
        symfony.verify_at(&format!("/a?_expiration={NOW}&_hash={EXPECTED_BY_SYMFONY}"), NOW).unwrap_err(),
        laravel::sign(&Key::sha512(SECRET).unwrap(), "/a", None).unwrap_err(),
    ]
    .into_iter()
    .chain(failures_of_schemes(&key))
    .chain(failures_of_values(&key))
    .collect()
}

/// Those of the feature `serde`, whose own messages quote values.
#[cfg(feature = "serde")]
fn failures_of_values(key: &Key) -> Vec<Error> {
    use std::collections::BTreeMap;

    let raw = key.sign([("a", SUBMITTED)], NOW).unwrap();
    let query = Verifier::new(key.clone()).verify_at(&raw, NOW).unwrap();
    vec![
        signed_query::build_query(SUBMITTED).unwrap_err(),
        key.sign_value(&BTreeMap::from([("a.", SUBMITTED), ("a_", SUBMITTED)]), NOW).unwrap_err(),
        query.deserialize::<BTreeMap<String, u8>>().unwrap_err(),
        query.deserialize::<BTreeMap<String, std::net::IpAddr>>().unwrap_err(),
        query.deserialize::<BTreeMap<String, Result<u8, u8>>>().unwrap_err(),
    ]
}

#[cfg(not(feature = "serde"))]
fn failures_of_values(_: &Key) -> Vec<Error> {
    Vec::new()
}

/// Those of schemes alone.
fn failures_of_schemes(key: &Key) -> Vec<Error> {
    let scheme = || Scheme::new("hash").unwrap();
    let issued = || scheme().issued_at("ts", Duration::from_secs(60)).unwrap();
    let in_future = issued().sign(key, [("q", "red")], NOW + 1).unwrap();
    let issued = issued().verifier(key.clone());
    vec![
        Verifier::new(key.clone()).ignoring_prefixes([""]).unwrap_err(),
        scheme().only([""; 0]).unwrap_err(),
        scheme().expires("a").unwrap().expires("b").unwrap_err(),
        scheme().expires("a").unwrap().only(["b"]).unwrap_err(),
        scheme().sign(key, [("hash", SUBMITTED)], None).unwrap_err(),
        scheme().only(["a"]).unwrap().sign(key, [("b", SUBMITTED)], None).unwrap_err(),
        scheme().sorted().sign(key, [("5", SUBMITTED)], None).unwrap_err(),
        scheme().sign(key, [("a", SUBMITTED)], NOW).unwrap_err(),
        scheme().expires("a").unwrap().sign(key, [("b", SUBMITTED)], None).unwrap_err(),
        issued.verify_at(&format!("q=red&hash={SUBMITTED}"), NOW).unwrap_err(),
        issued.verify_at(&format!("q=red&ts=soon&hash={SUBMITTED}"), NOW).unwrap_err(),
        issued.verify_at(&in_future, NOW).unwrap_err(),
    ]
}

/// How many kinds of failures only the feature `serde` has.
const OF_VALUES: usize = 2;

fn has_secret(text: &str) -> bool {
    [SECRET, EXPECTED, EXPECTED_BY_LARAVEL, EXPECTED_BY_SYMFONY, EXPECTED_OF_WEBHOOK, SUBMITTED]
        .iter()
        .any(|secret| text.contains(secret))
}

#[test]
fn no_failure_shows_a_secret() {
    let failures = failures();
    let (count, names) = variants(&failures);
    let of_others = if cfg!(feature = "serde") { 0 } else { OF_VALUES };
    assert_eq!(names.len(), count - of_others, "a failure has no case here: {names:?}");
    for error in failures {
        let shown = format!("{error:?} {error} {:?}", std::error::Error::source(&error));
        assert!(!has_secret(&shown), "{shown}");
    }
}

#[test]
fn no_value_shows_a_secret() {
    let key = Key::new(SECRET).unwrap();
    let raw = format!("q=red&expires={NOW}&sig={EXPECTED}");
    let verifier = Verifier::new(key.clone()).or_key(key.clone());
    let query: VerifiedQuery<'_> = verifier.verify_at(&raw, NOW).unwrap();
    let receiver = Receiver::new(Key::new("testsecret").unwrap());
    let hash = "e123f721ae689ad2a06b5eed0838238f27e5c71d2159c258e73c651c98f17bdf";
    let header = |name: &str| match name {
        HASH_HEADER => Some(hash.as_bytes()),
        _ => Some(HOOK_ID.as_bytes()),
    };
    let notification = receiver.verify(br#"{"test":"data"}"#, header).unwrap();
    let acknowledgement = notification.acknowledgement();
    let shown = format!("{key:?} {verifier:?} {query:?} {receiver:?} {notification:?} {acknowledgement:?}");
    assert_eq!(format!("{key:?}"), "Key(…)");
    for secret in [SECRET, EXPECTED, "testsecret", hash, acknowledgement.hash()] {
        assert!(!shown.contains(secret), "{shown}");
    }

    let origin = "https://app.example";
    let laravel = laravel::Verifier::absolute(key.clone(), origin).unwrap().or_key(key.clone());
    let symfony = symfony::Verifier::absolute(key.clone(), origin).unwrap().or_key(key.clone());
    for link in [
        laravel::sign(&key, "https://app.example/a?b=1", Some(NOW)).unwrap(),
        symfony::sign(&key, "https://app.example/a?b=1", Some(NOW), symfony::Alphabet::UrlSafe).unwrap(),
    ] {
        let target = link.strip_prefix(origin).unwrap();
        let verified = laravel.verify_at(target, 0).or_else(|_| symfony.verify_at(target, 0)).unwrap();
        let shown = format!("{laravel:?} {symfony:?} {verified:?}");
        let (_, signature) = target.split_once("signature=").or(target.split_once("_hash=")).unwrap();
        let signature = signature.split('&').next().unwrap();
        assert!(shown.contains("https://app.example") && shown.contains("b=1"), "{shown}");
        assert!(!shown.contains(SECRET) && !shown.contains(signature), "{shown}");
    }
}

#[test]
fn a_scheme_shows_no_secret() {
    let scheme = Scheme::new("hash").unwrap().expires("exp").unwrap().only(["exp", "a"]).unwrap();
    let keys = [Key::new("s3cret-old").unwrap(), Key::sha512("s3cret-new").unwrap()];
    for key in &keys {
        let signed = scheme.sign(key, [("a", "1")], NOW).unwrap();
        let verifier = scheme.clone().verifier(keys[0].clone()).or_key(keys[1].clone());
        let query = verifier.verify_at(&signed, NOW).unwrap();
        let late = verifier.verify_at(&signed, NOW + 1).unwrap_err();
        let forged = verifier.verify_at(&signed.replace("a=1", "a=2"), NOW).unwrap_err();
        let shown = format!("{scheme:?} {key:?} {verifier:?} {query:?} {late:?} {late} {forged:?} {forged}");
        assert!(shown.contains("\"exp\""), "{shown}");
        for secret in ["s3cret", signed.split("hash=").last().unwrap()] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

/// The states of SHA-256 and SHA-512 behind the padded secret `changeme!`, from which anyone
/// could sign.
#[cfg(target_os = "linux")]
const STATES: [&str; 2] = [
    "beaf891acc35f671bdf652b94c6e471398cf8ace36319ca0fdba37b25329372e",
    "7bb35c3e19f5e648af499d06752d4ca54a2213f426f06977c7806e3d763e1e38476b8c43d6e9ec9e4d04748807d4544f073f373e4824887e4acf56ab4bb445ee",
];

/// Reads the memory of a key before and after it is dropped. It stays allocated, since another
/// thread might write to it otherwise.
#[cfg(target_os = "linux")]
#[test]
fn a_key_is_cleared_from_memory_on_drop() {
    use std::{fs::File, os::unix::fs::FileExt};

    let memory = File::open("/proc/self/mem").unwrap();
    let keys = [Key::new("changeme!"), Key::sha512("changeme!")];
    for (key, state) in keys.into_iter().zip(STATES) {
        let state = hex::decode(state).unwrap();
        let mut slot = Box::new(Some(key.unwrap()));
        let address = &raw const *slot as u64;
        let has_state = || {
            let mut bytes = vec![0; size_of::<Option<Key>>()];
            memory.read_exact_at(&mut bytes, address).unwrap();
            bytes.windows(state.len()).any(|window| window == state)
        };
        assert!(has_state());
        *slot = None;
        assert!(!has_state());
    }
}
