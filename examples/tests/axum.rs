//! The axum example over real sockets.

mod common;

use common::server::{Server, fetch};

#[test]
fn the_extractor_hands_out_verified_parameters_only() {
    let server = Server::of("axum", &[]);
    assert_eq!(server.get("/search?q=RED").body, r#"{"results":[{"id":"1","name":"Susan Red"}]}"#);
    let page = server.get("/iframe?id=1");
    assert!(page.status == 200 && page.body.contains("<h1>Susan Red</h1>"), "{page:?}");
    assert!(page.body.contains(r#"<html lang="en"><head><title>Susan Red</title>"#), "{page:?}");
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors https://app.socialsignin.net https://www.orlo.app")
    );
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));

    let signed = server.signed_url("/search?q=red");
    let cases = [
        (format!("{signed}&message_sentiment=good"), 200),
        (signed.replace("?q=red", "?q=smith&q=red"), 200),
        (signed.replace("q=red", "q=rex"), 403),
        (server.signed_url_with("another", "/search?q=red"), 403),
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
    }
    assert_eq!(fetch("POST", &signed).status, 405);
}
