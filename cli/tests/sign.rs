//! `signed-query sign`: what it signs is valid.

mod common;

use std::process::Output;

use common::{SECRET, now, signed_query, unset};
use signed_query::{Key, VerifiedLink, Verifier, laravel, symfony};

const APP_KEY: &str = "base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const ORIGIN: &str = "https://files.example";

fn sign(secret: &str, arguments: &[&str]) -> Output {
    signed_query(secret).arg("sign").args(arguments).output().unwrap()
}

/// The URL that it printed.
fn url(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn a_signed_url_is_valid_for_as_long_as_was_said() {
    let path = "http://127.0.0.1:8080/search?q=smith";
    let verifier = Verifier::new(Key::new(SECRET).unwrap());
    for (more, seconds) in [(None, 300), (Some("60"), 60)] {
        let start = now();
        let signed = url(sign(SECRET, &Vec::from_iter([path].into_iter().chain(more))));
        let query = verifier.verify_url(&signed).unwrap();
        assert_eq!(query.get("q").unwrap(), "smith");
        assert!((start + seconds..=now() + seconds).contains(&query.expires()), "{signed}");
    }
}

#[test]
fn what_can_not_be_signed_is_said() {
    for (arguments, code, says) in [
        (&[][..], 2, "Usage"),
        (&["http://a.example/?q=1", "soon"], 2, "soon"),
        (&["http://a.example/?sig=1"], 2, "`sig`"),
        (&["a", "1", "2"], 2, "Usage"),
        (&["q=smith"], 2, "not a URL"),
        (&["search?q=smith"], 2, "not a URL"),
        (&["127.0.0.1:8080/search?q=smith"], 2, "not a URL"),
        (&["/search?q=smith"], 2, "not a URL"),
        (&["http://"], 2, "not a URL"),
        (&["ftp://a.example/?q=smith"], 2, "not a URL"),
        (&["http://a b.example/?q=smith"], 2, "not a URL"),
        (&["--symfony", "/a"], 2, "origin"),
        (&["--symfony", "--laravel", "/a"], 2, "cannot be used with"),
        (&["http://a.example/?q=smith&amp;page=2"], 0, "`&amp;`"),
        (&["https://a.example/search?q=john smith&name=\u{e9}#there"], 0, ""),
        (&["https://a.example?q=1"], 0, ""),
    ] {
        let output = sign(SECRET, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains(says), "{arguments:?}");
    }
}

#[test]
fn without_a_secret_it_says_so() {
    for mut command in [unset(), signed_query("")] {
        let output = command.args(["sign", "http://a.example/?q=1"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("SECRET is not set"));
    }
}

#[test]
fn it_makes_links_of_either_framework() {
    let sign = |arguments: &[&str]| url(sign(APP_KEY, arguments));
    let key = || Key::new(APP_KEY).unwrap();
    // Good for as long as was said, from a moment between these two on.
    let start = now();
    let is_good_for = |link: &VerifiedLink<'_>, seconds: u64| {
        (start + seconds..=now() + seconds).contains(&link.query().expires())
    };
    let link = sign(&["--laravel", "/storage/a.txt"]);
    let verified = laravel::Verifier::relative(key()).verify(&link).unwrap();
    assert!(is_good_for(&verified, 300), "{link}");
    let link = sign(&["--laravel", "https://files.example/a?b=1", "60"]);
    let target = link.strip_prefix(ORIGIN).unwrap();
    let verified = laravel::Verifier::absolute(key(), ORIGIN).unwrap().verify(target).unwrap();
    assert!(is_good_for(&verified, 60), "{link}");
    let lengths = [("--symfony", 43), ("--symfony-7.2", 44)].map(|(scheme, length)| {
        let link = sign(&[scheme, "https://files.example/a"]);
        let target = link.strip_prefix(ORIGIN).unwrap();
        let verified = symfony::Verifier::absolute(key(), ORIGIN).unwrap().verify(target).unwrap();
        // At the second that it names it is good no longer.
        assert!(is_good_for(&verified, 299), "{link}");
        let escaped = link.split_once("_hash=").unwrap().1;
        let hash = form_urlencoded::parse(escaped.as_bytes()).next().unwrap().0;
        (hash.len(), length)
    });
    assert!(lengths.iter().all(|(is, should)| is == should), "{lengths:?}");
}
