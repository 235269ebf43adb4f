//! Laravel's links: what is strict on purpose, and what is read from a link.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use signed_query::{
    Error, Key,
    laravel::{Verifier, sign},
};

const SECRET: &str = "base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const ORIGIN: &str = "https://app.example";
const NOW: u64 = 1_700_000_000;

fn key() -> Key {
    Key::new(SECRET).unwrap()
}

fn absolute() -> Verifier {
    Verifier::absolute(key(), ORIGIN).unwrap()
}

fn relative() -> Verifier {
    Verifier::relative(key())
}

/// The signature of a text, by another implementation of the MAC's shell.
fn signature(text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(text);
    hex::encode(mac.finalize().into_bytes())
}

/// A relative link to a text, with its signature behind it.
fn signed(text: &str) -> String {
    let separator = if text.contains('?') { '&' } else { '?' };
    format!("{text}{separator}signature={}", signature(text))
}

fn refusal(verifier: &Verifier, target: &str) -> Error {
    verifier.verify_at(target, NOW).unwrap_err()
}

#[test]
fn the_key_is_the_text_of_app_key() {
    // As PHP's hash_hmac gives it.
    let link = sign(&key(), "https://app.example/a?b=1", Some(NOW)).unwrap();
    let text = format!("https://app.example/a?b=1&expires={NOW}");
    assert_eq!(link, format!("{text}&signature={}", signature(&text)));
    let decoded = Key::new("0123456789abcdef0123456789abcdef").unwrap();
    let target = link.strip_prefix(ORIGIN).unwrap();
    assert!(absolute().verify_at(target, NOW).is_ok());
    assert_eq!(refusal(&Verifier::absolute(decoded, ORIGIN).unwrap(), target), Error::Mismatch);
}

#[test]
fn a_link_of_either_kind_needs_an_expiry_unless_that_is_allowed() {
    for (verifier, text) in [(absolute(), "https://app.example/a"), (relative(), "/a")] {
        let target = format!("/a?signature={}", signature(text));
        assert_eq!(refusal(&verifier, &target), Error::MissingExpires, "{text}");
        assert!(verifier.allow_unlimited().verify_at(&target, NOW).is_ok(), "{text}");
    }
}

#[test]
fn the_signature_stands_once_and_under_its_own_name() {
    let verifier = relative().allow_unlimited();
    let valid = signature("/a?b=1");
    let cases = [
        (format!("/a?b=1&signature={valid}"), None),
        (format!("/a?signature={valid}&b=1"), None),
        (format!("/a?b=1&signature=%{:02X}{}", valid.as_bytes()[0], &valid[1..]), None),
        ("/a?b=1".into(), Some(Error::MissingSignature)),
        ("/a".into(), Some(Error::MissingSignature)),
        ("/a?b=1&signature".into(), Some(Error::Mismatch)),
        (format!("/a?b=1&signature={}", valid.to_uppercase()), Some(Error::Mismatch)),
        (format!("/a?b=1&signature={valid}0"), Some(Error::Mismatch)),
        (format!("/a?b=1&signature={}", &valid[1..]), Some(Error::Mismatch)),
        (format!("/a?b=1&signature=&signature={valid}"), Some(Error::MalformedSignature)),
        (format!("/a?b=1&signature={valid}&signature={valid}"), Some(Error::MalformedSignature)),
        (format!("/a?signature&b=1&signature={valid}"), Some(Error::MalformedSignature)),
        (signed("/a?b=1&%73ignature=1"), Some(Error::MalformedSignature)),
        (signed("/a?signature[]=1"), Some(Error::MalformedSignature)),
        (signed("/a?b=1") + "&signature[]=1", Some(Error::MalformedSignature)),
        (format!("/a?b=1&%73ignature={valid}"), Some(Error::MissingSignature)),
    ];
    for (target, error) in cases {
        assert_eq!(verifier.verify_at(&target, NOW).err(), error, "{target}");
    }
}

