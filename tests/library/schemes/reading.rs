//! What is read and verified by a `Scheme`.

use std::{collections::BTreeSet, time::Duration};

use signed_query::{Error, Key, Scheme, Verifier};

const NOW: u64 = 1_800_000_000;

fn scheme() -> Scheme {
    Scheme::new("hash").unwrap()
}

fn key() -> Key {
    Key::new("secret").unwrap()
}

#[test]
fn a_scheme_orders_and_writes_what_it_signs() {
    let pairs =
        [("b", "x y"), ("a~", "~"), ("a[z]", "1"), ("a[b]", "2"), ("B", "3"), ("a!", "4"), ("é", "+")];
    let text = |scheme: Scheme| {
        let signed = scheme.sign(&key(), pairs, None).unwrap();
        assert_eq!(
            scheme.verifier(key()).verify_at(&signed, NOW).unwrap().canonical(),
            signed.split("&hash=").next().unwrap()
        );
        signed.split("&hash=").next().unwrap().to_owned()
    };
    let as_built = "b=x+y&a%7E=%7E&a%5Bz%5D=1&a%5Bb%5D=2&B=3&a%21=4&%C3%A9=%2B";
    let sorted = "B=3&a%5Bz%5D=1&a%5Bb%5D=2&a%21=4&a%7E=%7E&b=x+y&%C3%A9=%2B";
    assert_eq!(text(scheme()), as_built);
    assert_eq!(text(scheme().sorted()), sorted);
    assert_eq!(text(scheme().sorted_as_text()), sorted);
    assert_eq!(text(scheme().rfc3986()), as_built.replace('+', "%20").replace("%7E", "~"));
    assert_eq!(text(scheme().sorted().rfc3986()), sorted.replace('+', "%20").replace("%7E", "~"));

    let names = ["é", "c", "a!", "B", "b", "a", "a~"];
    let named = text(scheme().only(names).unwrap());
    assert_eq!(named, "%C3%A9=%2B&a%21=4&B=3&b=x+y&a%5Bz%5D=1&a%5Bb%5D=2&a%7E=%7E");
    assert_eq!(text(scheme().only(names).unwrap().sorted()), sorted);
    assert_eq!(text(scheme().sorted_as_text().only(names).unwrap()), sorted);
    // The time stands where its name has it, and behind the others as built.
    let signed = |scheme: Scheme| scheme.sign(&key(), [("z", "1"), ("a", "2")], 5).unwrap();
    assert!(signed(scheme().expires("exp").unwrap()).starts_with("z=1&a=2&exp=5&hash="));
    assert!(signed(scheme().sorted().expires("exp").unwrap()).starts_with("a=2&exp=5&z=1&hash="));
    let named = scheme().expires("exp").unwrap().only(["a", "exp", "z"]).unwrap();
    assert!(signed(named).starts_with("a=2&exp=5&z=1&hash="));
}

