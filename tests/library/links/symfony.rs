//! Symfony's links: what is strict on purpose, and what is read from a link.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use signed_query::{
    Error, Key,
    symfony::{Alphabet, Verifier, sign},
};

const SECRET: &str = "ThisTokenIsNotSoSecretChangeIt";
const ORIGIN: &str = "https://app.example";
const NOW: u64 = 1_700_000_000;

fn key() -> Key {
    Key::new(SECRET).unwrap()
}

fn verifier() -> Verifier {
    Verifier::absolute(key(), ORIGIN).unwrap()
}

/// The MAC of what stands behind the origin.
fn mac(target: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.chain_update(ORIGIN).chain_update(target).finalize().into_bytes().to_vec()
}

fn hash(target: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(mac(target))
}

/// A target with its hash behind it.
fn signed(target: &str) -> String {
    let separator = if target.contains('?') { '&' } else { '?' };
    format!("{target}{separator}_hash={}", hash(target))
}

fn refusal(verifier: &Verifier, target: &str) -> Error {
    verifier.verify_at(target, NOW).unwrap_err()
}

/// `/index.php` would have the signature of `/index.php/`.
#[test]
fn a_path_that_symfony_reads_as_another_is_refused() {
    let verifier = verifier().allow_unlimited();
    for path in ["/index.php", "/%69ndex%2Ephp", "/index%2ephp", "/index.phpx"] {
        assert_eq!(refusal(&verifier, &signed(path)), Error::AmbiguousTarget, "{path}");
    }
    for path in ["/index.php/a", "/%68ndex.php", "/index%2fphp", "/INDEX.php", "/index.ph"] {
        assert_eq!(verifier.verify_at(&signed(path), NOW).unwrap().path(), path);
    }
}

#[test]
fn the_two_forms_of_a_hash_are_taken_and_no_other() {
    let verifier = verifier().allow_unlimited();
    // A text whose hash has every character that the two alphabets write otherwise.
    let target = (0..).map(|nth| format!("/a?b={nth}"));
    let mut odd = target.filter(|target| BASE64_STANDARD.encode(mac(target)).contains('+'));
    let target = odd.find(|target| BASE64_STANDARD.encode(mac(target)).contains('/')).unwrap();
    let standard = BASE64_STANDARD.encode(mac(&target));
    let url_safe = hash(&target);
    let escaped = |text: &str| text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    for valid in [escaped(&standard), standard.replace('+', "%2b"), url_safe.clone()] {
        assert!(verifier.verify_at(&format!("{target}&_hash={valid}"), NOW).is_ok(), "{valid}");
    }
    for bad in [
        standard.clone(),
        escaped(standard.trim_end_matches('=')),
        url_safe.clone() + "=",
        url_safe.clone() + "==",
        url_safe.to_lowercase(),
        url_safe[1..].to_owned(),
        hex::encode(mac(&target)),
        String::new(),
        "0".to_owned(),
    ] {
        assert_eq!(refusal(&verifier, &format!("{target}&_hash={bad}")), Error::Mismatch, "{bad}");
    }
    // The last character of 43 has two spare bits.
    let last = url_safe.chars().last().unwrap();
    for other in
        ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['-', '_']).filter(|other| *other != last)
    {
        let bad = format!("{}{other}", &url_safe[..42]);
        assert_eq!(refusal(&verifier, &format!("{target}&_hash={bad}")), Error::Mismatch, "{bad}");
    }
}

