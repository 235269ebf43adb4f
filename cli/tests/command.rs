//! What the subcommands share: help, arguments, the secret, and output that can't be written.

mod common;

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, process::Stdio};

use common::{SECRET, now, signed_query, unset, unwritable};
use signed_query::Key;

const SUBCOMMANDS: [&str; 3] = ["sign", "verify", "explain"];

#[test]
fn help_describes_each_subcommand() {
    let help = |arguments: &[&str]| {
        let output = unset().args(arguments).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let all = help(&["--help"]);
    for name in SUBCOMMANDS {
        assert!(all.contains(&format!("\n  {name} ")), "{name} is not in {all}");
        let help = help(&[name, "--help"]);
        assert!(help.contains(&format!("Usage: signed-query {name} ")) && help.contains("SECRET"), "{help}");
    }
    let help = help(&["explain", "--help"]);
    for part in ["developer's terminal", "--webhook", "--ignore", "--leeway", "--max-lifetime"] {
        assert!(help.contains(part), "{part} is not in {help}");
    }
}

#[test]
fn a_secret_that_is_not_set_is_an_error() {
    for name in SUBCOMMANDS {
        for mut command in [unset(), signed_query("")] {
            let output = command.args([name, "http://a.example/?q=1"]).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{name}: {said}");
            assert!(said.contains("SECRET is not set"), "{name}: {said}");
        }
    }
}

#[test]
fn a_url_without_a_query_has_nothing_to_explain() {
    let output = signed_query(SECRET).args(["explain", "http://a.example/search"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("no query"), "{said}");
}

#[test]
fn an_unknown_argument_is_refused() {
    for name in SUBCOMMANDS.map(Some).into_iter().chain([None]) {
        for argument in [OsStr::new("--verbose"), OsStr::from_bytes(b"\xff")] {
            let output = unset().args(name).arg(argument).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{name:?} {argument:?}: {said}");
            let says = ["--help", "Usage: ", "UTF-8"].iter().any(|says| said.contains(says));
            assert!(says && !said.contains("panicked"), "{name:?} {argument:?}: {said}");
        }
    }
}

#[test]
fn unwritable_output_does_not_change_the_exit_status() {
    let url = "https://crm.example/search?q=red";
    let signed = &*Key::new(SECRET).unwrap().sign_url(url, now() + 60).unwrap();
    for (arguments, code) in [
        (&["sign", url][..], 0),
        (&["verify", signed], 0),
        (&["explain", signed], 0),
        (&["--help"], 0),
        (&["sign", "--help"], 0),
        (&["explain", "--help"], 0),
        (&["verify", "?q=red&expires=1&sig=0"], 1),
        (&["explain", "?q=red&expires=1&sig=0"], 1),
        (&[], 2),
        (&["sign"], 2),
        (&["verify"], 2),
        (&["explain"], 2),
        (&["sign", "red"], 2),
        (&["explain", ""], 2),
    ] {
        // A pipe that nobody reads holds more than this.
        for (stream, stdout, _kept) in unwritable::all() {
            let output = signed_query(SECRET).args(arguments).stdout(stdout).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(code), "{arguments:?}, {stream}: {said}");
            assert_eq!(said.is_empty(), code < 2, "{arguments:?}, {stream}: {said}");
        }
        for (stream, stderr, _kept) in unwritable::all() {
            let mut command = signed_query(SECRET);
            let status = command.args(arguments).stdout(Stdio::null()).stderr(stderr).status().unwrap();
            assert_eq!(status.code(), Some(code), "{arguments:?}, {stream}");
        }
    }
}
