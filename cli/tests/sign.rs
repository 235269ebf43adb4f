//! `signed-query sign`: what it signs is valid.

mod common;

use std::{
    io::Write,
    process::{Output, Stdio},
    time::Duration,
};

use common::{SECRET, now, signed_query};
use signed_query::{Key, Scheme, VerifiedLink, Verifier, Writing, laravel, symfony};

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
    let verifier = Verifier::new(Key::new(SECRET).unwrap());
    for (more, seconds) in [(None, 300), (Some("60"), 60)] {
        for given in ["http://127.0.0.1:8080/search?q=smith", "?q=smith", "q=smith"] {
            let start = now();
            let signed = url(sign(SECRET, &Vec::from_iter([given].into_iter().chain(more))));
            let (front, query) = signed.split_once('?').unwrap_or(("", &signed));
            assert!(given.starts_with(front) && signed.starts_with(given), "{given}: {signed}");
            let query = verifier.verify(query).unwrap();
            assert_eq!(query.get("q").unwrap(), "smith");
            assert!((start + seconds..=now() + seconds).contains(&query.expires()), "{signed}");
        }
    }
}

#[test]
fn input_that_can_not_be_signed_is_refused_with_a_reason() {
    for (arguments, code, says) in [
        (&[][..], 2, "Usage"),
        (&["http://a.example/?q=1", "soon"], 2, "soon"),
        (&["http://a.example/?sig=1"], 2, "`sig`"),
        (&["a", "1", "2"], 2, "Usage"),
        (&["smith"], 2, "neither a URL"),
        (&["search?q=smith"], 2, "neither a URL"),
        (&["127.0.0.1:8080/search?q=smith"], 2, "neither a URL"),
        (&["/search?q=smith"], 2, "neither a URL"),
        (&["http://"], 2, "neither a URL"),
        (&["ftp://a.example/?q=smith"], 2, "neither a URL"),
        (&["http://a b.example/?q=smith"], 2, "neither a URL"),
        (&["--symfony", "a", "/a"], 2, "origin"),
        (&["--symfony", ORIGIN, "https://other.example/a"], 2, "not a URL of https://files.example"),
        (&["--symfony", ORIGIN, "--laravel", ORIGIN, "/a"], 2, "cannot be used with"),
        (&["--laravel", ORIGIN, "--sorted", "/a"], 2, "cannot be used with"),
        (&["--laravel-relative", "/a", "--signature", "s"], 2, "cannot be used with"),
        (&["--issued-at", "ts", "a=1"], 2, "--max-age"),
        (&["--max-age", "60", "a=1"], 2, "--issued-at"),
        (&["--signature", "s", "--write", "octal", "a=1"], 2, "upper-hex"),
        (&["--signature", "a.b", "a=1"], 2, "a.b"),
        (&["--signature", "s", "--expires", "s", "a=1"], 2, "\"s\""),
        (&["--signature", "s", "--expires", "e", "--only", "a", "a=1"], 2, "would not be signed"),
        (&["--signature", "s", "--only", "a", "b=1"], 2, "does not sign"),
        (&["--signature", "s", "a=1", "60"], 2, "SECONDS"),
        (&["--issued-at", "ts", "--max-age", "60", "a=1", "60"], 2, "SECONDS"),
        (&["--sorted", "7=1"], 2, "number for a name"),
        (&["http://a.example/?q=smith&amp;page=2"], 0, "`&amp;`"),
        (&["https://a.example/search?q=john smith&name=\u{e9}#there"], 0, ""),
        (&["https://a.example?q=1"], 0, ""),
    ] {
        let output = sign(SECRET, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn each_scheme_option_signs_what_the_library_and_the_command_verify() {
    let scheme = |name: &str| Scheme::new(name).unwrap();
    let minute = Duration::from_secs(60);
    let (key, sha512) = (|| Key::new(SECRET).unwrap(), || Key::sha512(SECRET).unwrap());
    for (arguments, given, scheme, key) in [
        (&["--signature", "s"][..], "b=1&a=2", scheme("s"), key()),
        (&["--signature", "s", "--expires", "until"], "b=1", scheme("s").expires("until").unwrap(), key()),
        (
            &["--signature", "s", "--issued-at", "ts", "--max-age", "60"],
            "b=1",
            scheme("s").issued_at("ts", minute).unwrap(),
            key(),
        ),
        (&["--sorted"], "b=1&a=2", Scheme::default().sorted(), key()),
        (&["--signature", "s", "--sorted-as-text"], "10=1&9=2", scheme("s").sorted_as_text(), key()),
        (&["--signature", "s", "--rfc3986"], "q=a+b~", scheme("s").rfc3986(), key()),
        (
            &["--signature", "s", "--only", "b", "--only", "a"],
            "a=1&b=2",
            scheme("s").only(["b", "a"]).unwrap(),
            key(),
        ),
        (
            &["--signature", "s", "--only-prefix", "v_"],
            "v_a=1",
            scheme("s").only_prefix("v_").unwrap(),
            key(),
        ),
        (&["--signature", "s", "--sha512"], "a=1", scheme("s"), sha512()),
        (
            &["--signature", "s", "--write", "upper-hex"],
            "a=1",
            scheme("s").written_as(Writing::UpperHex),
            key(),
        ),
        (&["--signature", "s", "--write", "base64"], "a=1", scheme("s").written_as(Writing::Base64), key()),
        (
            &["--signature", "s", "--write", "base64url"],
            "a=1",
            scheme("s").written_as(Writing::Base64Url),
            key(),
        ),
    ] {
        let signed = url(sign(SECRET, &[arguments, &[given]].concat()));
        let query = scheme.clone().verifier(key).verify(&signed).map(|query| query.canonical().to_owned());
        let count = query.as_ref().map(|query| query.split('&').count());
        assert!(
            count.is_ok_and(|count| count >= given.split('&').count()),
            "{arguments:?}: {signed} {query:?}"
        );
        // The same options verify it.
        let verified =
            signed_query(SECRET).args([&["verify"], arguments, &[&*signed]].concat()).output().unwrap();
        assert!(verified.status.success(), "{arguments:?}: {verified:?}");
        let explained =
            signed_query(SECRET).args([&["explain"], arguments, &[&*signed]].concat()).output().unwrap();
        assert!(explained.stdout.starts_with(b"Accepted."), "{arguments:?}: {explained:?}");
    }
}

#[test]
fn framework_links_are_valid_until_the_expiry_that_was_asked_for() {
    let sign = |arguments: &[&str]| url(sign(APP_KEY, arguments));
    let key = || Key::new(APP_KEY).unwrap();
    // Valid for as long as was said, from some moment between these two.
    let start = now();
    let is_valid_for = |link: &VerifiedLink<'_>, seconds: u64| {
        (start + seconds..=now() + seconds).contains(&link.query().expires())
    };
    for (given, origin) in
        [("/storage/a.txt", ""), ("http://127.0.0.1:8080/storage/a.txt", "http://127.0.0.1:8080")]
    {
        let link = sign(&["--laravel-relative", given]);
        let target = link.strip_prefix(origin).unwrap();
        let verified = laravel::Verifier::relative(key()).verify(target).unwrap();
        assert!(is_valid_for(&verified, 300), "{link}");
    }
    for given in ["/a?b=1", "https://files.example/a?b=1"] {
        let link = sign(&["--laravel", ORIGIN, given, "60"]);
        let target = link.strip_prefix(ORIGIN).unwrap();
        let verified = laravel::Verifier::absolute(key(), ORIGIN).unwrap().verify(target).unwrap();
        assert!(is_valid_for(&verified, 60), "{link}");
    }
    for framework in ["--laravel", "--symfony"] {
        let link = sign(&[framework, "https://files.example/", "/a?b=1"]);
        assert!(link.starts_with("https://files.example/a?"), "{link}");
    }
    let lengths = [("--symfony", 43), ("--symfony-7.2", 44)].map(|(scheme, length)| {
        let link = sign(&[scheme, ORIGIN, "/a"]);
        let target = link.strip_prefix(ORIGIN).unwrap();
        let verified = symfony::Verifier::absolute(key(), ORIGIN).unwrap().verify(target).unwrap();
        // At the second that it names, it is no longer valid.
        assert!(is_valid_for(&verified, 299), "{link}");
        let escaped = link.split_once("_hash=").unwrap().1;
        let hash = form_urlencoded::parse(escaped.as_bytes()).next().unwrap().0;
        (hash.len(), length)
    });
    assert!(lengths.iter().all(|(is, should)| is == should), "{lengths:?}");
}

#[test]
fn values_in_json_are_signed_as_php_writes_them() {
    let json = r#"{"z":1,"name":"Ada L","paid":true,"open":false,"note":null,"items":[{"id":"7"},{"id":8}],"at":1.50}"#;
    let query = "z=1&name=Ada+L&paid=1&open=0&items%5B0%5D%5Bid%5D=7&items%5B1%5D%5Bid%5D=8&at=1.5";
    let run = |arguments: &[&str], stdin: &str| {
        let mut command = signed_query(SECRET);
        command
            .arg("sign")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // It is not read where the arguments are refused.
        let _ = process.stdin.take().unwrap().write_all(stdin.as_bytes());
        process.wait_with_output().unwrap()
    };
    let own = ["--signature", "hash", "--values", "-"];
    let scheme = Scheme::new("hash").unwrap();
    let signed = url(run(&own, json));
    assert_eq!(signed, scheme.sign_url(&Key::new(SECRET).unwrap(), &format!("?{query}"), None).unwrap()[1..]);
    let behind = url(run(&[&own[..], &["https://a.example/paid"]].concat(), json));
    assert_eq!(behind, format!("https://a.example/paid?{signed}"));
    // A repeated name is what PHP's `json_decode` makes of it: the last value in the first place.
    let repeated = url(run(&own, r#"{"b":{"x":1},"a":2,"b":{"y":3}}"#));
    assert!(repeated.starts_with("b%5By%5D=3&a=2&hash="), "{repeated}");
    let start = now();
    let timed = url(run(&["--values", "-", "60"], json));
    let verified = Verifier::new(Key::new(SECRET).unwrap()).verify(&timed).unwrap().expires();
    assert!((start + 60..=now() + 60).contains(&verified), "{timed}");
    for (arguments, stdin, says) in [
        (&["--values", "-"][..], "{", "standard input can't be read as JSON: "),
        (&["--values", "-"], "7", "the JSON in standard input must be an object or an array"),
        (&["--values", "-"], "null", "must be an object or an array"),
        (
            &["--values", "-"],
            r#"{"a]":{"]":1}}"#,
            "the parameter \"a][]]\" can't be written: PHP does not read back",
        ),
        (&["--values", "-"], r#"{"a":{"b":18446744073709551615}}"#, "\"a[b]\" can't be written: an integer"),
        (&["--values", "-"], r#"{"sig":1}"#, "`sig`"),
        (&["--values", "no such file"], "", "no such file"),
        (&["--values", "-", "https://a.example/?q=1"], json, "without one"),
        (&["--values", "-", "red"], json, "neither a URL"),
        (&["--values", "-", "--laravel", ORIGIN], json, "cannot be used with"),
    ] {
        let output = run(arguments, stdin);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(says), "{arguments:?}: {said}");
    }
}
