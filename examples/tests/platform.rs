//! What the platform asks for and others try, of each example that answers it.

mod common;

use common::{
    example::PLATFORM,
    server::{Reply, SECRET, Server, fetch, now},
};
use signed_query::Key;

/// What stands for a server that is tried under its name.
fn each() -> impl Iterator<Item = (&'static str, Server)> {
    PLATFORM.into_iter().map(|name| (name, Server::of(name, &[])))
}

/// Nothing may pass the URL on or keep what it gave; and what is no page is nothing to show.
fn assert_private(name: &str, reply: &Reply) {
    let is_page = reply.header("content-type").starts_with("text/html");
    let framed = "default-src 'none'; frame-ancestors https://app.socialsignin.net https://www.orlo.app";
    for (header, value) in [
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            if is_page { framed } else { "default-src 'none'; frame-ancestors 'none'" },
        ),
    ] {
        assert_eq!(reply.header(header), value, "{name}: {reply:?}");
    }
}

#[test]
fn a_search_gives_people_and_the_iframe_shows_one() {
    for (name, server) in each() {
        let found = server.get("/search?q=RED");
        assert_eq!(found.body, r#"{"results":[{"id":1,"name":"Susan Red"}]}"#, "{name}");
        // As the README has it, and in that order.
        let both = r#"{"results":[{"id":5,"name":"Agnes Smithers"},{"id":2,"name":"John Smith"}]}"#;
        assert_eq!(server.get("/search?q=smith").body, both, "{name}");
        let page = server.get("/iframe?id=1");
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{name}");
        assert!(page.body.contains(r#"<html lang="en"><head><title>Susan Red</title>"#), "{name}: {page:?}");
        assert!(page.body.contains("<h1>Susan Red</h1>"), "{name}: {page:?}");
        assert_private(name, &found);
        assert_private(name, &page);
    }
}

#[test]
fn a_request_that_is_not_valid_is_refused_with_its_status() {
    for (name, server) in each() {
        let signed = server.signed_url("/search?q=red");
        let key = Key::new(SECRET).unwrap();
        let ahead = |seconds| key.sign_url(&server.url("/search?q=red"), now() + seconds).unwrap();
        let day = 24 * 60 * 60;
        for (url, status) in [
            (format!("{signed}&message_sentiment=good"), 200),
            (signed.replace("?q=red", "?q=smith&q=red"), 200),
            (server.signed_url("/search?q=0"), 200),
            (ahead(day - 60), 200),
            (ahead(day + 60), 403),
            (signed.replace("q=red", "q=rex"), 403),
            (format!("{signed}&q=smith"), 403),
            (server.signed_url_with("another", "/search?q=red"), 403),
            (server.url("/search?q=red"), 400),
            (server.url("/search"), 400),
            (server.signed_url("/search"), 400),
            (server.signed_url("/search?q"), 400),
            (server.signed_url("/search?q="), 400),
            (server.signed_url("/iframe"), 400),
            (server.signed_url("/iframe?id=99"), 404),
        ] {
            let reply = fetch("GET", &url);
            assert_eq!(reply.status, status, "{name}: {url}");
            assert_eq!(reply.json()["status"] == "error", status != 200, "{name}: {url}");
            assert_private(name, &reply);
        }
    }
}

/// The signature is for the last value of a name, and so is the answer.
#[test]
fn the_value_that_was_signed_is_the_one_that_is_answered() {
    for (name, server) in each() {
        for (path, other) in [("/search?q=red", "q=smith"), ("/iframe?id=1", "id=2")] {
            let signed = server.signed_url(path);
            let fooled = fetch("GET", &signed.replace('?', &format!("?{other}&")));
            assert!(fooled.body.contains("Susan Red"), "{name}: {}", fooled.body);
            assert!(!fooled.body.contains("Smith"), "{name}: {}", fooled.body);
            assert_eq!(fetch("GET", &format!("{signed}&{other}")).status, 403, "{name}, {path}");
        }
    }
}

#[test]
fn only_get_and_head_are_answered_and_only_at_known_paths() {
    for (name, server) in each() {
        for (method, path, status) in [
            ("POST", "/search?q=red", 405),
            ("POST", "/iframe?id=1", 405),
            ("HEAD", "/search?q=red", 200),
            ("GET", "/nowhere", 404),
            ("GET", "/search/?q=red", 404),
        ] {
            let reply = fetch(method, &server.signed_url(path));
            assert_eq!(reply.status, status, "{name}: {method} {path}");
            assert_private(name, &reply);
            if status == 405 {
                assert_eq!(reply.header("allow").replace(' ', ""), "GET,HEAD", "{name}: {path}");
            }
        }
    }
}

/// But for `server`, which has no log.
#[test]
fn the_log_gives_reasons_and_no_query() {
    let server = Server::of("axum", &[]);
    assert_eq!(server.get("/search?q=red").status, 200);
    assert_eq!(fetch("GET", &server.signed_url_with("another", "/search?q=red")).status, 403);
    let (_, log) = server.stop_by("INT");
    assert!(log.lines().all(|line| line.starts_with("refused: ")) && log.contains("does not match"), "{log}");
    assert!(!log.contains("sig=") && !log.contains("q="), "{log}");
}
