//! `signed-query verify`: what is valid is taken apart, and the rest refused.

mod common;

use common::{SECRET, now, signed_query, unset};
use signed_query::Key;

/// Its exit status, and all that it said.
fn verify(arguments: &[&str]) -> (Option<i32>, String) {
    let output = signed_query(SECRET).arg("verify").args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn the_parameters_of_a_valid_request_are_printed_one_a_line() {
    let key = Key::new(SECRET).unwrap();
    let url = key.sign_url("https://crm.example/search?q=caf%C3%A9+x&a[]=1&n=a%0A%1B", now() + 60).unwrap();
    let (_, query) = url.split_once('?').unwrap();
    let ignored = format!("{url}&message_sentiment=good");
    for given in [&*url, query, &format!("/search?{query}"), &ignored] {
        let (code, said) = verify(&[given]);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!((code, &lines[..3]), (Some(0), &["q=café x", "a[0]=1", r"n=a\n\u{1b}"][..]), "{given}");
    }
}

#[test]
fn what_is_refused_has_status_1_and_what_can_not_be_asked_2() {
    let url = Key::new(SECRET).unwrap().sign_url("https://crm.example/search?q=red", now() + 60).unwrap();
    let expired = Key::new(SECRET).unwrap().sign_url("/?q=red", now() - 60).unwrap();
    let (_, signature) = url.rsplit_once('=').unwrap();
    for (arguments, code, says) in [
        (&[&*url.replace("q=red", "q=rex")][..], 1, "status 403"),
        (&[&*expired], 1, "expired"),
        (&["q=red"], 1, "status 400"),
        (&[""], 1, "status 400"),
        (&[], 2, "Usage"),
        (&[&*url, &*url], 2, "Usage"),
    ] {
        let (status, said) = verify(arguments);
        assert_eq!(status, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert!(!said.contains(SECRET) && (code == 2 || !said.contains(signature)), "{said}");
    }
    let output = unset().args(["verify", &url]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("SECRET is not set"));
}
