//! The tool that explains a refusal, run as a developer would.

mod common;

use base64::{Engine, prelude::BASE64_STANDARD};
use common::server::{SECRET, example, now};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use signed_query::Key;

const HOST: &str = "http://127.0.0.1:8080/search";

/// What it says of a URL, and its exit code.
fn explain(secret: &str, url: &str) -> (String, i32) {
    let output = example("explain").env("SECRET", secret).arg(url).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains(secret.trim()), "the secret is in {said}");
    (said, output.status.code().unwrap())
}

fn mac(secret: &str, text: &str) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap()
        .chain_update(text)
        .finalize()
        .into_bytes()
        .into()
}

/// The URL of a signer that sent one text and signed another.
fn url(sent: &str, signed: &str) -> String {
    format!("{HOST}?{sent}&sig={}", hex::encode(mac(SECRET, signed)))
}

/// What it says of a URL with a wrong signature.
fn mistake(url: &str) -> String {
    let (said, code) = explain(SECRET, url);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Refused with status 403"), "{said}");
    let (_, mistake) = said.split_once("What explains the signature: ").unwrap_or_else(|| panic!("{said}"));
    mistake.to_owned()
}

#[test]
fn a_good_url_is_accepted_and_taken_apart() {
    let signed = Key::new(SECRET).unwrap();
    let url = signed.sign_url(&format!("{HOST}?q=caf%c3%a9&a.b[]=x+y#top"), now() + 100).unwrap();
    let (said, code) = explain(SECRET, &url.replace("#top", "&message_sentiment=good#top"));
    assert_eq!(code, 0, "{said}");
    for part in [
        "Accepted.",
        "\n  q=caf%C3%A9&a_b%5B0%5D=x+y&expires=",
        r#""q" = "café""#,
        r#""a_b[0]" = "x y""#,
        r#""message_sentiment" = "good"   (not signed"#,
        "It expires in 1 min",
    ] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
}

#[test]
fn an_expired_url_says_how_long_ago() {
    let example =
        "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
    let (said, code) = explain(SECRET, &format!("{HOST}?{example}"));
    assert_eq!(code, 1);
    assert!(
        said.contains("It expired ") && said.contains(" days ") && said.contains("at 1500472622"),
        "{said}"
    );
    for (ago, said) in [(30, " s ago"), (90, "1 min 3"), (3700, "1 h 1 min ago"), (90000, "1 days 1 h ago")] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - ago).unwrap();
        let explained = explain(SECRET, &url).0;
        assert!(explained.contains(said), "{said:?} is not in {explained}");
    }
}

#[test]
fn a_malformed_url_says_what_is_missing() {
    let (said, code) = explain(SECRET, &format!("{HOST}?q=red"));
    assert_eq!(code, 1);
    assert!(said.contains("Refused with status 400: the query has no `sig` parameter"), "{said}");
    let (said, code) = explain(SECRET, &format!("{HOST}?a{}=1", "[]".repeat(65)));
    assert!(said.contains("64 levels") && code == 1, "{said}");
    let (said, code) = explain(SECRET, HOST);
    assert!(said.contains("no query") && code == 2, "{said}");
}

#[test]
fn each_known_mistake_is_named() {
    let good = "q=a+b%2A%7E%C3%A9&z=1&a=2&expires=4102444800";
    let cases = [
        (url(good, &good.replace('+', "%20")), "a space as `%20`"),
        (url(good, &good.replace("%2A", "*")), "left `*` alone"),
        (url(good, &good.replace("%7E", "~")), "left `~` alone"),
        (
            url(good, &good.replace("%2A", "*").replace('+', "%20")),
            "a space as `%20` and not as `+` and left `*` alone",
        ),
        (
            url(good, &good.replace("%C3%A9", "%c3%a9").replace("%2A", "%2a").replace("%7E", "%7e")),
            "small letters",
        ),
        (
            url("q=a!&b=(1)&expires=4102444800", "q=a!&b=(1)&expires=4102444800"),
            "signed the query as it was sent",
        ),
        (url(good, "a=2&expires=4102444800&q=a+b%2A%7E%C3%A9&z=1"), "sorted the parameters"),
        (url(good, "q=a+b%2A%7E%C3%A9&z=1&a=2"), "left `expires` out"),
        (url(good, &good.replace("&z=1", "")), "`z` was not signed"),
        (url(good, &format!("/search?{good}")), "the path too"),
        (url(good, &format!("/search{good}")), "the path too"),
        (url(good, &format!("127.0.0.1:8080/search?{good}")), "the host and the path too"),
        (url(good, &format!("{HOST}?{good}")), "the whole URL"),
        (url(good, &format!("?{good}")), "the `?` too"),
    ];
    for (url, said) in cases {
        let mistake = mistake(&url);
        assert!(mistake.contains(said), "{said:?} is not in {mistake:?} of {url}");
    }
}

#[test]
fn the_platforms_unsigned_parameters_are_told_apart() {
    let (id, added) = ("id=1&expires=4102444800", "message_sentiment=good&message_language_code=en");
    let all = format!("{id}&{added}");
    assert!(mistake(&url(&all, &all)).contains("signed `message_sentiment`, `message_language_code` too"));
    let one = format!("{id}&message_language_code=en");
    assert!(mistake(&url(&all, &one)).contains("signed `message_language_code` too"));
}

#[test]
fn a_signature_in_another_form_is_recognised() {
    let good = "q=red&expires=4102444800";
    let mac = mac(SECRET, good);
    let with = |signature: &str| format!("{HOST}?{good}&sig={signature}");
    assert!(mistake(&with(&hex::encode_upper(mac))).contains("capitals"));
    let base64 = BASE64_STANDARD.encode(mac);
    let url_safe = base64.replace('+', "-").replace('/', "_");
    for base64 in [&base64, &base64.replace('+', "%2B"), base64.trim_end_matches('='), &url_safe] {
        assert!(mistake(&with(base64)).contains("base64"), "{base64}");
    }
}

#[test]
fn white_space_at_the_end_of_a_secret_is_noticed() {
    let url = Key::new(SECRET).unwrap().sign_url(HOST, 4_102_444_800).unwrap();
    for end in [" ", "\n", "\r\n", "\t"] {
        let secret = format!("{SECRET}{end}");
        assert!(explain(&secret, &url).0.contains("SECRET has white space at its end"), "{end:?}");
        let url = Key::new(&secret).unwrap().sign_url(HOST, 4_102_444_800).unwrap();
        assert!(mistake(&url).contains("the signer's secret has white space at its end"), "{end:?}");
    }
}

#[test]
fn what_no_known_mistake_explains_is_said_to_be_so() {
    let (said, code) =
        explain("wrong-secret", &Key::new(SECRET).unwrap().sign_url(HOST, 4_102_444_800).unwrap());
    assert!(said.contains("No known mistake") && code == 1, "{said}");
}

#[test]
fn its_help_says_whom_it_is_for() {
    let output = example("explain").arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && help.contains("developer's terminal") && help.contains("SECRET"),
        "{help}"
    );
    let unset = example("explain").arg("?a=1").output().unwrap();
    assert_eq!(unset.status.code(), Some(2));
    assert!(String::from_utf8(unset.stderr).unwrap().contains("SECRET is not set"));
    assert_eq!(example("explain").output().unwrap().status.code(), Some(2));
}
