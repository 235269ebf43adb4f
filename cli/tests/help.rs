//! What each example says of itself, and of arguments that it does not have.

mod common;

use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

use common::server::example;

#[test]
fn each_serving_example_names_its_variables() {
    let readme = include_str!("../../README.md");
    let (_, table) = readme.split_once("reads its configuration from the environment:\n").unwrap();
    let rows = table.split_once("\nAn empty variable").unwrap().0.lines();
    let of_server: Vec<&str> =
        rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name).collect();
    assert!(of_server.len() > 10, "{of_server:?}");
    let of_links = ["APP_KEY", "APP_SECRET", "APP_PREVIOUS_KEYS", "ORIGIN", "FOLDER", "PREFIX", "LISTEN"];
    for (name, variables) in [
        ("server", &of_server[..]),
        ("axum", &["SECRET", "LISTEN"]),
        ("minimal", &["SECRET", "LISTEN"]),
        ("links", &of_links),
    ] {
        let output = example(name).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{name}: {help}");
        assert!(help.contains(&format!("cargo run --example {name}")), "{help}");
        let is_of_names = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let words: Vec<&str> = help.split(|char| !is_of_names(char)).collect();
        for variable in variables {
            assert!(words.contains(variable), "{variable} is not in {help}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 90), "{help}");
    }
}

#[test]
fn an_argument_that_means_nothing_is_said() {
    for name in ["server", "axum", "minimal", "links", "sign", "explain"] {
        for argument in [OsStr::new("--verbose"), OsStr::from_bytes(b"\xff")] {
            let output = example(name).arg(argument).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(matches!(output.status.code(), Some(1 | 2)), "{name} {argument:?}: {said}");
            let says = ["--help", "Usage: ", "UTF-8"].iter().any(|says| said.contains(says));
            assert!(says && !said.contains("panicked"), "{name} {argument:?}: {said}");
        }
    }
}
