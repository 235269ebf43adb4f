//! What no `Scheme` signs.

use std::time::Duration;

use signed_query::{Error, Key, MAX_PARAMETERS, Scheme};

const NOW: u64 = 1_800_000_000;
const MINUTE: Duration = Duration::from_secs(60);

fn scheme() -> Scheme {
    Scheme::new("hash").unwrap()
}

fn key() -> Key {
    Key::new("secret").unwrap()
}

fn reserved(name: &str) -> Error {
    Error::ReservedParameter { name: name.into() }
}

#[test]
fn what_the_scheme_adds_by_itself_is_not_signed_in_any_spelling() {
    let scheme = Scheme::new("x_hash").unwrap().expires("é").unwrap();
    for (own, names) in [
        (
            "x_hash",
            ["x_hash", "x.hash", "x hash", "x[hash", "  x_hash", "x_hash[]", "x.hash[a][]", "x_hash\0y"],
        ),
        ("é", ["é", " é", "é[]", "é[a]", "é[a]b", "é\0", "é\0[", "é[é]"]),
    ] {
        for name in names {
            assert_eq!(scheme.sign(&key(), [("a", "1"), (name, "2")], NOW), Err(reserved(own)), "{name:?}");
        }
    }
    for url in
        ["?x_hash=1", "/a?b=1&x%5Fhash", "?%78.hash=1#f", "?x+hash=", "?x_hash%5b%5d=1&a=1", "?a=1&x[hash=1"]
    {
        assert_eq!(scheme.sign_url(&key(), url, NOW), Err(reserved("x_hash")), "{url}");
    }
    for url in ["?é=1", "?%c3%a9=1", "?%C3%A9[]=1", "?a&+%C3%A9"] {
        assert_eq!(scheme.sign_url(&key(), url, NOW), Err(reserved("é")), "{url}");
    }
    // Those of others are parameters as any.
    assert!(scheme.sign(&key(), [("sig", "1"), ("expires", "2"), ("a[x_hash]", "3")], NOW).is_ok());
    let own = Scheme::default().sign(&key(), [("sig", "1")], NOW);
    assert_eq!(own, Err(Error::ReservedName { name: "sig" }));
}

#[test]
fn what_the_scheme_does_not_sign_is_an_error() {
    let not_signed = |name: &str| Err(Error::NameNotSigned { name: name.into() });
    let only = scheme().only(["a_b", "c"]).unwrap();
    let prefix = scheme().only_prefix("é_").unwrap();
    for name in ["a", "A_b", "a_bc", "cc"] {
        assert_eq!(only.sign(&key(), [("c", "1"), (name, "1")], None), not_signed(name));
        assert_eq!(only.sign(&key(), [(format!("{name}[c]"), "1")], None), not_signed(name));
        assert_eq!(only.sign_url(&key(), &format!("?c=1&{name}=1"), None), not_signed(name));
        assert_eq!(prefix.sign(&key(), [(name, "1")], None), not_signed(name));
    }
    assert_eq!(prefix.sign_url(&key(), "?é.x=1&é=1", None), not_signed("é"));
    assert!(only.sign(&key(), [("a.b", "1"), ("c[a]", "2")], None).is_ok());
    assert!(prefix.sign(&key(), [("é.", "1"), ("é_x[]", "2")], None).is_ok());
    let both = only.only_prefix("a").unwrap();
    assert_eq!(both.sign(&key(), [("c", "1")], None), not_signed("c"));
    assert_eq!(both.sign(&key(), [("ab", "1")], None), not_signed("ab"));
    assert_eq!(both.sign(&key(), [("a_b", "1")], None).unwrap().split('&').next(), Some("a_b=1"));
}

#[test]
fn what_php_drops_is_not_signed() {
    let dropped = |name: &str| Err(Error::DroppedName { name: name.into() });
    for scheme in [scheme(), scheme().sorted(), scheme().only(["a"]).unwrap()] {
        for name in ["", "[x]", " ", "\0a", "..Host-a"] {
            assert_eq!(scheme.sign(&key(), [("a", "1"), (name, "1")], None), dropped(name));
        }
        assert_eq!(scheme.sign_url(&key(), "?a=1&=2", None), dropped(""));
        assert_eq!(scheme.sign_url(&key(), "?a=1\0&hash=x", None), dropped("\0"));
    }
}

