//! What a `VerifiedQuery` gives.

use crate::common::example::{EXAMPLE, EXPIRES, signed, verifier};
use signed_query::VerifiedQuery;

#[test]
fn values_are_exact_or_readable_text() {
    let raw = signed("a=%FF&b=x+y%26z&a.b[]=1&a.b[x][y]=2&c=%C3%28&d");
    let query = verifier().verify_at(&raw, EXPIRES).unwrap();
    assert_eq!(query.get_bytes("a").as_deref(), Some(&b"\xFF"[..]));
    assert_eq!(query.get("a").as_deref(), Some("\u{FFFD}"));
    assert_eq!(query.get("b").as_deref(), Some("x y&z"));
    assert_eq!(query.get_bytes("c").as_deref(), Some(&b"\xC3("[..]));
    assert_eq!(query.get("d").as_deref(), Some(""));
    assert_eq!(query.get("a_b[0]").as_deref(), Some("1"));
    assert_eq!(query.get("a_b[x][y]").as_deref(), Some("2"));
    for absent in ["a.b[0]", "a_b", "a_b[x]", "b=x", "", "sig", "A"] {
        assert_eq!(query.get(absent), None, "{absent}");
    }
    let pairs: Vec<_> = query.iter().collect();
    assert_eq!(pairs.len(), 7);
    assert_eq!(pairs[1], ("b".into(), "x y&z".into()));
    assert_eq!(pairs[6], ("expires".into(), "1500472622".into()));
}

#[test]
fn a_verified_query_can_outlive_its_text() {
    let owned: VerifiedQuery<'static> = {
        let raw = format!("{EXAMPLE}&note=1");
        verifier().ignoring(["note"]).unwrap().verify_at(&raw, EXPIRES).unwrap().into_owned()
    };
    assert_eq!((owned.get("q"), owned.unsigned("note")), (Some("red".into()), Some("1".into())));
    assert_eq!(owned.expires(), EXPIRES);
}

#[test]
fn a_name_with_an_escape_is_read_as_it_is() {
    let raw = signed("a%2Bb=1&a b=2&gr%C3%B6%C3%9Fe=3&x[a+b]=4&x[%5B]=5&x[a%26b]=6&50%25=7&%2A=8");
    let query = verifier().verify_at(&raw, EXPIRES).unwrap();
    let names = ["a+b", "a_b", "größe", "x[a b]", "x[[]", "x[a&b]", "50%", "*"];
    for (nth, name) in names.iter().enumerate() {
        let value = (nth + 1).to_string();
        assert_eq!(query.get(name), Some(value.as_str().into()), "{name}");
        assert_eq!(query.get_bytes(name).as_deref(), Some(value.as_bytes()), "{name}");
    }
    for absent in ["a b", "a%2Bb", "gr%C3%B6%C3%9Fe", "x[a+b]", "x%5Ba b%5D", "GRÖẞE", "50"] {
        assert_eq!(query.get(absent), None, "{absent}");
    }
}

fn values(query: &VerifiedQuery<'_>, name: &str) -> Vec<String> {
    query.values(name).map(String::from).collect()
}

#[test]
fn values_are_those_of_all_elements_in_order() {
    let raw = signed(
        "tag[]=new&q=x&tag[]=red&tag[]=new&p[b][y]=1&p[a]=2&p[b][x][]=3&p[b][]=4&tags[]=no&p_b=no&size[gr%C3%B6%C3%9Fe]=5&empty=",
    );
    let query = verifier().verify_at(&raw, EXPIRES).unwrap();
    assert_eq!(values(&query, "tag"), ["new", "red", "new"]);
    assert_eq!(values(&query, "tag[1]"), ["red"]);
    assert_eq!(values(&query, "p"), ["1", "3", "4", "2"]);
    assert_eq!(values(&query, "p[b]"), ["1", "3", "4"]);
    assert_eq!(values(&query, "p[b][x]"), ["3"]);
    assert_eq!(values(&query, "p[b][x][0]"), ["3"]);
    assert_eq!(values(&query, "size"), ["5"]);
    assert_eq!(values(&query, "size[größe]"), ["5"]);
    assert_eq!(values(&query, "q"), ["x"]);
    assert_eq!(values(&query, "empty"), [""]);
    assert_eq!(values(&query, "expires"), ["1500472622"]);
    for absent in [
        "", "ta", "tag[", "tag[1", "tag]", "tag[]", "tag[3]", "p[", "p[b", "p[b][", "p[c]", "sig", "[", "]",
        "b",
    ] {
        assert_eq!(values(&query, absent), [""; 0], "{absent}");
    }
}

