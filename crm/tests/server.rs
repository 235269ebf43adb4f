//! The platform's requests, over real sockets: what is answered, and what is refused.

mod common;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use common::{
    folder::Folder,
    server::{Reply, SECRET, Server, fetch, now, send},
    webhook::notify_example,
};
use rusqlite::Connection;
use serde_json::json;
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
fn a_malformed_request_is_400() {
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
fn a_request_that_is_not_valid_is_403_and_never_says_why() {
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
fn a_person_or_a_path_that_does_not_exist_is_404() {
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
        ("a notification", notify_example(&server), 200, false),
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
fn unsigned_parameters_of_the_platform_do_not_spoil_the_signature() {
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

/// The status of an error, which is JSON, and what it says.
fn error_of(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    assert_eq!(body["status"], "error", "{}", reply.body);
    (reply.status, body["error"].as_str().unwrap().to_owned())
}
