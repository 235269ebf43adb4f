//! Bodies that nobody vouched for yet, all at once.

mod common;

use std::{thread, time::Duration};

use common::{
    client::Client,
    server::{SECRET, Server, hash, send},
};

const HOOK_ID: &str = "6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55";
const MEBIBYTE: usize = 1024 * 1024;

fn head(hash: &str, framing: &str) -> String {
    format!(
        "POST /webhook HTTP/1.1\r\nHost: a\r\nSocialSignIn-HookId: {HOOK_ID}\r\nSocialSignIn-Hash: {hash}\r\n\
         {framing}\r\n\r\n"
    )
}

/// The server holds as many as it serves connections, each but for its last byte.
#[test]
fn bodies_held_at_once_are_bounded_together() {
    let server = Server::with(&[("LOG", "info")]);
    let bad = hash("another secret", "");
    let body = "x".repeat(MEBIBYTE - 1);
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                let clients = (0..16).map(|_| {
                    let mut client = Client::connect(server.address).unwrap();
                    client.stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
                    let is_sent = client.send(head(&bad, &format!("Content-Length: {MEBIBYTE}"))).is_ok()
                        && client.send(&body).is_ok();
                    (client, is_sent)
                });
                let clients: Vec<_> = clients.collect();
                thread::sleep(Duration::from_secs(2));
                for (mut client, is_sent) in clients {
                    // Who got through is refused for what it sent, others for the time they took, or
                    // because others needed their slots.
                    if is_sent && client.send("x").is_ok() {
                        let status = client.answer().map(|answer| answer.status);
                        assert!(matches!(status, Ok(403 | 408 | 503) | Err(_)), "{status:?}");
                    }
                }
            });
        }
        // Meanwhile a notification of usual size gets through.
        for nth in 0..20 {
            let body = format!(r#"{{"nth":{nth}}}"#);
            let good = hash(SECRET, &body);
            let headers = [("SocialSignIn-HookId", HOOK_ID), ("SocialSignIn-Hash", &good)];
            assert_eq!(send("POST", &server.url("/webhook"), &headers, body).status, 200);
            thread::sleep(Duration::from_millis(200));
        }
    });
    let memory = server.highest_memory();
    assert!(memory < 100 * 1024, "{memory} KiB");
    // All room is free again.
    let body = "x".repeat(MEBIBYTE);
    for _ in 0..20 {
        let good = hash(SECRET, &body);
        let headers = [("SocialSignIn-HookId", HOOK_ID), ("SocialSignIn-Hash", &good)];
        assert_eq!(send("POST", &server.url("/webhook"), &headers, &body).status, 200);
    }
}

/// A piece of a byte does not keep the buffer that it came in.
#[test]
fn many_small_pieces_take_no_more_than_their_bytes() {
    let server = Server::with(&[("LOG", "info")]);
    let bad = hash("another secret", "");
    let pieces = "1\r\nx\r\n".repeat(200_000);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut client = Client::connect(server.address).unwrap();
                client.send(head(&bad, "Transfer-Encoding: chunked")).unwrap();
                client.send(&pieces).unwrap();
                client.send("0\r\n\r\n").unwrap();
                assert!(matches!(client.answer().unwrap().status, 403 | 408));
            });
        }
    });
    let memory = server.highest_memory();
    assert!(memory < 100 * 1024, "{memory} KiB");
}

/// No body could make these good.
#[test]
fn headers_are_checked_before_a_body_is_read() {
    let server = Server::start();
    let good = hash(SECRET, "{}");
    for (path, id, hash, status) in [
        ("/webhook", HOOK_ID, &*good.to_uppercase(), 403),
        ("/webhook", HOOK_ID, &good[1..], 403),
        ("/webhook", HOOK_ID, "", 403),
        ("/webhook", "7", &good, 400),
        ("/webhook", "", &good, 400),
        ("/webhook/nobody", HOOK_ID, &good, 404),
    ] {
        let mut client = Client::connect(server.address).unwrap();
        client
            .send(format!(
                "POST {path} HTTP/1.1\r\nHost: a\r\nSocialSignIn-HookId: {id}\r\nSocialSignIn-Hash: {hash}\r\n\
                 Content-Length: 2\r\n\r\n"
            ))
            .unwrap();
        assert_eq!(client.answer().unwrap().status, status, "{path}, {id:?}, {hash:?}");
    }
}