/// However a scheme writes them.
#[test]
fn a_parameter_is_found_by_what_its_name_is() {
    let pairs = [("k~", "~ +"), ("a b[x y]", "1"), ("a b[~]", "2"), ("é", "%7E")];
    for scheme in [scheme().rfc3986(), scheme(), scheme().rfc3986().sorted()] {
        let signed = scheme.sign(&key(), pairs, None).unwrap() + "&utm~=a+b";
        let verifier = scheme.verifier(key()).ignoring(["utm~"]).unwrap();
        let query = verifier.verify_at(&signed, NOW).unwrap();
        assert_eq!(query.get("k~").as_deref(), Some("~ +"));
        assert_eq!(query.get_bytes("k~").as_deref(), Some(&b"~ +"[..]));
        assert!(query.values("k~").eq(["~ +"]));
        assert!(query.values("a_b").eq(["1", "2"]));
        assert!(query.values("a_b[~]").eq(["2"]));
        assert_eq!(query.get("a_b[x y]").as_deref(), Some("1"));
        let read: BTreeSet<_> =
            query.iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let expected = [("a_b[x y]", "1"), ("a_b[~]", "2"), ("k~", "~ +"), ("é", "%7E")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(query.unsigned("utm~").as_deref(), Some("a b"));
        for absent in ["k%7E", "a_b[x+y]", "a%5B~%5D", "k", "utm~", "hash"] {
            assert_eq!(query.get(absent), None, "{absent}");
        }
    }
}

#[test]
fn what_is_not_signed_is_read_as_unsigned_alone() {
    let ignoring = scheme().verifier(key()).ignoring(["b", "user"]).unwrap();
    let named = scheme().only(["a", "c"]).unwrap().verifier(key());
    let prefixed = scheme().only_prefix("a").unwrap().verifier(key());
    let signed = scheme().sign(&key(), [("a", "1")], None).unwrap();
    for verifier in [ignoring, named, prefixed] {
        for raw in [format!("b=evil&user[x]=2&{signed}"), format!("{signed}&b=evil&user[x]=2")] {
            let query = verifier.verify_at(&raw, NOW).unwrap();
            assert_eq!(query.canonical(), "a=1");
            assert_eq!((query.get("b"), query.get("user[x]"), query.values("user").count()), (None, None, 0));
            assert!(query.iter().eq([("a".into(), "1".into())]));
            assert_eq!(query.unsigned("b").as_deref(), Some("evil"));
            assert_eq!(query.unsigned("user[x]").as_deref(), Some("2"));
            assert_eq!((query.unsigned("a"), query.unsigned("hash")), (None, None));
        }
        // A signed name can't be brought in.
        assert_eq!(verifier.verify_at(&format!("{signed}&a=2"), NOW), Err(Error::Mismatch));
        assert_eq!(verifier.verify_at(&format!("{signed}&a[x]=2"), NOW), Err(Error::Mismatch));
    }
}

/// Byte for byte: a name in capitals does not start with it, nor does one that has it further on.
#[test]
fn a_prefix_is_what_a_name_starts_with() {
    let scheme = scheme().only_prefix("ab").unwrap();
    let signed = scheme.sign(&key(), [("ab", "1"), ("abc", "2"), ("ab.d[x]", "3")], None).unwrap();
    let verifier = scheme.clone().verifier(key());
    for name in ["a", "b", "xab", "AB", "Abc", "a.b", "a[ab]"] {
        let refused = Error::NameNotSigned { name: name.split('[').next().unwrap().replace('.', "_") };
        assert_eq!(scheme.sign(&key(), [("ab", "1"), (name, "2")], None), Err(refused));
        let query = format!("{signed}&{name}=3");
        assert_eq!(verifier.verify_at(&query, NOW).unwrap().get("ab").as_deref(), Some("1"), "{name}");
    }
    for name in ["ab", "abx", "ab_", "ab[ab]", "%61b", " ab"] {
        assert_eq!(verifier.verify_at(&format!("{signed}&{name}=3"), NOW), Err(Error::Mismatch), "{name}");
    }
}

#[test]
fn the_signature_and_the_time_are_never_left_out() {
    let scheme = Scheme::new("x_hash").unwrap().issued_at("x~", Duration::from_secs(60)).unwrap();
    let verifier = || scheme.clone().verifier(key());
    for name in ["x_hash", "x~"] {
        let own = Error::ReservedParameter { name: name.into() };
        assert_eq!(own.status(), 500);
        assert_eq!(verifier().ignoring(["a", name]).unwrap_err(), own);
    }
    assert!(verifier().ignoring(["sig", "expires"]).is_ok());
    let signed = scheme.sign(&key(), [("a", "1")], NOW).unwrap();
    let ignoring = verifier().ignoring_prefixes(["x"]).unwrap();
    let query = ignoring.verify_at(&signed, NOW).unwrap();
    assert_eq!(query.get("x~").as_deref(), Some("1800000000"));
    let changed = signed.replace("1800000000", "1800000001");
    assert_eq!(ignoring.verify_at(&changed, NOW + 1), Err(Error::Mismatch));
    assert!(ignoring.verify_at(&(signed + "&xy=1"), NOW).is_ok());
}

#[test]
fn the_platforms_scheme_is_the_default_one() {
    let pairs = [("q", "red"), ("tag[]", "~ x"), ("a.b", "é")];
    let signed = key().sign(pairs, NOW).unwrap();
    assert_eq!(Scheme::default().sign(&key(), pairs, NOW).as_ref(), Ok(&signed));
    let made = Scheme::new("sig").unwrap().expires("expires").unwrap();
    assert_eq!(made.sign(&key(), pairs, NOW).as_ref(), Ok(&signed));
    let url = "https://crm.example/a?q=red&x[]=1#top";
    assert_eq!(made.sign_url(&key(), url, NOW), key().sign_url(url, NOW));
    let verifiers = [Verifier::new(key()), Scheme::default().verifier(key()), made.verifier(key())];
    let [first, others @ ..] =
        verifiers.map(|verifier| verifier.verify_at(&signed, NOW).unwrap().into_owned());
    assert!(others.iter().all(|other| *other == first));
}
