//! Which values are signed, and under which names.

use std::collections::BTreeMap;

use crate::common::example::{EXPIRES, key};
use serde::Serialize;
use serde_json::json;
use signed_query::{Error, Scheme, Writing, build_query};

/// The path and the reason of a value that can be written, but not signed.
fn unsigned<T: Serialize + ?Sized>(value: &T) -> (String, &'static str) {
    assert!(build_query(value).is_ok());
    why(key().sign_value(value, EXPIRES))
}

fn why(result: Result<String, Error>) -> (String, &'static str) {
    let error = result.unwrap_err();
    assert_eq!(error.status(), 500);
    match error {
        Error::UnwritableValue { path: Some(path), why } => (path, why),
        error => panic!("{error:?}"),
    }
}

#[test]
fn names_are_signed_as_php_reads_them_back() {
    let signed = |value| key().sign_value(&value, EXPIRES);
    assert!(signed(json!({ "a.b": { "c.d": 1 } })).unwrap().starts_with("a_b%5Bc.d%5D=1&expires="));
    assert!(signed(json!({ "a[b]": 1 })).unwrap().starts_with("a%5Bb%5D=1&expires="));
    assert!(signed(json!({ "a]": 1 })).unwrap().starts_with("a%5D=1&expires="));
    assert!(signed(json!({})).unwrap().starts_with("expires="));
    for name in ["", "[", "\0a", "_.Host-a"] {
        let dropped = Error::DroppedName { name: name.into() };
        assert_eq!(signed(json!({ name: 1 })), Err(dropped), "{name:?}");
    }
    assert_eq!(signed(json!({ "sig": [1] })), Err(Error::ReservedName { name: "sig" }));
    assert_eq!(signed(json!({ " expires": 1 })), Err(Error::ReservedName { name: "expires" }));
}

#[test]
fn a_nested_key_that_php_does_not_read_back_is_not_signed() {
    for name in ["", " ", "\t", "\n", "\u{b}", "\r", "]", "x]", "x]y", "\0", "x\0"] {
        let (path, why) = unsigned(&json!({ "a": { "b": { name: { "c": 1 } } } }));
        assert_eq!(path, format!("a[b][{name}][c]"));
        assert!(why.contains("does not read back"), "{why}");
        // Where nothing is written, nothing can be lost.
        assert!(key().sign_value(&json!({ "a": { name: null } }), EXPIRES).is_ok());
    }
    for name in ["  ", "[", "a.b", "x[y", "01", "-0", "é"] {
        assert!(key().sign_value(&json!({ "a": { name: 1 } }), EXPIRES).is_ok(), "{name:?}");
    }
}

#[test]
fn two_values_that_php_reads_as_one_are_not_signed() {
    for (value, path) in [
        (json!({ "a.b": 1, "a_b": 2 }), "a_b"),
        (json!({ "a b": { "c": 1, "d": 2 }, "a.b": 3, "z": 4 }), "a.b"),
        (json!({ "a": 1, "a\0": 2 }), "a\0"),
        (json!({ " a": 1, "a": { "b": 2, "c": 3 } }), "a[b]"),
        (json!({ "a": { "b": 1 }, "a[b]": 2 }), "a[b]"),
        (json!({ "a": { "b": { "c": 1 } }, "a[b]": 2 }), "a[b]"),
    ] {
        assert_eq!(unsigned(&value), (path.into(), "PHP reads it and another value as one"), "{value}");
    }
    #[derive(Serialize)]
    struct Twice {
        a: u8,
        #[serde(flatten)]
        more: BTreeMap<&'static str, u8>,
    }
    assert_eq!(unsigned(&Twice { a: 1, more: BTreeMap::from([("a", 2)]) }).0, "a");
    // Two arrays that PHP reads as one lose nothing.
    let signed = key().sign_value(&json!({ "a.b": { "x": 1 }, "a_b": { "y": 2 } }), EXPIRES).unwrap();
    assert!(signed.starts_with("a_b%5Bx%5D=1&a_b%5By%5D=2&expires="));
}

#[test]
fn more_than_php_reads_back_is_an_error() {
    let list = |count| json!({ "a": vec!["v"; count] });
    assert!(build_query(&list(1000)).is_ok());
    assert_eq!(why(build_query(&list(1001))).0, "a[1000]");
    // With room for the expiry and the signature.
    assert!(key().sign_value(&list(998), EXPIRES).is_ok());
    assert_eq!(unsigned(&list(999)).0, "a[998]");
    let deep = |levels| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    // The outermost key has no brackets.
    assert_eq!(build_query(&deep(65)).unwrap().matches("%5D").count(), 64);
    assert!(key().sign_value(&deep(65), EXPIRES).is_ok());
    assert_eq!(why(build_query(&deep(66))).0, format!("0{}", "[0]".repeat(65)));
}

#[test]
fn a_scheme_signs_values_as_it_signs_pairs() {
    let scheme = || Scheme::new("hash").unwrap();
    let value = json!({ "a": true, "b": ["x y", "~"], "c": null });
    let pairs = [("a", "1"), ("b[0]", "x y"), ("b[1]", "~")];
    for scheme in [
        scheme(),
        scheme().sorted(),
        scheme().rfc3986().written_as(Writing::Base64),
        scheme().only(["b", "a"]).unwrap(),
    ] {
        let signed = scheme.sign_value(&key(), &value, None);
        assert_eq!(signed, scheme.sign(&key(), pairs, None), "{scheme:?}");
        assert!(scheme.verifier(key()).verify_at(&signed.unwrap(), EXPIRES).is_ok());
    }
    let refused = |scheme: Scheme, time: Option<u64>| scheme.sign_value(&key(), &value, time).unwrap_err();
    assert_eq!(refused(scheme(), Some(1)), Error::UnexpectedTime);
    assert_eq!(refused(scheme().expires("t").unwrap(), None), Error::MissingTime);
    assert_eq!(refused(scheme().only(["b"]).unwrap(), None), Error::NameNotSigned { name: "a".into() });
    assert_eq!(refused(Scheme::new("a").unwrap(), None), Error::ReservedParameter { name: "a".into() });
    // Without a time, there is room for one value more.
    let list = |count| json!({ "a": vec!["v"; count] });
    assert!(scheme().sign_value(&key(), &list(999), None).is_ok());
    assert_eq!(why(scheme().sign_value(&key(), &list(1000), None)).0, "a[999]");
}
