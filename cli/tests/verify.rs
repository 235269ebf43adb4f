//! `signed-query verify`: the parameters of a valid request, and refusals.

mod common;

use std::time::Duration;

use common::{SECRET, now, signed_query};
use signed_query::{Key, Scheme};

/// Its exit status, and all that it said.
fn verify(arguments: &[&str]) -> (Option<i32>, String) {
    let output = signed_query(SECRET).arg("verify").args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn the_signed_parameters_alone_are_printed_one_per_line() {
    let key = Key::new(SECRET).unwrap();
    let url = key.sign_url("https://crm.example/search?q=caf%C3%A9+x&a[]=1&n=a%0A%1B", now() + 60).unwrap();
    let (_, query) = url.split_once('?').unwrap();
    let ignored = format!("{url}&message_sentiment=good");
    for given in [&*url, query, &format!("/search?{query}"), &ignored] {
        let (code, said) = verify(&[given]);
        let lines: Vec<&str> = said.lines().collect();
        let [parameters @ .., expires] = &lines[..] else { panic!("{given}: {said}") };
        assert_eq!((code, parameters), (Some(0), &["q=café x", "a[0]=1", r"n=a\n\u{1b}"][..]), "{given}");
        assert!(expires.starts_with("expires="), "{given}: {said}");
    }
}

#[test]
fn a_refused_request_exits_with_1_and_wrong_usage_with_2() {
    let url = Key::new(SECRET).unwrap().sign_url("https://crm.example/search?q=red", now() + 60).unwrap();
    let expired = Key::new(SECRET).unwrap().sign_url("/?q=red", now() - 60).unwrap();
    let (_, signature) = url.rsplit_once('=').unwrap();
    for (arguments, code, says) in [
        (&[&*url.replace("q=red", "q=rex")][..], 1, "status 403"),
        (&[&*expired], 1, "expired"),
        (&["q=red"], 1, "Refused with status 400: the query has no signature.\n"),
        (&[""], 1, "status 400"),
        (&[], 2, "Usage"),
        (&[&*url, &*url], 2, "Usage"),
    ] {
        let (status, said) = verify(arguments);
        assert_eq!(status, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert!(!said.contains(SECRET) && (code == 2 || !said.contains(signature)), "{said}");
    }
}

#[test]
fn a_repeated_name_is_printed_once_with_the_value_that_was_signed() {
    let url = Key::new(SECRET).unwrap().sign_url("/?q=red", now() + 60).unwrap();
    let repeated = url.replace("?q=red", "?q=evil&q=red");
    let (code, said) = verify(&[&repeated]);
    assert_eq!((code, said.starts_with("q=red\nexpires=")), (Some(0), true), "{said}");
    let (_, said) = verify(&["--json", &repeated]);
    assert!(said.starts_with(r#"{"q":"red","expires":"#), "{said}");
}

#[test]
fn the_max_age_is_counted_in_seconds_from_the_time_of_signing() {
    let scheme = Scheme::new("hash").unwrap().issued_at("ts", Duration::from_secs(60)).unwrap();
    for (ago, code) in [(30, 0), (90, 1)] {
        let url = scheme.sign_url(&Key::new(SECRET).unwrap(), "?a=1", Some(now() - ago)).unwrap();
        let (status, said) = verify(&["--signature", "hash", "--issued-at", "ts", "--max-age", "60", &url]);
        assert_eq!(status, Some(code), "{ago} s ago: {said}");
    }
}

#[test]
fn json_has_the_parameters_in_the_order_of_signing() {
    let url = Key::new(SECRET).unwrap().sign_url("/?b=%22x%22&a[]=1&n=a%0A", now() + 60).unwrap();
    let (code, said) = verify(&["--json", &url]);
    let expires = url.split_once("expires=").unwrap().1.split('&').next().unwrap();
    let json = r#"{"b":"\"x\"","a[0]":"1","n":"a\n","expires":""#.to_owned() + expires + "\"}\n";
    assert_eq!((code, &*said), (Some(0), &*json));
    let read: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(read["n"], "a\n");
}

#[test]
fn links_are_verified_for_their_origin() {
    let key = || Key::new(SECRET).unwrap();
    let origin = "https://app.example";
    let soon = now() + 60;
    let laravel = signed_query::laravel::sign(&key(), "https://app.example/a?user=7", Some(soon)).unwrap();
    let relative = signed_query::laravel::sign(&key(), "/a?user=7", Some(soon)).unwrap();
    let for_ever = signed_query::laravel::sign(&key(), "/a?user=7", None).unwrap();
    let alphabet = signed_query::symfony::Alphabet::Standard;
    let symfony =
        signed_query::symfony::sign(&key(), "https://app.example/a?user=7", Some(soon), alphabet).unwrap();
    for (arguments, code) in [
        (&["--laravel", origin, &*laravel][..], 0),
        (&["--laravel", origin, laravel.strip_prefix(origin).unwrap()], 0),
        (&["--laravel", "https://other.example", &laravel], 1),
        (&["--laravel-relative", &laravel], 1),
        (&["--laravel-relative", &relative], 0),
        (&["--laravel-relative", &format!("{relative}&utm_source=x")], 1),
        (&["--laravel-relative", "--ignore", "utm_source", &format!("{relative}&utm_source=x")], 0),
        (&["--laravel-relative", &for_ever], 1),
        (&["--laravel-relative", "--allow-unlimited", &for_ever], 0),
        (&["--symfony", origin, &symfony], 0),
        (&["--symfony", "app.example", &symfony], 2),
        (&["--laravel", origin, "--symfony", origin, &symfony], 2),
        (&[&laravel], 1),
    ] {
        let (status, said) = verify(arguments);
        assert_eq!(status, Some(code), "{arguments:?}: {said}");
        assert!(
            code > 0 || said.starts_with("user=7\n") || said.contains("\nuser=7\n"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn the_settings_come_from_the_variables_of_the_server() {
    let long = Key::new(SECRET).unwrap().sign_url("/iframe?id=1", now() + 100_000).unwrap();
    let late = Key::new("iframe").unwrap().sign_url("/iframe?id=1", now() - 60).unwrap();
    for (url, variables, code) in [
        (&long, &[][..], 1),
        (&long, &[("MAX_LIFETIME", "200000")], 0),
        (&long, &[("MAX_LIFETIME", "")], 1),
        (&long, &[("MAX_LIFETIME", "a day")], 2),
        (&long, &[("MAX_LIFETIME", "31622401")], 2),
        (&long, &[("MAX_LIFETIME", "200000"), ("IFRAME_SECRET", "iframe")], 1),
        (&long, &[("MAX_LIFETIME", "200000"), ("IFRAME_SECRET", "x"), ("PREVIOUS_SECRET", SECRET)], 0),
        (&late, &[("IFRAME_SECRET", "iframe")], 1),
        (&late, &[("IFRAME_SECRET", "iframe"), ("LEEWAY", "90")], 0),
    ] {
        let mut command = signed_query(SECRET);
        let output = command.args(["verify", url]).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{url} {variables:?}: {output:?}");
    }
    // No scheme of one's own has a longest life unless it is given.
    let own = Key::new(SECRET).unwrap().sign_url("?id=1", now() + 100_000).unwrap();
    let (code, said) = verify(&["--signature", "sig", "--expires", "expires", "--rfc3986", &own]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = verify(&["--max-lifetime", "200000", &own]);
    assert_eq!(code, Some(0), "{said}");
}
