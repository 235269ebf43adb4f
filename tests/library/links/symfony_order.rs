//! The order in which Symfony signs the outermost names of a query.

use crate::common::applications::{Application, NOW, symfony};
use signed_query::{Error, VerifiedLink};

/// The hash of a query that stands so.
fn hash(query: &str) -> String {
    format!("_hash={}", Application::Symfony.signature(query))
}

fn verify(query: &str) -> Result<VerifiedLink<'static>, Error> {
    symfony().allow_unlimited().verify_at(&format!("/a?{query}"), NOW).map(VerifiedLink::into_owned)
}

/// Arrays of more elements than a sort that is not stable keeps in order by chance.
#[test]
fn elements_of_an_array_keep_their_order_however_many_they_are() {
    for count in [2, 19, 20, 21, 30, 100, 400] {
        // In no order of their own.
        let keys = (0..count).map(|nth| nth * 7919 % 1009);
        let elements = |name: &str| {
            let element = |key| format!("{name}%5B{key}%5D={key}");
            keys.clone().map(element).collect::<Vec<_>>().join("&")
        };
        let (a, b, nested) = ("a=1", elements("b"), elements("c%5Bx%5D"));
        let hash = hash(&format!("{a}&{b}&{nested}"));
        for sent in [[a, &*b, &nested], [&b, a, &nested], [&b, &nested, a], [&nested, &b, a]] {
            for query in [
                format!("{}&{hash}", sent.join("&")),
                format!("{hash}&{}", sent.join("&")),
                format!("{}&{hash}", sent.join("&").replace("%5B", "[").replace("%5D", "]")),
            ] {
                assert!(verify(&query).is_ok(), "{query}");
            }
        }
        let mut elements: Vec<_> = b.split('&').collect();
        elements.swap(count / 2, count / 2 - 1);
        let query = format!("{}&{a}&{nested}&{hash}", elements.join("&"));
        assert_eq!(verify(&query), Err(Error::Mismatch), "{query}");
    }
}

/// An escape is no byte of a name: `%C3` is more than `A`, and `%` is less.
#[test]
fn names_with_escapes_are_sorted_by_what_they_are() {
    for (first, second) in [
        ("A", "%C3%A9"),
        ("z", "%C3%A9"),
        ("1", "%7E"),
        ("_", "%7E"),
        ("%21", "A"),
        ("%2A", "-"),
        ("-", "%40"),
        ("%40", "A"),
        ("%21", "%7E"),
        ("%25", "%C3%A9"),
        ("a", "a%21"),
        ("a%21", "a-"),
        ("a1", "a%C3%A9"),
        ("%C3%A9", "%C3%A9a"),
        ("%C3%A8", "%C3%A9"),
    ] {
        let text = format!("{first}=1&{second}=2");
        let hash = hash(&text);
        for query in [
            format!("{first}=1&{second}=2&{hash}"),
            format!("{second}=2&{first}=1&{hash}"),
            format!("{second}=2&{hash}&{first}=1"),
            format!("{hash}&{second}=2&{first}=1"),
            format!("{second}=2&{first}=1&{hash}").replace("%C3%A9", "é").replace("%7E", "~"),
        ] {
            let link = verify(&query);
            assert!(link.is_ok_and(|link| link.query().canonical() == text), "{query}");
        }
        // In the other order it is signed by no one.
        let hash = self::hash(&format!("{second}=2&{first}=1"));
        for query in [format!("{second}=2&{first}=1&{hash}"), format!("{hash}&{first}=1&{second}=2")] {
            assert_eq!(verify(&query), Err(Error::Mismatch), "{query}");
        }
    }
}
