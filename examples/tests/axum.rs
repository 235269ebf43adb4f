//! The axum example over real sockets.

mod common;

use common::server::{Reply, SECRET, Server, fetch, now};
use signed_query::Key;

#[test]
fn the_extractor_hands_out_verified_parameters_only() {
    let server = Server::of("axum", &[]);
    assert_eq!(server.get("/search?q=RED").body, r#"{"results":[{"id":1,"name":"Susan Red"}]}"#);
    // As the README has it, and in that order.
    let found = r#"{"results":[{"id":5,"name":"Agnes Smithers"},{"id":2,"name":"John Smith"}]}"#;
    assert_eq!(server.get("/search?q=smith").body, found);
    let page = server.get("/iframe?id=1");
    assert!(page.status == 200 && page.body.contains("<h1>Susan Red</h1>"), "{page:?}");
    assert!(page.body.contains(r#"<html lang="en"><head><title>Susan Red</title>"#), "{page:?}");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; frame-ancestors https://app.socialsignin.net https://www.orlo.app"
    );
    let assert_private = |reply: &Reply| {
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(reply.header(name), value, "{reply:?}");
        }
    };
    assert_private(&page);

    let signed = server.signed_url("/search?q=red");
    let ahead =
        |seconds| Key::new(SECRET).unwrap().sign_url(&server.url("/search?q=red"), now() + seconds).unwrap();
    let day = 24 * 60 * 60;
    let cases = [
        (format!("{signed}&message_sentiment=good"), 200),
        (signed.replace("?q=red", "?q=smith&q=red"), 200),
        (signed.replace("q=red", "q=rex"), 403),
        (format!("{signed}&q=smith"), 403),
        (server.signed_url_with("another", "/search?q=red"), 403),
        (ahead(day - 60), 200),
        (ahead(day + 60), 403),
        (server.url("/search?q=red"), 400),
        (server.url("/search"), 400),
        (server.signed_url("/search"), 400),
        (server.signed_url("/iframe?id=99"), 404),
    ];
    for (url, status) in cases {
        let reply = fetch("GET", &url);
        assert_eq!(reply.status, status, "{url}");
        assert_eq!(reply.json()["status"] == "error", status != 200);
        assert_eq!(reply.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert_private(&reply);
    }
    // The signature is for the last value, and so is the answer.
    for (path, other) in [("/search?q=red", "q=smith"), ("/iframe?id=1", "id=2")] {
        let signed = server.signed_url(path);
        let fooled = fetch("GET", &signed.replace('?', &format!("?{other}&")));
        assert!(fooled.body.contains("Susan Red") && !fooled.body.contains("Smith"), "{}", fooled.body);
        assert_eq!(fetch("GET", &format!("{signed}&{other}")).status, 403, "{path}");
    }
    for (method, path, status) in
        [("POST", "/search?q=red", 405), ("HEAD", "/search?q=red", 200), ("GET", "/nowhere", 404)]
    {
        let reply = fetch(method, &server.signed_url(path));
        assert_eq!(reply.status, status, "{method} {path}");
        assert_private(&reply);
        assert_eq!(reply.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    }
    assert_eq!(fetch("POST", &signed).header("allow"), "GET,HEAD");
    let (_, log) = server.stop_by("INT");
    assert!(log.lines().all(|line| line.starts_with("refused: ")) && log.contains("does not match"), "{log}");
    assert!(!log.contains("sig=") && !log.contains("q="), "{log}");
}
