//! The platform's published request, and what is signed for the platform.

use crate::common::example::{EXAMPLE, EXPIRES, key, verifier};
use signed_query::Error;

#[test]
fn the_published_request_is_valid_until_it_expires() {
    for now in [0, EXPIRES - 1, EXPIRES] {
        assert_eq!(verifier().verify_at(EXAMPLE, now).unwrap().get("q"), Some("red".into()));
    }
    let late = Err(Error::Expired { expires: EXPIRES, now: EXPIRES + 1 });
    assert_eq!(verifier().verify_at(EXAMPLE, EXPIRES + 1), late);
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
