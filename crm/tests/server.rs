//! Drives the built example server over real sockets, as the platform would.

mod common;

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Output,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use common::{
    crm::crm,
    folder::Folder,
    server::{Reply, SECRET, Server, fetch, not_started, now, send},
    webhook::{self, HOOK_ID},
};
use rusqlite::Connection;
use serde_json::json;
use sha2::{Digest, Sha256};
use signed_query::{Key, UNSIGNED_BY_PLATFORM};

#[test]
fn a_signed_search_finds_people_in_any_case() {
    let server = Server::start();
    assert_eq!(server.get("/search?q=red").body, r#"{"results":[{"id":1,"name":"Susan Red"}]}"#);
    let names = |query: &str| {
        let results = server.get(query).json()["results"].take();
        results
            .as_array()
            .unwrap()
            .iter()
            .map(|person| person["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("/search?q=SMITH"), ["Agnes Smithers", "John Smith"]);
    for e_acute in ["%C3%A9mile", "%C3%89MILE"] {
        assert_eq!(names(&format!("/search?q={e_acute}")), ["Émile Noir"]);
    }
    for nobody in ["%25", "_", "s%25n", "' OR 1=1 --", "%00"] {
        assert_eq!(names(&format!("/search?q={nobody}")), [""; 0], "{nobody}");
    }
}

#[test]
fn the_platforms_example_request_has_expired() {
    let server = Server::start();
    let reply = fetch(
        "GET",
        &server.url(
            "/search?q=red&expires=1500472622\
             &sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c",
        ),
    );
    assert_eq!(error_of(&reply), (403, "the signature is wrong or has expired".into()));
}

#[test]
fn a_signed_iframe_shows_the_person() {
    let server = Server::start();
    let reply = server.get("/iframe?id=1");
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"));
    for shown in [
        "Susan Red",
        "susan.red@example.com",
        "https://crm.example/people/1",
        "2025",
        "2,480.50",
        "larger size",
    ] {
        assert!(reply.body.contains(shown), "{shown} is not in {}", reply.body);
    }
}

#[test]
fn what_is_malformed_is_400() {
    let server = Server::start();
    let signed = server.signed_url("/search?q=red");
    let (unsigned, signature) = signed.split_once("&sig=").unwrap();
    let bad = [
        server.url("/search"),
        server.url("/search?q=red"),
        unsigned.to_owned(),
        format!("{unsigned}&sig[]={signature}"),
        signed.replace("expires=", "expired="),
        signed.replace("expires=", "expires=x"),
        signed.replace("expires=", "expires[]="),
        server.signed_url("/search"),
        server.signed_url("/search?q[]=red"),
        server.signed_url("/search?q=%FF"),
        server.signed_url("/iframe"),
        server.signed_url("/iframe?id[x]=1"),
        format!("{signed}&{}", "a&".repeat(1000)),
        format!("{signed}&a{}", "[]".repeat(65)),
    ];
    for url in bad {
        assert_eq!(error_of(&fetch("GET", &url)).0, 400, "{url}");
    }
}

#[test]
fn what_is_not_vouched_for_is_403_and_never_says_why() {
    let server = Server::start();
    let signed = server.signed_url("/search?q=red");
    let expired = Key::new(SECRET).unwrap().sign_url(&server.url("/search?q=red"), now() - 1).unwrap();
    let bad = [
        signed.replace("q=red", "q=rex"),
        signed.replace("q=red", "q=red&a=1"),
        signed.replace("&sig=", "&sig=0"),
        server.signed_url_with("another secret", "/search?q=red"),
        expired,
    ];
    for url in bad {
        let reply = fetch("GET", &url);
        assert_eq!(error_of(&reply), (403, "the signature is wrong or has expired".into()), "{url}");
    }
    let (_, log) = server.stop();
    assert!(log.contains("does not match") && log.contains("expired at"), "{log}");
}

#[test]
fn what_does_not_exist_is_404() {
    let server = Server::start();
    assert_eq!(error_of(&server.get("/iframe?id=99")).0, 404);
    assert_eq!(error_of(&server.get("/iframe?id=")).0, 404);
    assert_eq!(error_of(&server.get("/?q=red")).0, 404);
    assert_eq!(error_of(&server.get("/search/?q=red")).0, 404);
}

#[test]
fn another_method_is_405_and_head_works_as_get() {
    let server = Server::start();
    for path in ["/search?q=red", "/iframe?id=1"] {
        let url = server.signed_url(path);
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let reply = fetch(method, &url);
            let error = (405, "only GET and HEAD can be used here".to_owned());
            assert_eq!((error_of(&reply), reply.header("allow")), (error, "GET, HEAD"), "{method} {path}");
        }
        let (get, head) = (fetch("GET", &url), fetch("HEAD", &url));
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.header("content-length"), get.body.len().to_string());
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
    assert_eq!(fetch("HEAD", &server.url("/search?q=red")).status, 400);
}

#[test]
fn every_answer_keeps_the_credential_to_itself() {
    let server = Server::with(&[("WEBHOOK_SECRET", "testsecret")]);
    let page = server.get("/iframe?id=1");
    let note = server.note_url(&page);
    let added = send("POST", &note, &[], "text=a");
    let framed = [("Accept", "text/html")];
    let answers = [
        ("a search", server.get("/search?q=red"), 200, false),
        ("a page", fetch("GET", &server.signed_url("/iframe?id=1")), 200, true),
        ("no note", fetch("POST", &note), 400, false),
        ("a link's page", server.follow(&added), 200, true),
        ("a note that is added", added, 303, false),
        ("no note in a form", send("POST", &note, &framed, "text="), 400, true),
        ("another note", send("POST", &note, &[], "text=b"), 409, false),
        ("a notification", notify(&server), 200, false),
        ("health", fetch("GET", &server.url("/health")), 200, false),
        ("nobody", server.get("/iframe?id=99"), 404, false),
        ("no path", server.get("/nowhere"), 404, false),
        ("another method", fetch("GET", &note), 405, false),
        ("no signature", fetch("GET", &server.url("/search?q=red")), 400, false),
        ("no signature of a page", send("GET", &server.url("/iframe?id=1"), &framed, ""), 400, true),
        ("HEAD", fetch("HEAD", &server.signed_url("/search?q=red")), 200, false),
    ];
    let page_policy = page.header("content-security-policy");
    for (name, reply, status, is_page) in answers {
        assert_eq!(reply.status, status, "{name}: {}", reply.body);
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{name}");
        assert_eq!(reply.header("cache-control"), "no-store", "{name}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{name}");
        assert!(reply.header("permissions-policy").contains("camera=()"), "{name}");
        let readers = if is_page { "cross-origin" } else { "same-origin" };
        assert_eq!(reply.header("cross-origin-resource-policy"), readers, "{name}");
        let policy = if is_page { page_policy } else { "default-src 'none'; frame-ancestors 'none'" };
        assert_eq!(reply.header("content-security-policy"), policy, "{name}");
        let content_type = if is_page { "text/html; charset=utf-8" } else { "application/json" };
        assert_eq!(reply.header("content-type"), content_type, "{name}");
    }
}

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
fn html_and_sql_in_names_and_in_the_query_are_text() {
    let folder = Folder::new("text");
    let file = folder.file("people.db");
    let nasty = r#"<script>alert("1")</script>'); DROP TABLE people; --"#;
    {
        let _server = Server::with(&[("DATABASE", &file)]);
        let insert =
            "INSERT INTO people (id, name, email, crm_url) VALUES ('x''y', ?1, ?1, 'javascript:alert(1)')";
        Connection::open(&file).unwrap().execute(insert, [nasty]).unwrap();
    }
    let server = Server::with(&[("DATABASE", &file)]);
    let url = Key::new(SECRET).unwrap().sign([("q", nasty)], now() + 60).unwrap();
    let reply = fetch("GET", &server.url(&format!("/search?{url}")));
    assert_eq!(reply.json(), json!({ "results": [{ "id": "x'y", "name": nasty }] }));
    let page = server.get("/iframe?id=x'y").body;
    assert!(page.contains("&lt;script&gt;"), "{page}");
    assert!(!page.contains("<script") && !page.contains("javascript:"), "{page}");
    assert_eq!(server.get("/iframe?id=1' OR '1'='1").status, 404);
}

#[test]
fn results_are_ordered_and_capped() {
    let folder = Folder::new("capped");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let connection = Connection::open(&file).unwrap();
    for number in (0..70).rev() {
        let insert = "INSERT INTO people (id, name) VALUES (?1, ?2)";
        connection.execute(insert, (format!("id{number}"), format!("Person {number:02}"))).unwrap();
    }
    let results = server.get("/search?q=person").json()["results"].take();
    let names: Vec<_> =
        results.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap()).collect();
    assert_eq!(names, (0..50).map(|number| format!("Person {number:02}")).collect::<Vec<_>>());
}

#[test]
fn a_database_file_survives_a_restart() {
    let folder = Folder::new("restart");
    let file = folder.file("people.db");
    let variables = [("DATABASE", file.as_str())];
    let server = Server::with(&variables);
    assert_eq!(server.get("/search?q=a").body, r#"{"results":[]}"#);
    Connection::open(&file)
        .unwrap()
        .execute("INSERT INTO people (id, name) VALUES ('7', 'Anna')", [])
        .unwrap();
    let found = r#"{"results":[{"id":7,"name":"Anna"}]}"#;
    assert_eq!(server.get("/search?q=a").body, found);
    assert!(server.stop().0.success());
    assert_eq!(Server::with(&variables).get("/search?q=a").body, found);
}

#[test]
fn what_the_platform_adds_unsigned_does_not_spoil_the_signature() {
    let server = Server::start();
    let signed = server.signed_url("/iframe?id=1");
    let added: String = UNSIGNED_BY_PLATFORM.iter().map(|name| format!("&{name}=a+b%2F%C3%A9")).collect();
    assert_eq!(fetch("GET", &format!("{signed}{added}")).status, 200);
    assert_eq!(fetch("GET", &format!("{signed}{added}&message_other=1")).status, 403);
}

#[test]
fn a_repeated_parameter_can_not_fool_the_handler() {
    let server = Server::start();
    // The signature is for the last value, and so is the answer.
    let assert_about_susan = |url: &str, other: &str| {
        let answer = fetch("GET", &url.replace('?', &format!("?{other}&"))).body;
        assert!(answer.contains("Susan Red") && !answer.contains("John Smith"), "{url}: {answer}");
        assert_eq!(fetch("GET", &format!("{url}&{other}")).status, 403, "{url}");
    };
    assert_about_susan(&server.signed_url("/search?q=red"), "q=smith");
    assert_about_susan(&server.signed_url("/iframe?id=1"), "id=2");
    let note = server.note_url(&server.get("/iframe?id=1"));
    let added = send("POST", &note.replace('?', "?id=2&"), &[], "text=a");
    assert!(
        added.status == 303 && added.header("location").contains("?id=1&"),
        "{}",
        added.header("location")
    );
    assert_about_susan(&server.location(&added), "id=2");
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
    // A variable that is empty is as good as not set.
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

#[test]
fn a_request_in_flight_is_answered_before_the_server_ends() {
    for signal in ["TERM", "INT"] {
        let server = Server::start();
        let path = server.signed_path("/search?q=red");
        let mut connection = TcpStream::connect(server.address).unwrap();
        write!(connection, "GET {path} HTTP/1.1\r\nHost: a\r\n").unwrap();
        std::thread::sleep(Duration::from_millis(200));
        server.signal(signal);
        std::thread::sleep(Duration::from_millis(200));
        write!(connection, "\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("Susan Red"), "{signal}: {answer}");
        assert!(server.wait().0.success());
    }
}

#[test]
fn a_request_that_never_ends_does_not_keep_the_server_from_ending() {
    let server = Server::start();
    let mut connection = TcpStream::connect(server.address).unwrap();
    write!(connection, "GET /search HTTP/1.1\r\nHost: a\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(server.stop().0.success());
}

#[test]
fn slow_headers_time_out() {
    let server = Server::start();
    let start = Instant::now();
    let mut connection = TcpStream::connect(server.address).unwrap();
    write!(connection, "GET /search HTTP/1.1\r\n").unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    // A header line each second would go on for ever.
    while connection.write_all(b"X-Slow: 1\r\n").is_ok() && connection.read(&mut [0; 512]).is_err() {
        assert!(start.elapsed() < Duration::from_secs(30), "the server still waits");
    }
    assert!(start.elapsed() > Duration::from_secs(8), "{:?}", start.elapsed());
    assert_eq!(server.get("/search?q=red").status, 200);
}

const HOOK_BODY: &str = r#"{"test":"data"}"#;
const HOOK_HASH: &str = "e123f721ae689ad2a06b5eed0838238f27e5c71d2159c258e73c651c98f17bdf";

/// Sends the notification of the protocol's example, which `testsecret` hashed.
fn notify(server: &Server) -> Reply {
    let headers = [("SocialSignIn-HookId", HOOK_ID), ("socialsignin-hash", HOOK_HASH)];
    send("POST", &server.url("/webhook"), &headers, HOOK_BODY)
}

#[test]
fn a_webhook_is_stored_once_and_acknowledged_each_time() {
    let folder = Folder::new("webhook");
    let file = folder.file("people.db");
    let variables = [("DATABASE", &*file), ("WEBHOOK_SECRET", "testsecret")];
    for _ in 0..2 {
        let server = Server::with(&variables);
        for _ in 0..2 {
            let answer = json!({
                "verification-hash": "70d57128a1047c499ce30b3d518341aa4fc9e9200e30d9bb9152f99955ba081d"
            });
            let reply = notify(&server);
            assert_eq!((reply.status, reply.json()), (200, answer));
        }
    }
    let rows = "SELECT hook_id, hash, body FROM notifications";
    let connection = Connection::open(&file).unwrap();
    let mut statement = connection.prepare(rows).unwrap();
    let stored = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let stored: Vec<(String, String, Vec<u8>)> = stored.map(Result::unwrap).collect();
    assert_eq!(stored, [(HOOK_ID.into(), HOOK_HASH.into(), HOOK_BODY.into())]);
}

#[test]
fn a_webhook_that_is_not_vouched_for_is_refused_and_not_stored() {
    let folder = Folder::new("webhook-refused");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("WEBHOOK_SECRET", "testsecret")]);
    let status = |headers: &[(&str, &str)], body: &str| {
        error_of(&send("POST", &server.url("/webhook"), headers, body)).0
    };
    let [id, hash] = webhook::headers(HOOK_HASH);
    assert_eq!(status(&[id], HOOK_BODY), 400);
    assert_eq!(status(&[hash], HOOK_BODY), 400);
    assert_eq!(status(&[("SocialSignIn-HookId", "7"), hash], HOOK_BODY), 400);
    assert_eq!(status(&[id, hash], r#"{"test":"date"}"#), 403);
    assert_eq!(status(&[id, hash], &"x".repeat(1024 * 1024 + 1)), 413);
    assert_eq!(status(&[id, hash], &"x".repeat(1024 * 1024)), 403);
    let reply = fetch("GET", &server.url("/webhook"));
    assert_eq!((error_of(&reply).0, reply.header("allow")), (405, "POST"));
    let count = "SELECT count(*) FROM notifications";
    assert_eq!(Connection::open(&file).unwrap().query_one(count, [], |row| row.get::<_, i64>(0)), Ok(0));
}

#[test]
fn webhooks_use_the_usual_secret_unless_they_have_their_own() {
    assert_eq!(notify(&Server::start()).status, 403);
    assert_eq!(notify(&Server::with(&[("SECRET", "testsecret")])).status, 200);
    assert_eq!(notify(&Server::with(&[("SECRET", "testsecret"), ("WEBHOOK_SECRET", "other")])).status, 403);
    assert_eq!(notify(&Server::with(&[("PREVIOUS_SECRET", "testsecret")])).status, 200);
    // Whatever the iframe has.
    assert_eq!(notify(&Server::with(&[("SECRET", "testsecret"), ("IFRAME_SECRET", "other")])).status, 200);
    assert_eq!(notify(&Server::with(&[("IFRAME_SECRET", "testsecret")])).status, 403);
}

#[test]
fn a_body_that_never_comes_times_out() {
    let server = Server::start();
    let start = Instant::now();
    let mut connection = TcpStream::connect(server.address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(connection, "{}123", webhook::head(HOOK_HASH, "Content-Length: 5")).unwrap();
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert!(start.elapsed() > Duration::from_secs(8), "{:?}", start.elapsed());
    drop(connection);
    let (_, log) = server.stop();
    assert!(log.contains("refused requests: 1 with too slow a body total=1\n"), "{log}");
}

/// The status of an error, which is JSON, and what it says.
fn error_of(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    assert_eq!(body["status"], "error", "{}", reply.body);
    (reply.status, body["error"].as_str().unwrap().to_owned())
}