/// In a key a `[` may stand for itself, and in a base a `]`.
#[test]
fn names_with_odd_brackets_have_their_values() {
    let raw = signed("a[[b]=1&a[[b][c]=2&a[x[y]=3&a][b]=4&c]=5&b[]]=6");
    let query = verifier().verify_at(&raw, EXPIRES).unwrap();
    assert_eq!(values(&query, "a[[b]"), ["2"]);
    assert_eq!(values(&query, "a"), ["2", "3"]);
    assert_eq!(values(&query, "a[x[y]"), ["3"]);
    assert_eq!(values(&query, "a[x"), [""; 0]);
    assert_eq!(values(&query, "a]"), ["4"]);
    assert_eq!(values(&query, "a][b]"), ["4"]);
    assert_eq!(values(&query, "c]"), ["5"]);
    assert_eq!(values(&query, "c"), [""; 0]);
    assert_eq!(values(&query, "b"), ["6"]);
}

#[test]
fn values_are_readable_text_and_lent_where_they_can_be() {
    let raw = signed("a[]=%FF&a[]=x+y&a[]=plain");
    let query = verifier().verify_at(&raw, EXPIRES).unwrap();
    assert_eq!(values(&query, "a"), ["\u{FFFD}", "x y", "plain"]);
    let is_lent: Vec<_> =
        query.values("a").map(|value| matches!(value, std::borrow::Cow::Borrowed(_))).collect();
    assert_eq!(is_lent, [false, false, true]);
}

/// The name need not live as long as what it gives.
#[test]
fn values_outlive_the_name() {
    let raw = signed("a[]=1&a[]=2");
    let query = verifier().verify_at(&raw, EXPIRES).unwrap();
    let found: Vec<_> = query.values(&String::from("a")).collect();
    assert_eq!(found, ["1", "2"]);
}

/// However the unsigned ones were sent, as long as PHP reads the same.
#[test]
fn queries_are_equal_whose_parameters_and_expiry_are() {
    let verifier = verifier().ignoring(["note", "tag"]).unwrap();
    let query = |raw: &str, unsigned: &str| {
        verifier.verify_at(&format!("{raw}{unsigned}"), EXPIRES).unwrap().into_owned()
    };
    let one = query(EXAMPLE, "&note=a+b&tag[]=1");
    for same in ["&note=a%20b&tag[0]=1", "&note=1&tag[]=1&n%6Fte=a+b", "&&note=x&tag%5B%5D=1&note=a+b"] {
        assert_eq!(query(EXAMPLE, same), one, "{same}");
    }
    for other in ["", "&note=a+b", "&note=a+b&tag=1", "&note=a+b&tag[]=2", "&note=a+b&tag[1]=1"] {
        assert_ne!(query(EXAMPLE, other), one, "{other}");
    }
    let signed = |raw: &str| query(&signed(raw), "&note=a+b&tag[]=1");
    assert_eq!(signed("q=red"), one);
    // A parameter that PHP drops, in front.
    assert_eq!(query(&format!("[&{EXAMPLE}"), "&note=a+b&tag[]=1"), one);
    assert_ne!(signed("q=blue"), one);
    assert_ne!(signed("q=red&x="), one);
}
