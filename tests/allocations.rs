//! How often the heap is asked for memory.

use std::time::Duration;

use allocation_counter::measure;
use signed_query::{Key, Scheme, Verifier, Writing, canonicalize, laravel, symfony};

const EXAMPLE: &str =
    "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
const NOW: u64 = 1_500_472_622;

fn key() -> Key {
    Key::new("changeme!").unwrap()
}

fn verifier() -> Verifier {
    Verifier::new(key()).ignoring(signed_query::UNSIGNED_BY_PLATFORM).unwrap()
}

fn allocations(run: impl FnOnce()) -> u64 {
    measure(run).count_total
}

#[test]
fn a_canonical_query_is_verified_and_read_without_one() {
    let verifier = verifier();
    let sent = allocations(|| {
        let query = verifier.verify_at(EXAMPLE, NOW).unwrap();
        assert_eq!(query.get("q").unwrap(), "red");
        assert_eq!(query.get_bytes("q").unwrap(), b"red".as_slice());
        assert_eq!(query.get("absent"), None);
    });
    assert_eq!(sent, 0);

    let names = (0..30).map(|nth| (format!("name{nth}"), "Susan Red"));
    let signed = key().sign(names, NOW).unwrap();
    assert_eq!(allocations(|| assert!(verifier.verify_at(&signed, NOW).is_ok())), 0);

    let nested = (0..12).map(|nth| (format!("people[{nth}][name]"), "Susan Red"));
    let signed = key().sign(nested, NOW).unwrap();
    assert!(signed.starts_with("people%5B0%5D%5Bname%5D=Susan+Red&people%5B1%5D"));
    assert_eq!(allocations(|| assert!(verifier.verify_at(&signed, NOW).is_ok())), 0);

    let signed = EXAMPLE.to_owned() + "&message_sentiment=positive";
    let unsigned = allocations(|| {
        let query = verifier.verify_at(&signed, NOW).unwrap();
        assert_eq!(query.unsigned("message_sentiment").unwrap(), "positive");
    });
    assert_eq!(unsigned, 0);
}

#[test]
fn a_canonical_query_is_refused_without_one() {
    let verifier = verifier();
    let forged = EXAMPLE.replace("q=red", "q=evil");
    assert_eq!(allocations(|| assert!(verifier.verify_at(&forged, NOW).is_err())), 0);
    assert_eq!(allocations(|| assert!(verifier.verify_at(EXAMPLE, NOW + 1).is_err())), 0);
    assert_eq!(allocations(|| assert!(verifier.verify_at("q=red", NOW).is_err())), 0);
}

#[test]
fn a_canonical_query_is_lent_back() {
    for query in [EXAMPLE, "", "a=", "a%5B0%5D=&a%5B%C3%A9%5D=", "name=caf%C3%A9+%2A%00.-_&b=%FF"] {
        assert_eq!(allocations(|| assert_eq!(canonicalize(query).as_deref(), Ok(query))), 0, "{query}");
    }
}

#[test]
fn signing_asks_once_for_what_it_gives() {
    let key = key();
    assert_eq!(allocations(|| assert_eq!(key.sign([("q", "red")], NOW).unwrap(), EXAMPLE)), 1);
}

/// A few buffers, of which the index of a large query has most: it doubles.
#[test]
fn no_query_asks_for_each_of_its_parameters() {
    const MOST: u64 = 12;
    let shapes: [fn(usize) -> String; 7] = [
        |nth| format!("name{nth}=Susan+Red"),
        |nth| format!("name{nth}=Susan%20Red"),
        |nth| format!("names%5B{nth}%5D=Susan+Red"),
        |nth| format!("names{}[]=Susan+Red", nth % 2),
        |nth| format!("names[{nth}][first.name]=Susan"),
        |nth| format!("first.name{nth}=Susan"),
        |nth| format!("name{}=Susan", nth % 100),
    ];
    for shape in shapes {
        for count in [10, 100, 998] {
            let query: Vec<_> = (0..count).map(shape).collect();
            let query = query.join("&") + "&expires=1500472622&sig=" + &"0".repeat(64);
            let verifier = verifier();
            let verified = allocations(|| assert!(verifier.verify_at(&query, NOW).is_err()));
            assert!(verified <= MOST, "{verified} for {count} of {}", shape(0));
        }
    }
}