#[test]
fn the_query_is_signed_to_the_byte() {
    let verifier = relative().allow_unlimited();
    for query in ["b=1&c=2", "c=2&b=1", "b=%2f&c=~", "&b=1", "b=1&&c=2", "b=1&", "b=x%20y", "b=*", "b"] {
        assert!(verifier.verify_at(&signed(&format!("/a?{query}")), NOW).is_ok(), "{query}");
    }
    let link = signed("/a?b=1&c=%2f");
    for (from, to) in
        [("b=1&c=%2f", "c=%2f&b=1"), ("%2f", "%2F"), ("b=1", "b=1&"), ("b=1", "b=01"), ("/a", "/b")]
    {
        assert_eq!(refusal(&verifier, &link.replace(from, to)), Error::Mismatch, "{to}");
    }
}

#[test]
fn what_laravel_reads_as_another_target_is_refused() {
    let verifier = relative().allow_unlimited();
    let unlimited = absolute().allow_unlimited();
    // `a=b?` and `a=b` would share a signature.
    assert_eq!(refusal(&verifier, &signed("/a?b=1").replace("b=1", "b=1?")), Error::AmbiguousTarget);
    assert_eq!(refusal(&verifier, &format!("/a??&signature={}", signature("/a"))), Error::AmbiguousTarget);
    for path in ["/index.php", "/index.php/a", "/%69ndex%2Ephp/a", "/index%2ephp", "/index.phpx"] {
        assert_eq!(refusal(&verifier, &signed(path)), Error::AmbiguousTarget, "{path}");
    }
    for path in ["/%68ndex.php", "/index%2fphp/a", "/INDEX.php", "/a/index.php"] {
        assert_eq!(verifier.verify_at(&signed(path), NOW).unwrap().path(), path);
    }
    assert_eq!(refusal(&unlimited, "/index.phpx?signature=0"), Error::AmbiguousTarget);
    assert_eq!(refusal(&unlimited, "/index.php/a?signature=0"), Error::Mismatch);
    assert_eq!(refusal(&unlimited, "/index.php?signature=0"), Error::Mismatch);
    // What no request has.
    for target in ["a", "https://app.example/a", "*", "/a\n", "/a\t\t", "/a\0?signature=0", "/a#\0"] {
        assert_eq!(refusal(&verifier, target), Error::MalformedTarget, "{target:?}");
    }
}

/// No client sends one, and servers cut it off.
#[test]
fn a_fragment_is_no_part_of_the_target() {
    let verifier = relative().allow_unlimited();
    for fragment in ["#", "#b", "##", "#b#c", "#?b=1"] {
        let link = signed("/a?b=1") + fragment;
        assert!(verifier.verify_at(&link, NOW).is_ok(), "{link}");
    }
    assert_eq!(refusal(&verifier, &format!("/a#{}", signed("/a"))), Error::MissingSignature);
}

#[test]
fn the_path_is_the_one_that_was_signed() {
    let verifier = relative().allow_unlimited();
    for target in ["/a%2fb/..", "/a%2fb/../", "/a%2fb/..//", "//a%2fb/.."] {
        let query = format!("?signature={}", signature("/a%2fb/.."));
        let target = format!("{target}{query}");
        assert_eq!(verifier.verify_at(&target, NOW).unwrap().path(), "/a%2fb/..");
    }
    for root in ["/", "//", "/?b=1"] {
        assert_eq!(refusal(&verifier, &signed(root)), Error::Mismatch, "{root}");
    }
    let verifier = absolute().allow_unlimited();
    for (text, target) in
        [(ORIGIN.to_owned(), "/"), (format!("{ORIGIN}//a"), "//a/"), (format!("{ORIGIN}/a"), "/a")]
    {
        let target = format!("{target}?signature={}", signature(&text));
        let path = text.strip_prefix(ORIGIN).unwrap();
        let path = if path.is_empty() { "/" } else { path };
        assert_eq!(verifier.verify_at(&target, NOW).unwrap().path(), path);
    }
    // Some servers leave the slash of the root away.
    let target = format!("?signature={}", signature(ORIGIN));
    assert_eq!(verifier.verify_at(&target, NOW).unwrap().path(), "/");
}

