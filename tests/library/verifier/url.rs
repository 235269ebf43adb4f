//! Whole URLs: what is signed in them, and what is verified.

use crate::common::example::{EXAMPLE, EXPIRES, key, verifier};
use signed_query::Error;

/// What may stand in front of a query, and behind it.
const AROUND: [(&str, &str); 11] = [
    ("", ""),
    ("/", ""),
    ("/search", "#top"),
    ("search", ""),
    ("//crm.example", ""),
    ("https://crm.example", ""),
    ("https://crm.example/a/b", "#f?x=1#g"),
    ("https://crm.example:8443/a%3Fb", "#?q=evil"),
    ("https://user:pass@crm.example/?", ""),
    ("/größe", "#größe"),
    ("mailto:a@b", "#"),
];

#[test]
fn the_query_of_a_url_is_verified_and_nothing_else_of_it() {
    for (front, fragment) in AROUND.into_iter().filter(|(front, _)| !front.ends_with('?')) {
        let url = format!("{front}?{EXAMPLE}{fragment}");
        let query = verifier().verify_url_at(&url, EXPIRES).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(query, verifier().verify_at(EXAMPLE, EXPIRES).unwrap(), "{url}");
        let late = Err(Error::Expired { expires: EXPIRES, now: EXPIRES + 1 });
        assert_eq!(verifier().verify_url_at(&url, EXPIRES + 1), late);
        let forged = url.replace("q=red", "q=evil");
        assert_eq!(verifier().verify_url_at(&forged, EXPIRES), Err(Error::Mismatch));
    }
}

#[test]
fn what_sign_url_gives_verify_url_takes() {
    for (front, fragment) in AROUND {
        for query in ["", "?", "?q=red", "?a.b=1&q=caf%c3%a9", "?a[]=1&a[]=2&q=?/:"] {
            let url = key().sign_url(&format!("{front}{query}{fragment}"), EXPIRES).unwrap();
            let verified = verifier().verify_url_at(&url, EXPIRES);
            assert!(verified.is_ok(), "{url}: {verified:?}");
        }
    }
}

/// The first `?` in front of the first `#` begins the query.
#[test]
fn a_question_mark_belongs_to_the_query_or_the_fragment() {
    let url = key().sign_url("/a?b?c=d?e", EXPIRES).unwrap();
    assert_eq!(verifier().verify_url_at(&url, EXPIRES).unwrap().get("b?c"), Some("d?e".into()));
    let in_fragment = format!("/a#b?{EXAMPLE}");
    assert_eq!(verifier().verify_url_at(&in_fragment, EXPIRES), Err(Error::MissingSignature));
    let cut = EXAMPLE.replace("&sig", "#&sig");
    assert_eq!(verifier().verify_url_at(&format!("/?{cut}"), EXPIRES), Err(Error::MissingSignature));
}

/// A raw one in the query is part of a name or a value: what stands in front of it is
/// read, too.
#[test]
fn a_later_question_mark_does_not_begin_the_query() {
    for front in ["x=evil?", "q=red?", "?", "x?", "a=1&b?"] {
        let url = format!("/search?{front}{EXAMPLE}");
        assert_eq!(verifier().verify_url_at(&url, EXPIRES), Err(Error::Mismatch), "{url}");
    }
    for (sent, written) in
        [("x=evil?q=red", "x=evil%3Fq%3Dred"), ("?x?=1?", "%3Fx%3F=1%3F"), ("x=?", "x=%3F")]
    {
        let raw = key().sign_url(&format!("/?{sent}"), EXPIRES).unwrap();
        assert!(raw.starts_with(&format!("/?{written}&expires=")), "{raw}");
        let url = raw.replace(written, sent);
        assert!(verifier().verify_url_at(&url, EXPIRES).is_ok(), "{url}");
        // What is behind it is no query of its own.
        let behind = format!("{sent}?{EXAMPLE}");
        assert_eq!(
            verifier().verify_url_at(&format!("/?{behind}"), EXPIRES),
            Err(Error::Mismatch),
            "{behind}"
        );
    }
}

#[test]
fn a_url_without_a_query_is_not_signed() {
    for url in ["", "/", "https://crm.example/search", EXAMPLE, "/?", "?", "#", "#?", "/search#q=red"] {
        assert_eq!(verifier().verify_url_at(url, EXPIRES), Err(Error::MissingSignature), "{url}");
    }
}

/// A whole URL in the place of a query says that it does not match, since its first
/// name is another; the error's text says what else that may be.
#[test]
fn a_url_is_no_query() {
    assert_eq!(verifier().verify_at(&format!("/search?{EXAMPLE}"), EXPIRES), Err(Error::Mismatch));
}
