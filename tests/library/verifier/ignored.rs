//! Parameters that are left out of the signature.

use crate::common::example::{EXAMPLE, EXPIRES, signed, verifier};
use signed_query::{Error, UNSIGNED_BY_PLATFORM};

#[test]
fn ignored_parameters_are_read_as_unsigned_and_only_so() {
    let verifier = verifier().ignoring(["note", "a_b", "5"]).unwrap();
    let verifier = verifier.ignoring([String::from("other")]).unwrap();
    let ways = [
        format!("{}&note=h%C3%A9&other=2", signed("id=1")),
        format!("note=x&{}&other=2&note=hé", signed("id=1")),
        format!("{}&note=h%C3%A9&a.b=3&5=4&other=2", signed("id=1")),
    ];
    for raw in ways {
        let query = verifier.verify_at(&raw, EXPIRES).unwrap();
        assert_eq!(query.unsigned("note"), Some("hé".into()), "{raw}");
        assert_eq!(query.unsigned("other"), Some("2".into()));
        assert_eq!((query.get("note"), query.get_bytes("note"), query.unsigned("id")), (None, None, None));
        assert_eq!(query.iter().map(|(name, _)| name.into_owned()).collect::<Vec<_>>(), ["id", "expires"]);
        assert_eq!(query.canonical(), "id=1&expires=1500472622");
    }
    let raw = format!("{}&note[x]=1&note[]=2", signed("id=1"));
    let query = verifier.verify_at(&raw, EXPIRES).unwrap();
    assert_eq!((query.unsigned("note[x]"), query.unsigned("note[0]")), (Some("1".into()), Some("2".into())));
    assert_eq!(query.unsigned("note"), None);
}

#[test]
fn sig_and_expires_can_not_be_ignored() {
    for name in ["sig", "expires"] {
        assert_eq!(verifier().ignoring([name]).unwrap_err(), Error::ReservedName { name });
        assert_eq!(verifier().ignoring(["q", name]).unwrap_err(), Error::ReservedName { name });
    }
}

/// The names as the platform's own integrations have them, and no others.
#[test]
fn the_names_that_the_platform_adds_after_signing_can_be_ignored() {
    let names = [
        "message_social_network_type",
        "message_social_network_id",
        "message_author_social_network_id",
        "message_sentiment",
        "message_language_code",
        "message_socialsignin_id",
        "message_socialsignin_url",
        "message_author_socialsignin_id",
    ];
    assert_eq!(UNSIGNED_BY_PLATFORM, names);
    let added: String = names.iter().map(|name| format!("&{name}=1")).collect();
    let raw = signed("id=1") + &added;
    let query = verifier().ignoring(UNSIGNED_BY_PLATFORM).unwrap().verify_at(&raw, EXPIRES).unwrap();
    for name in names {
        assert_eq!((query.unsigned(name), query.get(name)), (Some("1".into()), None));
    }
    assert_eq!(verifier().verify_at(&raw, EXPIRES), Err(Error::Mismatch));
}

/// A name is the decoded one, as PHP has it, and stands in a query in several ways.
#[test]
fn an_ignored_name_may_have_escapes() {
    let verifier = verifier().ignoring(["größe", "a+b", "50%", "a&b", "a=b", "a~b"]).unwrap();
    for (sent, name) in [
        ("gr%C3%B6%C3%9Fe", "größe"),
        ("gr%c3%b6%c3%9fe", "größe"),
        ("größe", "größe"),
        ("%67röße", "größe"),
        ("a%2Bb", "a+b"),
        ("a%2bb", "a+b"),
        ("50%25", "50%"),
        ("50%", "50%"),
        ("a%26b", "a&b"),
        ("a%3Db", "a=b"),
        ("a%7Eb", "a~b"),
        ("a~b", "a~b"),
    ] {
        for raw in
            [format!("{}&{sent}=x+y", signed("id=1")), format!("{sent}=old&{sent}=x y&{}", signed("id=1"))]
        {
            let query = verifier.verify_at(&raw, EXPIRES).unwrap_or_else(|error| panic!("{raw}: {error}"));
            assert_eq!((query.unsigned(name), query.get(name)), (Some("x y".into()), None), "{raw}");
            assert_eq!(query.canonical(), "id=1&expires=1500472622");
        }
        let raw = format!("{}&{sent}[x][]=1", signed("id=1"));
        assert_eq!(
            verifier.verify_at(&raw, EXPIRES).unwrap().unsigned(&format!("{name}[x][0]")),
            Some("1".into())
        );
    }
    // To PHP no name has a space; and what is escaped twice is another name.
    for sent in [
        "a+b",
        "a%20b",
        "a b",
        "a_b",
        "gr%25C3%25B6%25C3%259Fe",
        "gr%C3%B6%C3e",
        "GR%C3%B6%C3%9FE",
        "a%252Bb",
    ] {
        let raw = format!("{}&{sent}=1", signed("id=1"));
        assert_eq!(verifier.verify_at(&raw, EXPIRES), Err(Error::Mismatch), "{sent}");
    }
}

