//! How a signature is written, by which hash, and that it is read in that one way alone.
//! The MACs are PHP's.

use signed_query::{
    Error, Key, Scheme, Writing, laravel, symfony,
    webhook::{HASH_HEADER, HOOK_ID_HEADER, Receiver},
};

const NOW: u64 = 1_800_000_000;

/// `hash_hmac('sha256', 'a=0', 'secret')`.
const SHA256: &str = "f594901e74e42cb298f5870b5db8e075bb808fe437d7f557d6751a5300983b54";
const SHA256_BASE64: &str = "9ZSQHnTkLLKY9YcLXbjgdbuAj+Q31/VX1nUaUwCYO1Q=";
const SHA512: &str = "4cee1f97777f65e9a3691c8a026d381928331042c91e3f1de570e578e5288083\
                      602563e6e748e4cbc73d763f940f4ae82bd11c4bb880e132d20f0a6368fbdbd2";
const SHA512_BASE64: &str =
    "TO4fl3d/ZemjaRyKAm04GSgzEELJHj8d5XDleOUogINgJWPm50jky8c9dj+UD0roK9EcS7iA4TLSDwpjaPvb0g==";
/// `hash_hmac('sha512', '/a', 'secret')`, and the same of `https://app.example/a` and `{}`.
const LARAVEL_SHA512: &str = "2e87e77c563a353ebb8cf13c79270327a410c73544203f809598ce92246783f5\
                              955af1a372a39b98078c7ca92e93ae883a5e30792555aa19888fbfcf3daf4c14";
const SYMFONY_SHA512: &str =
    "YVRYmMWkfLHDnQNp6CDsWAmqJ0qjgtBVkYgbc1mrR2Hg6gCXCdk/bvDbgldrbzQMVfV5F28eAkam5NvEqVCBJw==";
const WEBHOOK_SHA512: &str = "d6f1126a735b5a754f6e58434f170bdefdffada2c17f67d9bbd86d97669b94f8\
                              0a92978665bf7ea423832b3f4f3856e2901a7c028e16c81efbb43298a1c00772";

fn sha256() -> Key {
    Key::new("secret").unwrap()
}

fn sha512() -> Key {
    Key::sha512("secret").unwrap()
}

fn written(writing: Writing) -> Scheme {
    Scheme::new("hash").unwrap().written_as(writing)
}