#[test]
fn the_last_hash_counts_in_whatever_spelling() {
    let verifier = verifier().allow_unlimited();
    let valid = hash("/a?b=1");
    for query in [
        format!("b=1&_hash={valid}"),
        format!("_hash={valid}&b=1"),
        format!("_hash=x&b=1&_hash={valid}"),
        format!("_hash[]=x&b=1&_hash={valid}"),
        format!("b=1&%5fhash={valid}"),
        format!("b=1&.hash={valid}"),
        format!("b=1&%20_hash={valid}"),
    ] {
        assert!(verifier.verify_at(&format!("/a?{query}"), NOW).is_ok(), "{query}");
    }
    for (query, error) in [
        (format!("_hash={valid}&b=1&_hash=x"), Error::Mismatch),
        (format!("_hash={valid}&b=1&%5fhash=x"), Error::Mismatch),
        (format!("b=1&_hash={valid}&_hash[]=x"), Error::MalformedSignature),
        ("b=1".to_owned(), Error::MissingSignature),
        (String::new(), Error::MissingSignature),
    ] {
        assert_eq!(refusal(&verifier, &format!("/a?{query}")), error, "{query}");
    }
}

#[test]
fn outermost_names_are_sorted_by_the_bytes_of_the_decoded_ones() {
    let verifier = verifier().allow_unlimited();
    let sorted =
        "/a?10=1&9=2&A=3&_=4&a=5&aa=6&b%5B10%5D=7&b%5B9%5D=8&b%5Ba%5D=9&z%7E=10&z%C3%A9=11&%7E=12&%C3%A9=13";
    let hash = hash(sorted);
    let (_, query) = sorted.split_once('?').unwrap();
    let mut parameters: Vec<_> = query.split('&').collect();
    for turn in 0..parameters.len() {
        parameters.rotate_left(turn);
        // The elements of an array keep their order.
        let elements = parameters.iter().filter(|parameter| parameter.starts_with('b'));
        let is_in_order = elements.is_sorted_by_key(|element| query.find(*element));
        let target = format!("/a?_hash={hash}&{}", parameters.join("&"));
        let verified = verifier.verify_at(&target, NOW);
        assert_eq!(verified.is_ok(), is_in_order, "{target}");
        if let Ok(link) = verified {
            assert_eq!(link.query().canonical(), query);
        }
    }
}

#[test]
fn a_query_may_be_encoded_otherwise_and_a_path_may_not() {
    let verifier = verifier().allow_unlimited();
    let link = signed("/a%2Fb?q=caf%C3%A9+x");
    for (from, to) in
        [("%C3%A9", "%c3%a9"), ("+", "%20"), ("q=", "q=evil&q="), ("q=", "&&q="), ("q=", "%71=")]
    {
        let link = link.replace(from, to);
        let verified = verifier.verify_at(&link, NOW).unwrap();
        assert_eq!(verified.query().get("q").as_deref(), Some("café x"), "{link}");
        assert_eq!(verified.path(), "/a%2Fb");
    }
    for (from, to) in [("%2F", "%2f"), ("/a", "/%61"), ("/a", "//a"), ("b?", "b/?"), ("+", "")] {
        assert_eq!(refusal(&verifier, &link.replace(from, to)), Error::Mismatch, "{to}");
    }
}

#[test]
fn the_names_of_hash_and_expiry_can_be_set() {
    let verifier = verifier().parameters("h", "until").unwrap();
    let target = format!("/a?_hash=1&until={NOW}");
    let link = format!("{target}&h={}", hash(&target));
    assert_eq!(verifier.verify_at(&link, NOW - 1).unwrap().query().get("_hash").as_deref(), Some("1"));
    assert_eq!(refusal(&verifier, &signed("/a")), Error::MissingSignature);
    // As they stand in a query.
    let verifier = self::verifier().parameters("é", "a~b").unwrap();
    let target = format!("/a?a%7Eb={NOW}");
    let link = format!("{target}&%C3%A9={}", hash(&target));
    assert_eq!(verifier.verify_at(&link, NOW - 1).unwrap().query().expires(), NOW - 1);
    assert_eq!(refusal(&verifier, &link), Error::Expired { expires: NOW - 1, now: NOW });
    for (hash, expiration, bad) in
        [("a.b", "c", "a.b"), ("a", "c[]", "c[]"), ("", "c", ""), ("a", "a", "a"), ("a", "b c", "b c")]
    {
        let verifier = self::verifier().parameters(hash, expiration);
        assert_eq!(verifier.map(|_| ()), Err(Error::UnusableName { name: bad.into() }));
    }
}

