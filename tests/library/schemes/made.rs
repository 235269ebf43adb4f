//! What no `Scheme` can be made of.

use std::time::Duration;

use signed_query::{Error, Scheme};

const MINUTE: Duration = Duration::from_secs(60);

fn scheme() -> Scheme {
    Scheme::new("hash").unwrap()
}

fn unusable(name: &str) -> Error {
    Error::UnusableName { name: name.into() }
}

/// The error of what can't be made.
fn error(made: Result<Scheme, Error>) -> Error {
    let error = made.unwrap_err();
    assert_eq!(error.status(), 500, "{error}");
    error
}

#[test]
fn a_name_is_one_that_php_reads_as_it_is() {
    let odd = ["", "a.b", "a b", " a", "a[b]", "a[]", "[", "[a]", "a[b", "a\0", "\0", "..Host-a", "a [b]"];
    for name in odd {
        assert_eq!(error(Scheme::new(name)), unusable(name));
        assert_eq!(error(scheme().expires(name)), unusable(name));
        assert_eq!(error(scheme().issued_at(name, MINUTE)), unusable(name));
        if !name.is_empty() {
            assert_eq!(error(scheme().only_prefix(name)), unusable(name));
        }
    }
    for name in ["a", "é", "a-b", "a~", "A%", "a+b", "a/b", "a=b&c", "_", "0x1A", "__Host-a", "日"] {
        assert!(Scheme::new(name).is_ok(), "{name}");
        assert!(scheme().expires(name).and_then(|scheme| scheme.only([name])).is_ok(), "{name}");
        assert!(scheme().only_prefix(name).is_ok(), "{name}");
    }
}

#[test]
fn a_scheme_that_signs_nothing_is_an_error() {
    assert_eq!(error(scheme().only([""; 0])), Error::NothingSigned);
    assert_eq!(error(scheme().only(["a"]).unwrap().only(Vec::<String>::new())), Error::NothingSigned);
    assert_eq!(error(scheme().only_prefix("")), Error::EmptyPrefix);
}

#[test]
fn a_name_has_one_use() {
    for name in ["hash", "é~"] {
        let scheme = || Scheme::new(name).unwrap();
        assert_eq!(error(scheme().expires(name)), unusable(name));
        assert_eq!(error(scheme().issued_at(name, MINUTE)), unusable(name));
        assert_eq!(error(scheme().only_prefix(name).unwrap().expires(name)), unusable(name));
    }
    assert_eq!(error(scheme().only(["a", "b", "a"])), unusable("a"));
    // PHP has taken the signature out before it looks at what is signed.
    assert!(Scheme::default().only(["expires", "sig"]).is_ok());
    // But that alone leaves nothing to sign, and so do names that do not start as they should.
    assert_eq!(error(scheme().only(["hash"])), Error::NothingSigned);
    assert_eq!(error(scheme().only(["a"]).unwrap().only_prefix("b")), Error::NothingSigned);
    assert_eq!(error(scheme().only_prefix("b").unwrap().only(["a", "c"])), Error::NothingSigned);
    assert!(scheme().only_prefix("b").unwrap().only(["a", "b"]).is_ok());
    // Another spelling is another name.
    assert!(scheme().expires("Hash").unwrap().only(["HASH", "Hash"]).is_ok());
}

#[test]
fn a_scheme_has_one_time() {
    let expires = || scheme().expires("exp").unwrap();
    let issued = || scheme().issued_at("ts", MINUTE).unwrap();
    for made in [
        expires().expires("exp"),
        expires().expires("other"),
        expires().issued_at("ts", MINUTE),
        issued().issued_at("ts", MINUTE),
        issued().expires("exp"),
        Scheme::default().expires("expires"),
        Scheme::default().issued_at("ts", MINUTE),
    ] {
        assert_eq!(error(made), Error::SecondTime);
    }
}

#[test]
fn a_time_is_signed_in_whichever_order_a_scheme_is_made() {
    let not_signed = |name: &str| Error::TimeNotSigned { name: name.into() };
    let expires = || scheme().expires("exp~").unwrap();
    assert_eq!(error(expires().only(["a"])), not_signed("exp~"));
    assert_eq!(error(scheme().only(["a"]).unwrap().expires("exp~")), not_signed("exp~"));
    assert_eq!(error(expires().only_prefix("a")), not_signed("exp~"));
    assert_eq!(error(expires().only_prefix("exp~s")), not_signed("exp~"));
    assert_eq!(error(scheme().only_prefix("a").unwrap().expires("exp~")), not_signed("exp~"));
    assert_eq!(error(scheme().only_prefix("a").unwrap().issued_at("ts", MINUTE)), not_signed("ts"));
    assert_eq!(error(Scheme::default().only(["q"])), not_signed("expires"));
    // Both of them allow it, or it is not signed.
    assert_eq!(error(expires().only(["exp~"]).unwrap().only_prefix("a")), not_signed("exp~"));
    assert_eq!(error(expires().only_prefix("e").unwrap().only(["e"])), not_signed("exp~"));
    let both = scheme().only(["exp~", "a"]).unwrap().only_prefix("exp~").unwrap();
    assert!(both.expires("exp~").is_ok());
    // Called again, each replaces what it said before.
    assert!(scheme().only(["a"]).unwrap().only(["b", "exp~"]).unwrap().expires("exp~").is_ok());
    assert!(scheme().only_prefix("a").unwrap().only_prefix("ex").unwrap().expires("exp~").is_ok());
}