#[test]
fn what_is_ignored_is_read_apart() {
    let verifier = relative().ignoring(["utm_source", "fbclid"]).unwrap();
    let link = signed(&format!("/a?b=1&expires={NOW}"));
    for target in [
        format!("{link}&utm_source=x&fbclid=y"),
        link.replace('?', "?utm_source=x&") + "&fbclid=y",
        link.replace("&expires", "&utm_source=x&fbclid=y&expires"),
        link.replace("&expires", "&utm_source=z&expires") + "&fbclid=y&utm_source=x",
    ] {
        let link = verifier.verify_at(&target, NOW).unwrap();
        assert_eq!(link.query().canonical(), format!("b=1&expires={NOW}"));
        assert_eq!(link.query().unsigned("utm_source").as_deref(), Some("x"), "{target}");
        assert_eq!(link.query().unsigned("fbclid").as_deref(), Some("y"), "{target}");
        assert_eq!(link.query().get("utm_source"), None);
        assert_eq!(link.clone().into_owned(), link);
    }
    // Exactly as it is named: what differs is signed.
    for added in ["utm_source[]=x", "utm%5Fsource=x", "utm_sourcE=x", "xutm_source=x", "utm_source.=x"] {
        assert_eq!(refusal(&verifier, &format!("{link}&{added}")), Error::Mismatch, "{added}");
    }
    let spelled = signed(&format!("/a?utm%5Fsource=signed&expires={NOW}")) + "&utm_source=x";
    let link = verifier.verify_at(&spelled, NOW).unwrap();
    assert_eq!(link.query().get("utm_source").as_deref(), Some("signed"));
    assert_eq!(link.query().unsigned("utm_source").as_deref(), Some("x"));
}

#[test]
fn a_name_that_php_takes_for_another_is_not_ignored() {
    let ignoring = |name: &str| relative().ignoring([name]).map(|_| ());
    for name in ["signature", "expires"] {
        assert!(matches!(ignoring(name), Err(Error::ReservedName { name: reserved }) if reserved == name));
    }
    for name in [
        "a.b", "a b", " a", "a[]", "a[b]", "a[", "%61", "a+b", "a=b", "a&b", "", "10", "1e1", "-1.5", "a\0",
        "\t1", "\n1", "\r-1.5", "\u{B}.5", "1\t", "\t1\n",
    ] {
        assert_eq!(ignoring(name), Err(Error::UnusableName { name: name.into() }));
    }
    for name in ["utm_source", "a-b", "a~b", "é", "a]", "nan", "v2", "_"] {
        assert_eq!(ignoring(name), Ok(()), "{name}");
    }
}