#[test]
fn a_link_is_of_one_origin() {
    let link = sign(&key(), "HTTPS://App.Example:443/a?b=1", Some(NOW), Alphabet::UrlSafe).unwrap();
    let target = link.strip_prefix(ORIGIN).unwrap();
    assert!(verifier().verify_at(target, 0).is_ok());
    for origin in ["http://app.example", "https://app.example:8443", "https://example"] {
        assert_eq!(refusal(&Verifier::absolute(key(), origin).unwrap(), target), Error::Mismatch);
    }
    assert_eq!(Verifier::absolute(key(), "app.example").map(|_| ()), Err(Error::MalformedOrigin));
    let other = Key::new("another").unwrap();
    assert_eq!(refusal(&Verifier::absolute(other.clone(), ORIGIN).unwrap(), target), Error::Mismatch);
    assert!(Verifier::absolute(other, ORIGIN).unwrap().or_key(key()).verify_at(target, 0).is_ok());
}

#[test]
fn a_signed_link_is_sorted_and_written_as_symfony_writes_it() {
    let signs = |url: &str, expires, alphabet| sign(&key(), url, expires, alphabet).unwrap();
    let target = "/?_expiration=1700000000&a=%2A&b%5B0%5D=";
    let standard = BASE64_STANDARD.encode(mac(target)).replace('+', "%2B").replace('/', "%2F");
    let written = target.replace("&a=", &format!("&_hash={}&a=", standard.replace('=', "%3D")));
    assert_eq!(
        signs("https://app.example?b[]=&a=*", Some(NOW), Alphabet::Standard),
        format!("{ORIGIN}{written}")
    );
    let written = format!("{ORIGIN}/a?_hash={}", hash("/a"));
    assert_eq!(signs("https://app.example/a", None, Alphabet::UrlSafe), written);
    assert_eq!(signs("https://app.example/a?", None, Alphabet::UrlSafe), written);
}

#[test]
fn nothing_is_signed_that_symfony_would_not_accept_back() {
    let signs = |url: &str| sign(&key(), url, Some(NOW), Alphabet::UrlSafe);
    let unescaped = "spaces, control characters and all that is not ASCII must be escaped";
    for (url, why) in [
        ("https://app.example/a#b", "it has a fragment, which no server sees"),
        ("https://app.example/a b", unescaped),
        ("https://app.example/é", unescaped),
        ("mailto:a", "it begins with neither an origin nor `/`"),
        ("https://app.example/index.php", "Symfony adds a slash after `/index.php`"),
    ] {
        assert_eq!(signs(url), Err(Error::UnsignableUrl { why }), "{url}");
    }
    for url in [
        "/a",
        "//app.example/a",
        "https://u:p@app.example/a",
        "https://app.example:08080/a",
        "https://app.example:/a",
        "ftp://a/b",
    ] {
        assert_eq!(signs(url), Err(Error::MalformedOrigin), "{url}");
    }
    for name in ["_hash", "%5Fhash", ".hash", "+_hash", "_hash[]", "_hash%00"] {
        assert_eq!(
            signs(&format!("https://a/?{name}=1")),
            Err(Error::ReservedName { name: "_hash" }),
            "{name}"
        );
    }
    assert_eq!(signs("https://a/?_expiration=1"), Err(Error::ReservedName { name: "_expiration" }));
    assert_eq!(signs("https://a/?[b]=1"), Err(Error::DroppedName { name: "[b]".into() }));
    let many = |count: usize| (0..count).map(|nth| format!("b{nth}&")).collect::<String>();
    assert!(signs(&format!("https://a/?{}", many(998))).is_ok());
    assert_eq!(signs(&format!("https://a/?{}", many(999))), Err(Error::TooManyParameters));
}