/// Other names, another hash, any writing, and what is sorted already. RFC 3986 writes
/// nothing in another way but spaces and `~`.
#[test]
fn a_canonical_query_of_any_scheme_is_verified_without_one() {
    let scheme = || Scheme::new("hash~").unwrap();
    let schemes = [
        scheme(),
        scheme().sorted().issued_at("time", Duration::from_secs(60)).unwrap(),
        scheme().sorted_as_text().rfc3986().expires("exp").unwrap(),
        scheme().only(["A", "b", "exp", "tag"]).unwrap().expires("exp").unwrap(),
        scheme().only_prefix("a").unwrap().sorted().expires("a_exp").unwrap(),
    ];
    let pairs = [("A", "1"), ("a%", "red"), ("b", "*"), ("tag[]", "x"), ("tag[]", "y"), ("user", "A")];
    for scheme in schemes {
        for (writing, key) in [
            (Writing::Hex, key()),
            (Writing::UpperHex, key()),
            (Writing::Base64, key()),
            (Writing::Base64Url, Key::sha512("changeme!").unwrap()),
            (Writing::Base64, Key::sha512("changeme!").unwrap()),
        ] {
            let scheme = scheme.clone().written_as(writing);
            let time =
                [None, Some(NOW)].into_iter().find(|time| scheme.sign(&key, [("", ""); 0], *time).is_ok());
            let is_signed = |pair: &&(&str, &str)| scheme.sign(&key, [**pair], time.unwrap()).is_ok();
            let signed = scheme.sign(&key, pairs.iter().filter(is_signed), time.unwrap()).unwrap();
            let forged = signed.replacen('A', "B", 1).replacen("red", "evil", 1);
            // Others are not signed, so that they are not looked at.
            let added = format!("{signed}&utm=1");
            let verifier = scheme.verifier(key).ignoring(["utm"]).unwrap();
            let verified = allocations(|| {
                assert!(verifier.verify_at(&signed, NOW).is_ok());
                assert!(verifier.verify_at(&added, NOW).is_ok());
                assert!(verifier.verify_at(&forged, NOW).is_err());
                // What has no time does not expire.
                assert_eq!(verifier.verify_at(&signed, NOW + 100).is_ok(), time == Some(None));
            });
            assert_eq!(verified, 0, "{signed}");
        }
    }
}

#[test]
fn a_laravel_link_is_verified_without_one() {
    let verifier = laravel::Verifier::absolute(key(), "https://app.example").unwrap();
    let link = laravel::sign(&key(), "https://app.example/a/b?c=d&e=f", Some(NOW)).unwrap();
    let target = link.strip_prefix("https://app.example").unwrap();
    let forged = target.replace("c=d", "c=e");
    let verified = allocations(|| {
        assert_eq!(verifier.verify_at(target, NOW).unwrap().query().get("c").unwrap(), "d");
        assert!(verifier.verify_at(&forged, NOW).is_err());
    });
    assert_eq!(verified, 0);
    let ignoring = verifier.ignoring(["utm_source"]).unwrap();
    let added = format!("{target}&utm_source=x");
    assert_eq!(allocations(|| assert!(ignoring.verify_at(&added, NOW).is_ok())), 0);
}

/// The hash mostly stands between others, which are joined.
#[test]
fn a_symfony_link_is_verified_with_one_at_most() {
    let verifier = symfony::Verifier::absolute(key(), "https://app.example").unwrap();
    for (url, most) in
        [("https://app.example/a", 0), ("https://app.example/a?A=1", 0), ("https://app.example/a?b=1&c=2", 1)]
    {
        let link = symfony::sign(&key(), url, Some(NOW), symfony::Alphabet::UrlSafe).unwrap();
        let target = link.strip_prefix("https://app.example").unwrap();
        assert_eq!(allocations(|| assert!(verifier.verify_at(target, 0).is_ok())), most, "{url}");
    }
}
