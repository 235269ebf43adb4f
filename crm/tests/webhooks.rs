//! Webhooks, over real sockets: which are stored and acknowledged, and which are refused.

mod common;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use common::{
    folder::Folder,
    server::{Server, fetch, now, send},
    webhook::{self, HOOK_BODY, HOOK_HASH, HOOK_ID, notify_example},
};
use rusqlite::{Connection, Row};
use serde_json::json;

#[test]
fn a_webhook_is_stored_once_for_its_hash_and_acknowledged_each_time() {
    let folder = Folder::new("webhook");
    let file = folder.file("people.db");
    let variables =
        [("DATABASE", &*file), ("WEBHOOK_SECRET", "testsecret"), ("WEBHOOK_SECRET_ORDERS", "orders")];
    let before = now();
    for _ in 0..2 {
        let server = Server::with(&variables);
        for _ in 0..2 {
            let answer = json!({
                "verification-hash": "70d57128a1047c499ce30b3d518341aa4fc9e9200e30d9bb9152f99955ba081d"
            });
            let reply = notify_example(&server);
            assert_eq!((reply.status, reply.json()), (200, answer));
        }
        // Another id is no other hash, and another webhook's secret is. However an id is written, it is one.
        let other_id = "00000000-0000-0000-0000-000000000000";
        let in_capitals = &*format!("{{{}}}", HOOK_ID.to_uppercase());
        for (path, id, hash) in [
            ("/webhook", other_id, HOOK_HASH),
            ("/webhook/orders", in_capitals, &*webhook::hash("orders", HOOK_BODY)),
            ("/webhook/orders", other_id, &*webhook::hash("orders", HOOK_BODY)),
        ] {
            let headers = [("SocialSignIn-HookId", id), ("SocialSignIn-Hash", hash)];
            assert_eq!(send("POST", &server.url(path), &headers, HOOK_BODY).status, 200, "{path} {id}");
        }
    }
    let rows = "SELECT hook_id, hash, body FROM notifications ORDER BY rowid";
    let connection = Connection::open(&file).unwrap();
    let mut statement = connection.prepare(rows).unwrap();
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let stored = statement.query_map([], read).unwrap();
    let stored: Vec<(String, String, Vec<u8>)> = stored.map(Result::unwrap).collect();
    let row = |hash: &str| (HOOK_ID.to_owned(), hash.to_owned(), HOOK_BODY.into());
    assert_eq!(stored, [row(HOOK_HASH), row(&webhook::hash("orders", HOOK_BODY))]);
    let just_now =
        format!("SELECT count(*) FROM notifications WHERE received_at BETWEEN {before} AND {}", now());
    assert_eq!(connection.query_one(&just_now, [], |row| row.get::<_, i64>(0)), Ok(2));
}

#[test]
fn a_webhook_that_is_not_vouched_for_is_refused_and_not_stored() {
    let folder = Folder::new("webhook-refused");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("WEBHOOK_SECRET", "testsecret")]);
    let status =
        |headers: &[(&str, &str)], body: &str| send("POST", &server.url("/webhook"), headers, body).status;
    let [id, hash] = webhook::headers(HOOK_HASH);
    assert_eq!(status(&[id], HOOK_BODY), 400);
    assert_eq!(status(&[hash], HOOK_BODY), 400);
    assert_eq!(status(&[("SocialSignIn-HookId", "7"), hash], HOOK_BODY), 400);
    assert_eq!(status(&[id, hash], r#"{"test":"date"}"#), 403);
    let reply = fetch("GET", &server.url("/webhook"));
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
    let count = "SELECT count(*) FROM notifications";
    assert_eq!(Connection::open(&file).unwrap().query_one(count, [], |row| row.get::<_, i64>(0)), Ok(0));
}

#[test]
fn webhooks_use_the_usual_secret_unless_they_have_their_own() {
    assert_eq!(notify_example(&Server::start()).status, 403);
    assert_eq!(notify_example(&Server::with(&[("SECRET", "testsecret")])).status, 200);
    assert_eq!(
        notify_example(&Server::with(&[("SECRET", "testsecret"), ("WEBHOOK_SECRET", "other")])).status,
        403
    );
    assert_eq!(notify_example(&Server::with(&[("PREVIOUS_SECRET", "testsecret")])).status, 200);
    // Whatever the iframe has.
    assert_eq!(
        notify_example(&Server::with(&[("SECRET", "testsecret"), ("IFRAME_SECRET", "other")])).status,
        200
    );
    assert_eq!(notify_example(&Server::with(&[("IFRAME_SECRET", "testsecret")])).status, 403);
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
