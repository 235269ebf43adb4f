//! What the environment configures, and what is said of values that can not work.

mod common;

use std::process::Output;

use base64::{Engine, prelude::BASE64_STANDARD};
use common::{
    crm::crm,
    server::{SECRET, Server, fetch, not_started},
};
use sha2::{Digest, Sha256};

#[test]
fn only_the_platform_or_who_is_named_may_frame_the_page() {
    let assert_framed_by = |variables: &[(&str, &str)], ancestors: &str| {
        let page = Server::with(variables).get("/iframe?id=1");
        let (_, style) = page.body.split_once("<style>").unwrap();
        let style = BASE64_STANDARD.encode(Sha256::digest(style.split_once("</style>").unwrap().0));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'self'; \
             frame-ancestors {ancestors}"
        );
        assert_eq!(page.header("content-security-policy"), policy);
    };
    assert_framed_by(&[], "https://app.socialsignin.net https://www.orlo.app");
    for ancestors in [
        "https://a.example https://b.example",
        "\thttps://a.example ",
        "http://localhost:3000 https://a.example:* https://*.a.example https://a.example/",
        "'self' https://a.example",
        "'Self'",
        "'none'",
        "'NONE' ",
        "https:",
        "*",
        "a.example",
    ] {
        // Space around the value of a header is no part of it.
        assert_framed_by(&[("FRAME_ANCESTORS", ancestors)], ancestors.trim_end());
    }
}

#[test]
fn secrets_rotate_and_the_iframe_may_have_its_own() {
    let server = Server::with(&[("PREVIOUS_SECRET", "old"), ("IFRAME_SECRET", "framed")]);
    let status = |secret, path| fetch("GET", &server.signed_url_with(secret, path)).status;
    for (secret, search, iframe) in
        [(SECRET, 200, 403), ("framed", 403, 200), ("old", 200, 200), ("other", 403, 403)]
    {
        assert_eq!(status(secret, "/search?q=red"), search, "a search with {secret}");
        assert_eq!(status(secret, "/iframe?id=1"), iframe, "an iframe with {secret}");
    }
    // An empty variable counts as unset.
    let server = Server::with(&[("PREVIOUS_SECRET", ""), ("IFRAME_SECRET", "")]);
    assert_eq!(server.get("/iframe?id=1").status, 200);
    // Nor is that of webhooks anybody else's.
    let server = Server::with(&[("WEBHOOK_SECRET", "hooked")]);
    for (secret, status) in [(SECRET, 200), ("hooked", 403)] {
        for path in ["/search?q=red", "/iframe?id=1"] {
            assert_eq!(
                fetch("GET", &server.signed_url_with(secret, path)).status,
                status,
                "{path}, {secret}"
            );
        }
    }
}

#[test]
fn a_configuration_that_can_not_work_says_what_to_do() {
    let run = |variables: &[(&str, &str)]| {
        let Output { status, stderr, .. } = not_started(crm().envs(variables.iter().copied()));
        assert_eq!(status.code(), Some(1));
        String::from_utf8(stderr).unwrap()
    };
    let secret = ("SECRET", SECRET);
    for missing in [run(&[]), run(&[("SECRET", "")])] {
        assert!(
            missing.contains("SECRET is not set") && missing.contains("SECRET=changeme! cargo run"),
            "{missing}"
        );
    }
    assert!(run(&[secret, ("LISTEN", "nonsense")]).contains("LISTEN"));
    assert!(run(&[secret, ("LOG", "loud")]).contains("LOG must be one of"));
    assert!(run(&[secret, ("DATABASE", "/nonexistent/people.db")]).contains("/nonexistent/people.db"));
    if !cfg!(feature = "postgres") {
        let error = run(&[secret, ("DATABASE", "postgres://me:hunter2@localhost/crm")]);
        assert!(error.contains("--features postgres") && !error.contains("hunter2"), "{error}");
    }
    for level in ["5", "0", "warning", " info"] {
        assert!(run(&[secret, ("LOG", level)]).contains("LOG must be one of"), "{level}");
    }
    for sources in [
        "a; script-src *",
        "a, b",
        "a\nb",
        " ",
        "\"https://a.example\"",
        "“https://a.example”",
        "self",
        "none",
        "https://é.example",
        "'none' https://a.example",
        "'none'\n",
        "'unsafe-inline'",
        "https//a.example",
        "https://",
        "https://a.example:port",
        "https://a.example/page",
        "https://*a.example",
    ] {
        assert!(run(&[secret, ("FRAME_ANCESTORS", sources)]).contains("FRAME_ANCESTORS"));
    }
}
