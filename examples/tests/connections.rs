//! Connections of each of the examples: slow ones, and those that are there at the end.

mod common;

use std::{
    thread,
    time::{Duration, Instant},
};

use common::{
    client::Client,
    example::{OF_LINKS, PLATFORM, example},
    server::Server,
    unwritable,
};

/// More than a pipe holds, with a line for each.
const REQUESTS: usize = 1500;

#[test]
fn a_log_that_can_not_be_written_holds_up_no_request() {
    // But for `server`, which has no log.
    for name in ["axum", "links"] {
        for (log, stderr, _kept) in unwritable::all() {
            let server = Server::spawn_logging_to(stderr, &mut example(name), &OF_LINKS);
            let mut client = Client::connect(server.address).unwrap();
            for _ in 0..REQUESTS * 2 {
                assert_eq!(client.get("/search?q=red").unwrap().status, 400, "{name}, {log}");
            }
            if name == "axum" {
                assert_eq!(server.get("/search?q=red").status, 200, "{log}");
            }
            drop(client);
            assert_eq!(server.stop_by("INT").0.code(), Some(0), "{name}, {log}");
        }
    }
}

/// Long before the ten seconds that requests in flight have.
#[test]
fn an_idle_example_ends_at_once() {
    for name in PLATFORM {
        let server = Server::of(name, &[]);
        assert_eq!(server.get("/search?q=red").status, 200);
        let start = Instant::now();
        assert!(server.stop_by("INT").0.success());
        assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn a_request_in_flight_at_the_end_is_answered() {
    for (name, status) in [("server", 200), ("axum", 200), ("links", 400)] {
        let server = Server::of(name, &OF_LINKS);
        let mut client = Client::connect(server.address).unwrap();
        client.send(format!("GET {} HTTP/1.1\r\nHost: a\r\n", server.signed_path("/search?q=red"))).unwrap();
        thread::sleep(Duration::from_millis(200));
        server.signal("INT");
        thread::sleep(Duration::from_millis(200));
        client.send("\r\n").unwrap();
        assert_eq!(client.answer().unwrap().status, status, "{name}");
        assert!(server.wait().0.success(), "{name}");
    }
}

/// But by `axum`, which leaves that to the proxy. Who is refused may see no answer, if it
/// sends on.
#[test]
fn headers_over_32_kib_are_not_read() {
    for (name, is_found) in [("server", 200), ("links", 400)] {
        let server = Server::of(name, &OF_LINKS);
        let path = server.signed_path("/search?q=red");
        for (length, is_read) in [(30 * 1024, true), (100 * 1024, false)] {
            let mut client = Client::connect(server.address).unwrap();
            let padding = "a".repeat(length);
            let _ = client.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-Padding: {padding}\r\n\r\n"));
            let status = client.answer().map(|answer| answer.status);
            assert!(
                if is_read {
                    matches!(status, Ok(status) if status == is_found)
                } else {
                    matches!(status, Ok(431) | Err(_))
                },
                "{name}, {length}: {status:?}"
            );
        }
    }
}

/// But in `axum`, which leaves that to the proxy.
#[test]
fn slow_headers_time_out() {
    thread::scope(|scope| {
        for name in ["server", "links"] {
            scope.spawn(move || {
                let server = Server::of(name, &OF_LINKS);
                let start = Instant::now();
                let mut client = Client::connect(server.address).unwrap();
                client.send("GET /search HTTP/1.1\r\nHost: a\r\n").unwrap();
                while client.send("X-Slow: 1\r\n").is_ok() {
                    assert!(start.elapsed() < Duration::from_secs(40), "{name} still waits");
                    thread::sleep(Duration::from_secs(1));
                }
                assert!(start.elapsed() > Duration::from_secs(8), "{name}: {:?}", start.elapsed());
                let status = if name == "links" { 400 } else { 200 };
                assert_eq!(server.get("/search?q=red").status, status, "{name}");
            });
        }
    });
}
