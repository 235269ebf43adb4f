//! The small server over real sockets.

mod common;

use common::server::{Server, fetch};

#[test]
fn only_what_is_signed_is_answered() {
    let server = Server::of("server", &[]);
    assert_eq!(server.get("/search?q=RED").body, r#"{"results":[{"id":1,"name":"Susan Red"}]}"#);
    // As the README has it, and in that order.
    let found = r#"{"results":[{"id":5,"name":"Agnes Smithers"},{"id":2,"name":"John Smith"}]}"#;
    assert_eq!(server.get("/search?q=smith").body, found);
    let page = server.get("/iframe?id=1");
    assert!(page.status == 200 && page.body.contains("<h1>Susan Red</h1>"), "{page:?}");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; frame-ancestors https://app.socialsignin.net https://www.orlo.app"
    );
    let signed = server.signed_url("/search?q=red");
    let day = 24 * 60 * 60;
    let ahead = |seconds: u64| {
        let key = signed_query::Key::new(common::server::SECRET).unwrap();
        key.sign_url(&server.url("/search?q=red"), common::server::now() + seconds).unwrap()
    };
    for (url, status) in [
        (format!("{signed}&message_sentiment=good"), 200),
        (signed.replace("?q=red", "?q=smith&q=red"), 200),
        (signed.replace("q=red", "q=rex"), 403),
        (format!("{signed}&q=smith"), 403),
        (server.signed_url_with("another", "/search?q=red"), 403),
        (ahead(day - 60), 200),
        (ahead(day + 60), 403),
        (server.url("/search?q=red"), 400),
        (server.signed_url("/search"), 400),
        (server.signed_url("/search?q="), 400),
        (server.signed_url("/iframe"), 400),
        (server.signed_url("/iframe?id=99"), 404),
        (server.url("/nowhere"), 404),
    ] {
        let reply = fetch("GET", &url);
        assert_eq!(reply.status, status, "{url}");
        assert_eq!(reply.json()["status"] == "error", status != 200, "{url}");
        assert_eq!(
            (reply.header("referrer-policy"), reply.header("cache-control")),
            ("no-referrer", "no-store")
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    }
    // The signature is for the last value, and so is the answer.
    for (path, other) in [("/search?q=red", "q=smith"), ("/iframe?id=1", "id=2")] {
        let signed = server.signed_url(path);
        let fooled = fetch("GET", &signed.replace('?', &format!("?{other}&")));
        assert!(fooled.body.contains("Susan Red") && !fooled.body.contains("Smith"), "{}", fooled.body);
        assert_eq!(fetch("GET", &format!("{signed}&{other}")).status, 403, "{path}");
    }
    let posted = fetch("POST", &signed);
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    assert_eq!(fetch("HEAD", &signed).status, 200);
}
