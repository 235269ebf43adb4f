//! Bodies and answers, as many at once as there are connections.

mod common;

use std::{
    io::{Read, Write},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use common::{
    client::{Client, connect_small},
    folder::Folder,
    server::{SECRET, Server},
    webhook::{HOOK_ID, hash, head, notify},
};
use rusqlite::Connection;

const MEBIBYTE: usize = 1024 * 1024;

/// The server holds as many as it serves connections, each but for its last byte.
#[test]
fn bodies_held_at_once_are_bounded_together() {
    let server = Server::with(&[("LOG", "info")]);
    let bad = hash("another secret", "");
    let body = "x".repeat(MEBIBYTE - 1);
    let answered = AtomicUsize::new(0);
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
                        answered.fetch_add(usize::from(status.is_ok()), Ordering::Relaxed);
                    }
                }
            });
        }
        // Meanwhile a notification of usual size gets through.
        for nth in 0..20 {
            let body = format!(r#"{{"nth":{nth}}}"#);
            assert_eq!(notify(&server, body).status, 200);
            thread::sleep(Duration::from_millis(200));
        }
    });
    let memory = server.highest_memory();
    assert!(memory < 100 * 1024, "{memory} KiB");
    // Of 512: 404 to 511 were measured.
    let answered = answered.into_inner();
    assert!(answered > 100, "{answered}");
    // All room is free again.
    let body = "x".repeat(MEBIBYTE);
    for _ in 0..20 {
        assert_eq!(notify(&server, &body).status, 200);
    }
}

/// A piece of a byte does not keep the buffer that it came in.
#[test]
fn many_small_pieces_take_no_more_than_their_bytes() {
    let server = Server::with(&[("LOG", "info")]);
    let bad = hash("another secret", "");
    let send_pieces = |hash: &str, count: usize| {
        let mut client = Client::connect(server.address).unwrap();
        client.send(head(hash, "Transfer-Encoding: chunked")).unwrap();
        client.send("1\r\nx\r\n".repeat(count)).unwrap();
        client.send("0\r\n\r\n").unwrap();
        client.answer().unwrap().status
    };
    // They are put together again.
    assert_eq!(send_pieces(&hash(SECRET, "x".repeat(10_000)), 10_000), 200);
    thread::scope(|scope| {
        for _ in 0..16 {
            // So many at once may take longer than a body may.
            scope.spawn(|| assert!(matches!(send_pieces(&bad, 200_000), 403 | 408)));
        }
    });
    let memory = server.highest_memory();
    assert!(memory < 100 * 1024, "{memory} KiB");
}

/// Whether it says how long it is or not.
#[test]
fn a_body_may_have_a_mebibyte_and_no_byte_more() {
    let server = Server::start();
    for (length, status) in [(0, 200), (MEBIBYTE, 200), (MEBIBYTE + 1, 413)] {
        let body = "x".repeat(length);
        let chunks = body.as_bytes().chunks(100_000);
        let chunks = chunks.map(|chunk| format!("{:x}\r\n{}\r\n", chunk.len(), "x".repeat(chunk.len())));
        let chunked = chunks.collect::<String>() + "0\r\n\r\n";
        let hash = hash(SECRET, &body);
        for (framing, sent) in [
            (format!("Content-Length: {length}"), &body),
            ("Transfer-Encoding: chunked".to_owned(), &chunked),
        ] {
            let mut client = Client::connect(server.address).unwrap();
            client.send(head(&hash, &framing)).unwrap();
            client.send(sent).unwrap();
            let answer = client.answer().unwrap();
            assert_eq!(answer.status, status, "{length}, {framing}: {}", answer.body);
        }
    }
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

/// All connections that are served at a time send this, and read nothing until all is
/// answered, and then the status. Meanwhile `check` is done.
fn statuses_read_late(server: &Server, request: &str, check: impl FnOnce()) -> Vec<String> {
    let mut streams: Vec<_> = (0..512).map(|_| connect_small(server.address, 1024)).collect();
    for stream in &mut streams {
        stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // Who is refused early on need not read all.
        let _ = stream.write_all(request.as_bytes());
    }
    thread::sleep(Duration::from_secs(2));
    check();
    let status = |stream: &mut std::net::TcpStream| {
        let mut line = [0; 12];
        stream.read_exact(&mut line).ok().map(|()| String::from_utf8_lossy(&line[9..]).into_owned())
    };
    streams.iter_mut().filter_map(status).collect()
}

fn assert_memory_is_bounded(server: &Server) {
    let memory = server.highest_memory();
    println!("{memory} KiB");
    assert!(memory < 100 * 1024, "{memory} KiB");
}

/// Nothing of it is signed, and each character is six in the page that shows it.
#[test]
fn refused_notes_that_nobody_reads_are_bounded_together() {
    let server = Server::with(&[("LOG", "info")]);
    let note = format!("text={}", "\"".repeat(65_500));
    let request = format!(
        "POST /note?x=1 HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: {}\r\n\r\n{note}",
        note.len()
    );
    let statuses = statuses_read_late(&server, &request, || ());
    assert_memory_is_bounded(&server);
    assert!(statuses.iter().filter(|status| *status == "400").count() > 100, "{statuses:?}");
}

#[test]
fn large_pages_that_nobody_reads_are_bounded_together() {
    let folder = Folder::new("large-pages");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
    Connection::open(&file)
        .unwrap()
        .execute_batch(
            "INSERT INTO people (id, name) VALUES ('1', 'Anna'), ('2', 'Bert');
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
             INSERT INTO notes (person, written_at, text) SELECT '1', n, replace(hex(zeroblob(500)), '0', '<\"&>') FROM n;",
        )
        .unwrap();
    assert!(server.get("/iframe?id=1").body.len() < 300_000);
    let request = format!("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", server.signed_path("/iframe?id=1"));
    let statuses = statuses_read_late(&server, &request, || {
        assert_eq!(server.get("/iframe?id=2").status, 200);
    });
    assert_memory_is_bounded(&server);
    // There is room for 70 of them.
    assert!(statuses.iter().filter(|status| *status == "200").count() >= 50, "{statuses:?}");
    assert!(statuses.iter().all(|status| status == "200" || status == "503"), "{statuses:?}");
    // All room is free again.
    let deadline = Instant::now() + Duration::from_secs(20);
    for _ in 0..100 {
        while server.get("/iframe?id=1").status != 200 {
            assert!(Instant::now() < deadline, "the room for answers is not free again");
            thread::sleep(Duration::from_millis(100));
        }
    }
}
