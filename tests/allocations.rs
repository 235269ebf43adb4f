//! How often the heap is asked for memory.

use allocation_counter::measure;
use signed_query::{Key, Verifier, canonicalize};

const EXAMPLE: &str =
    "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
const NOW: u64 = 1_500_472_622;

fn key() -> Key {
    Key::new("changeme!").unwrap()
}

fn verifier() -> Verifier {
    Verifier::new(key()).ignoring(signed_query::UNSIGNED_BY_PLATFORM)
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

    // With `expires` and `sig` as many as PHP reads.
    let many = (0..998).map(|nth| (format!("name{nth}"), "Susan Red"));
    let signed = key().sign(many, NOW).unwrap();
    assert_eq!(allocations(|| assert!(verifier.verify_at(&signed, NOW).is_ok())), 0);

    let arrays = (0..300).map(|nth| (format!("people[{nth}][name]"), "Susan Red"));
    let signed = key().sign(arrays, NOW).unwrap();
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

/// What the shortcut rewrites takes one buffer, what the tree does a few.
#[test]
fn rewriting_asks_no_more_often_for_more_parameters() {
    let canonicalized = |count: usize, parameter: fn(usize) -> String| {
        let query: Vec<_> = (0..count).map(parameter).collect();
        let query = query.join("&");
        allocations(|| assert!(canonicalize(&query).is_ok()))
    };
    let values = |nth| format!("name{nth}=Susan%20Red");
    // The second where the names turn out to need a table.
    assert!(canonicalized(10, values) <= 2);
    assert!(canonicalized(900, values) <= 2);
    let arrays = |nth: usize| format!("names[{nth}]=Susan+Red");
    assert!(canonicalized(10, arrays) <= 2);
    assert!(canonicalized(900, arrays) <= 2);
    // Buffers that double, and no memory for each parameter.
    let interleaved = |nth: usize| format!("names{}[]=Susan+Red", nth % 2);
    assert!(canonicalized(900, interleaved) <= canonicalized(10, interleaved) + 10);
}