/// They would do nothing, and whoever gives them expects that they do something.
#[test]
fn names_that_php_never_has_can_not_be_ignored() {
    for name in ["a.b", "a[b]", "", "a b", " a", "a\0b", "a[", "[a]", "a[]", "."] {
        let error = Error::UnusableName { name: name.into() };
        assert_eq!(verifier().ignoring(["valid", name]).unwrap_err(), error);
        if !name.is_empty() {
            assert_eq!(verifier().ignoring_prefixes(["valid", name]).unwrap_err(), error);
        }
    }
    for name in ["a]", "__Host-a", "5", "\t1"] {
        assert!(verifier().ignoring([name]).is_ok(), "{name:?}");
    }
}

#[test]
fn a_prefix_stands_for_all_names_that_start_so() {
    let verifier = verifier().ignoring_prefixes(["utm_", "größe"]).unwrap();
    let verifier = verifier.ignoring_prefixes([String::from("x-")]).unwrap();
    let ignored = [
        "utm_source",
        "utm_",
        "utm.source",
        "utm%5Fsource",
        "%75tm_source",
        "utm+source",
        "x-1",
        "größe",
        "größer",
        "gr%C3%B6%C3%9Fe2",
        "gr%c3%b6%c3%9fe",
        "utm_%2A",
    ];
    for sent in ignored {
        for raw in
            [format!("{}&{sent}=1", signed("id=1")), format!("{sent}[a][]=1&{}&{sent}=2", signed("id=1"))]
        {
            let query = verifier.verify_at(&raw, EXPIRES).unwrap_or_else(|error| panic!("{raw}: {error}"));
            assert_eq!(query.canonical(), "id=1&expires=1500472622");
        }
    }
    let raw = signed("id=1") + "&utm_source=mail&utm.medium=a+b&utm_tags[]=1&x-1=2";
    let query = verifier.verify_at(&raw, EXPIRES).unwrap();
    assert_eq!(query.unsigned("utm_source"), Some("mail".into()));
    assert_eq!(query.unsigned("utm_medium"), Some("a b".into()));
    assert_eq!(query.unsigned("utm_tags[0]"), Some("1".into()));
    assert_eq!((query.get("utm_source"), query.values("utm_tags").count()), (None, 0));

    for sent in [
        "utm",
        "ut",
        "UTM_source",
        "autm_",
        "a[utm_source]",
        "x",
        "gr%C3%B6%C3%9F",
        "gr%C3%B6e",
        "+utm",
        "utm%255F",
    ] {
        let raw = format!("{}&{sent}=1", signed("id=1"));
        assert_eq!(verifier.verify_at(&raw, EXPIRES), Err(Error::Mismatch), "{sent}");
    }
    // What was signed with such a name does not verify: it is left out here.
    assert_eq!(verifier.verify_at(&signed("utm_source=1"), EXPIRES), Err(Error::Mismatch));
}

#[test]
fn no_prefix_reaches_the_signature_or_the_expiry() {
    for starts in [&["s", "e"][..], &["sig", "expires"], &["si", "exp"]] {
        let verifier = verifier().ignoring_prefixes(starts).unwrap();
        assert!(verifier.verify_at(EXAMPLE, EXPIRES).is_ok(), "{starts:?}");
        assert!(
            verifier.verify_at(&EXAMPLE.replace("expires=1", "expires=2"), EXPIRES).is_err(),
            "{starts:?}"
        );
        let late = Err(Error::Expired { expires: EXPIRES, now: EXPIRES + 1 });
        assert_eq!(verifier.verify_at(EXAMPLE, EXPIRES + 1), late, "{starts:?}");
        assert_eq!(verifier.verify_at("q=red&expires=1500472622", EXPIRES), Err(Error::MissingSignature));
        let raw = format!("{EXAMPLE}&signature=1&expiry=2");
        let expected = if starts.contains(&"expires") { Err(Error::Mismatch) } else { Ok(()) };
        assert_eq!(verifier.verify_at(&raw, EXPIRES).map(drop), expected, "{starts:?}");
    }
}

#[test]
fn an_empty_prefix_is_an_error() {
    for starts in [&[""][..], &["utm_", ""]] {
        assert_eq!(verifier().ignoring_prefixes(starts).unwrap_err(), Error::EmptyPrefix);
    }
    let none: [&str; 0] = [];
    let verifier = verifier().ignoring_prefixes(none).unwrap().ignoring(none).unwrap();
    assert!(verifier.verify_at(EXAMPLE, EXPIRES).is_ok());
}

/// Whatever it looks like: to PHP the query ends there.
#[test]
fn what_follows_a_nul_in_an_unsigned_value_is_not_read() {
    let verifier = verifier().ignoring(["note"]).unwrap();
    for unsigned in ["", "&note=a", "&note=", "&note[]=b"] {
        for behind in ["more=1", "&more=1", "q=evil", "note=c", "&sig=x", "expires=1", "x"] {
            let raw = format!("{EXAMPLE}{unsigned}\0{behind}");
            let query = verifier.verify_at(&raw, EXPIRES).unwrap_or_else(|error| panic!("{raw:?}: {error}"));
            assert_eq!(query.canonical(), "q=red&expires=1500472622", "{raw:?}");
            assert_ne!(query.unsigned("note").as_deref(), Some("c"), "{raw:?}");
        }
    }
}