#[test]
fn a_scheme_with_a_time_signs_one_and_another_none() {
    for scheme in [scheme(), scheme().sorted().only(["a"]).unwrap()] {
        assert_eq!(scheme.sign(&key(), [("a", "1")], NOW), Err(Error::UnexpectedTime));
        assert_eq!(scheme.sign_url(&key(), "?a=1", NOW), Err(Error::UnexpectedTime));
        assert!(scheme.sign_url(&key(), "?a=1", None).is_ok());
    }
    let issued = scheme().issued_at("ts", MINUTE).unwrap();
    for scheme in [Scheme::default(), scheme().expires("ts").unwrap(), issued] {
        assert_eq!(scheme.sign(&key(), [("a", "1")], None), Err(Error::MissingTime));
        assert_eq!(scheme.sign_url(&key(), "?a=1", None), Err(Error::MissingTime));
        assert!(scheme.sign(&key(), [("a", "1")], NOW).is_ok());
    }
}

#[test]
fn no_more_is_signed_than_php_reads() {
    let named = |count| (0..count).map(|nth| (format!("n{nth}"), "")).collect::<Vec<_>>();
    let timed = scheme().expires("exp").unwrap();
    for (scheme, time, own) in [(scheme(), None, 1), (timed, Some(NOW), 2)] {
        let signed = scheme.sign(&key(), named(MAX_PARAMETERS - own), time).unwrap();
        assert!(scheme.clone().verifier(key()).verify_at(&signed, NOW).is_ok());
        let one_more = scheme.sign(&key(), named(MAX_PARAMETERS - own + 1), time);
        assert_eq!(one_more, Err(Error::TooManyParameters));
    }
    let deep = format!("a{}", "[]".repeat(65));
    assert_eq!(scheme().sign(&key(), [(deep, "1")], None), Err(Error::TooDeep));
}

/// Of what PHP's versions sort in one way each, nothing is signed, and nothing accepted.
#[test]
fn a_numeric_name_is_refused_where_names_are_sorted() {
    let (sorted, as_text) = (scheme().sorted(), scheme().sorted_as_text());
    let numeric = [
        "5",
        "0",
        "-0",
        "-5",
        "+5",
        "05",
        "1e5",
        "1E+5",
        "1e-5",
        "-1e1000",
        "99999999999999999999",
        "5\t",
        "\t5",
        " 5",
        "\n\u{b}5\r\u{c}",
        "\t-1E5\n",
        "5[x]",
        "5[]",
    ];
    for name in numeric {
        let pairs = [("a", "1"), (name, "2")];
        assert_eq!(sorted.sign(&key(), pairs, None), Err(Error::NumericName), "{name:?}");
        let signed = as_text.sign(&key(), pairs, None).unwrap();
        let verified = sorted.clone().verifier(key()).verify_at(&signed, NOW);
        assert_eq!(verified, Err(Error::NumericName), "{signed}");
        assert!(as_text.clone().verifier(key()).verify_at(&signed, NOW).is_ok(), "{signed}");
    }
    assert_eq!(Error::NumericName.status(), 400);
    let others = [
        "0x1A", "inf", "nan", "5_", "5.0", "5 ", "1e", "1e+", "e5", "--5", "+-5", "-", "+", "5a", "1e5e5",
        "1_000", "\u{a0}5", "5\u{a0}", "\t", "5\t5", "1e\t5", "- 5", "٣", "a[5]", "5%", "%35",
    ];
    for name in others {
        let pairs = [("b", "1"), (name, "2")];
        let signed = sorted.sign(&key(), pairs, None).unwrap_or_else(|error| panic!("{error} for {name:?}"));
        assert_eq!(as_text.sign(&key(), pairs, None).as_ref(), Ok(&signed), "{name:?}");
        assert!(sorted.clone().verifier(key()).verify_at(&signed, NOW).is_ok(), "{signed}");
    }
    // What is not signed is not sorted, and the signature is none of it.
    let prefixed = Scheme::new("7").unwrap().sorted().only_prefix("a").unwrap();
    let signed = prefixed.sign(&key(), [("a", "1")], None).unwrap();
    assert!(signed.starts_with("a=1&7="));
    assert!(prefixed.verifier(key()).verify_at(&format!("5=1&{signed}"), NOW).is_ok());
    let numeric_time = scheme().sorted().expires("5").unwrap();
    assert_eq!(numeric_time.sign(&key(), [("a", "1")], NOW), Err(Error::NumericName));
}