#[test]
fn an_origin_is_normalised_once() {
    let link = sign(&key(), "HTTPS://App.Example:443/a", Some(NOW)).unwrap();
    let target = link.strip_prefix(ORIGIN).unwrap();
    for origin in [ORIGIN, "HTTPS://APP.EXAMPLE", "https://app.example:443"] {
        assert!(Verifier::absolute(key(), origin).unwrap().verify_at(target, NOW).is_ok(), "{origin}");
    }
    for origin in ["http://[::]", "http://[::1]", "http://[2001:db8::1]"] {
        let link = sign(&key(), &format!("{origin}:80/a"), Some(NOW)).unwrap();
        let target = link.strip_prefix(origin).unwrap();
        for origin in [origin, &format!("{origin}:80")] {
            assert!(Verifier::absolute(key(), origin).unwrap().verify_at(target, NOW).is_ok(), "{origin}");
        }
        let other = Verifier::absolute(key(), &format!("{origin}:81")).unwrap();
        assert_eq!(refusal(&other, target), Error::Mismatch, "{origin}");
    }
    for origin in
        ["http://app.example", "https://app.example:8443", "https://example", "https://app.example."]
    {
        assert_eq!(refusal(&Verifier::absolute(key(), origin).unwrap(), target), Error::Mismatch, "{origin}");
    }
    for origin in [
        "",
        "app.example",
        "//app.example",
        "ftp://app.example",
        "https://",
        "https://app.example/",
        "https://app.example/a",
        "https://u:p@app.example",
        "https://app.example:",
        "https://app.example:0",
        "https://app.example:0443",
        "https://app.example:65536",
        "https://app.example:44x",
        "https://bücher.example",
        "https://a..b",
        "https://.a",
        "https://[::1",
        "https://[::g]",
        "https://::1",
        "https://a b",
        "https://app.example?b",
        "https://app.example#b",
        "https://a%41",
        "https://[::1]a",
        "https://app.example:443:443",
    ] {
        let verifier = Verifier::absolute(key(), origin);
        assert_eq!(verifier.map(|_| ()), Err(Error::MalformedOrigin), "{origin}");
    }
}

#[test]
fn nothing_is_signed_that_laravel_would_not_accept_back() {
    let signs = |url: &str| sign(&key(), url, Some(NOW));
    let unescaped = "spaces, control characters and all that is not ASCII must be escaped";
    let without_origin = "it begins with neither an origin nor `/`";
    for (url, why) in [
        ("https://app.example/a/", "Laravel drops a slash at the end of a path"),
        ("https://app.example/", "Laravel drops a slash at the end of a path"),
        ("/a//", "Laravel drops a slash at the end of a path"),
        ("https://app.example/a?", "Laravel drops a `?` at the end"),
        ("https://app.example/a?b=1?", "Laravel drops a `?` at the end"),
        ("https://app.example/a#b", "it has a fragment, which no server sees"),
        ("https://app.example/a b", unescaped),
        ("https://app.example/é", unescaped),
        ("https://app.example/a\t", unescaped),
        ("https://app.example/a?&b=1", "Laravel 8 drops an `&` before the parameters"),
        ("/", "Laravel does not verify a relative link to the root"),
        ("/?b=1", "Laravel does not verify a relative link to the root"),
        ("//app.example/a", "Laravel drops all slashes but one at the start of a relative path"),
        ("", without_origin),
        ("a", without_origin),
        ("mailto:a", without_origin),
        ("/index.php/a", "Laravel removes `/index.php` from a path"),
    ] {
        assert_eq!(signs(url), Err(Error::UnsignableUrl { why }), "{url}");
    }
    for url in [
        "https://u@app.example/a",
        "https://app.example:0443/a",
        "https://app.example:/a",
        "ftp://app.example/a",
    ] {
        assert_eq!(signs(url), Err(Error::MalformedOrigin), "{url}");
    }
    for name in ["signature", "%73ignature", "+signature", "signature%00", "signature[]", "signature[a"] {
        let reserved =
            if name == "signature[a" { Ok(()) } else { Err(Error::ReservedName { name: "signature" }) };
        assert_eq!(signs(&format!("/a?{name}=1")).map(|_| ()), reserved, "{name}");
    }
    assert_eq!(signs("/a?expires[b]=1"), Err(Error::ReservedName { name: "expires" }));
    assert_eq!(signs("/a?[b]=1"), Err(Error::DroppedName { name: "[b]".into() }));
    let many = |count| "b&".repeat(count) + "b";
    assert!(relative().verify_at(&signs(&format!("/a?{}", many(997))).unwrap(), NOW).is_ok());
    assert_eq!(signs(&format!("/a?{}", many(998))), Err(Error::TooManyParameters));
}