/// Each writing of PHP's MACs of `a=0`: by SHA-256 and by SHA-512.
fn writings() -> [(Writing, [String; 2]); 4] {
    let url_safe = |text: &str| text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    [
        (Writing::Hex, [SHA256, SHA512].map(str::to_owned)),
        (Writing::UpperHex, [SHA256, SHA512].map(str::to_uppercase)),
        (Writing::Base64, [SHA256_BASE64, SHA512_BASE64].map(str::to_owned)),
        (Writing::Base64Url, [SHA256_BASE64, SHA512_BASE64].map(url_safe)),
    ]
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[test]
fn a_signature_is_written_as_php_writes_it() {
    for (writing, texts) in writings() {
        for (key, text) in [sha256(), sha512()].into_iter().zip(texts) {
            let signed = written(writing).sign(&key, [("a", "0")], None);
            assert_eq!(signed, Ok(format!("a=0&hash={}", escaped(&text))), "{writing:?}");
        }
    }
    assert_eq!(Writing::default(), Writing::Hex);
}

/// What a signature is made when it is not copied with care: all of these are other texts,
/// to PHP.
fn changed(text: &str) -> Vec<String> {
    let flipped = |at: usize| {
        let byte = char::from(text.as_bytes()[at]);
        let other = if byte.is_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    };
    let unpadded = text.trim_end_matches('=');
    let (start, last) = unpadded.split_at(unpadded.len() - 1);
    let next = char::from(last.as_bytes()[0] + 1);
    let letters = text.match_indices(|byte: char| byte.is_ascii_alphabetic()).map(|(at, _)| at);
    let mut changed = Vec::from_iter(letters.map(flipped));
    changed.extend([
        String::new(),
        "=".into(),
        text[..text.len() / 2].into(),
        text[1..].into(),
        text[..text.len() - 1].into(),
        text[2..].into(),
        format!("{text}00"),
        format!("00{text}"),
        format!("{text}{text}"),
        format!("{text}="),
        format!("{unpadded}{}", if text == unpadded { "==" } else { "" }),
        format!("{unpadded}="),
        format!("{unpadded}=="),
        // The least of the bits that the last digit of base64 has to spare, if any.
        format!("{start}{next}{}", &text[unpadded.len()..]),
        format!(" {text}"),
        format!("{text} "),
        format!("{text}\n"),
        format!("{}\n{}", &text[..10], &text[10..]),
        format!("{text}\0"),
        format!("0x{text}"),
        format!("é{text}"),
        text.replace('f', "g"),
        "0".repeat(text.len()),
        "A".repeat(100_000),
    ]);
    changed.retain(|changed| changed != text);
    changed
}

#[test]
fn a_signature_is_read_in_one_way() {
    let writings = writings();
    for (writing, texts) in &writings {
        for (key, text) in [sha256(), sha512()].into_iter().zip(texts) {
            let verifier = written(*writing).verifier(key);
            let verify =
                |text: &str| verifier.verify_at(&format!("a=0&hash={}", escaped(text)), NOW).map(drop);
            assert_eq!(verify(text), Ok(()));
            let others = writings.iter().flat_map(|(_, others)| others).filter(|other| *other != text);
            for other in changed(text).iter().chain(others) {
                assert_eq!(verify(other), Err(Error::Mismatch), "{writing:?}: {other} for {text}");
            }
        }
    }
}

#[test]
fn escapes_are_read_before_the_signature_is() {
    for (writing, [text, _]) in writings() {
        let verifier = written(writing).verifier(sha256());
        let all: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for sent in [escaped(&text), all, text.replace('+', "%2b").replace('=', "%3d")] {
            assert!(verifier.verify_at(&format!("hash={sent}&a=0"), NOW).is_ok(), "{sent}");
        }
        // Unescaped, `+` is a space.
        let unescaped = format!("hash={text}&a=0");
        assert_eq!(verifier.verify_at(&unescaped, NOW).is_ok(), !text.contains('+'), "{text}");
    }
}

#[test]
fn a_key_is_of_one_hash() {
    let [(_, [short, long]), ..] = writings();
    let verify = |key: Key, text: &str| {
        written(Writing::Hex).verifier(key).verify_at(&format!("a=0&hash={text}"), NOW).is_ok()
    };
    assert!(verify(sha256(), &short) && verify(sha512(), &long));
    for (key, text) in
        [(sha256(), &*long), (sha512(), &*short), (sha512(), &long[..64]), (sha512(), &long[64..])]
    {
        assert!(!verify(key, text), "{text}");
    }
    // One of each may be rotated.
    let [first, second] = [(sha256(), sha512()), (sha512(), sha256())]
        .map(|(key, other)| written(Writing::Hex).verifier(key).or_key(other));
    for text in [short, long] {
        for verifier in [&first, &second] {
            assert!(verifier.verify_at(&format!("a=0&hash={text}"), NOW).is_ok());
            assert_eq!(verifier.verify_at(&format!("a=1&hash={text}"), NOW), Err(Error::Mismatch));
        }
    }
}

#[test]
fn links_and_webhooks_are_of_sha256() {
    const ORIGIN: &str = "https://app.example";
    let unsuitable = Error::UnsuitableKey;
    assert_eq!(unsuitable.status(), 500);
    assert_eq!(laravel::sign(&sha512(), "/a", None), Err(unsuitable.clone()));
    assert_eq!(laravel::Verifier::absolute(sha512(), ORIGIN).unwrap_err(), unsuitable);
    assert_eq!(symfony::Verifier::absolute(sha512(), ORIGIN).unwrap_err(), unsuitable);
    for alphabet in [symfony::Alphabet::Standard, symfony::Alphabet::UrlSafe] {
        assert_eq!(symfony::sign(&sha512(), &format!("{ORIGIN}/a"), None, alphabet), Err(unsuitable.clone()));
    }

    let link = format!("/a?signature={LARAVEL_SHA512}");
    let relative = laravel::Verifier::relative;
    for verifier in
        [relative(sha512()), relative(sha256()).or_key(sha512()), relative(sha512()).or_key(sha256())]
    {
        let verifier = verifier.allow_unlimited();
        for target in [&*link, &link[..link.len() - 64]] {
            assert_eq!(verifier.verify_at(target, NOW).map(drop), Err(Error::Mismatch), "{target}");
        }
        let signed = laravel::sign(&sha256(), "/a", None).unwrap();
        let is_by_sha256 = relative(sha256()).allow_unlimited().verify_at(&signed, NOW).is_ok();
        assert!(is_by_sha256, "{signed}");
    }
    let symfony = symfony::Verifier::absolute(sha256(), ORIGIN).unwrap().allow_unlimited().or_key(sha512());
    for hash in [SYMFONY_SHA512, SYMFONY_SHA512.trim_end_matches('='), &SYMFONY_SHA512[..43]] {
        let target = format!("/a?_hash={}", escaped(hash));
        assert_eq!(symfony.verify_at(&target, NOW).map(drop), Err(Error::Mismatch), "{target}");
    }

    for receiver in [Receiver::new(sha512()), Receiver::new(sha256()).or_key(sha512())] {
        for hash in [WEBHOOK_SHA512, &WEBHOOK_SHA512[..64]] {
            let header = |name: &str| match name {
                HASH_HEADER => Some(hash.as_bytes()),
                HOOK_ID_HEADER => Some(&b"6ba7b810-9dad-11d1-80b4-00c04fd430c8"[..]),
                _ => None,
            };
            assert_eq!(receiver.verify(b"{}", header).map(drop), Err(Error::Mismatch), "{hash}");
        }
    }
}
