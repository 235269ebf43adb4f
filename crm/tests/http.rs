//! HTTP's own rules, and clients that keep to them in unusual ways.

mod common;

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::Duration,
};

use common::{
    client::Client,
    server::{SECRET, Server},
    webhook::{hash, head},
};

/// Sends bytes, and gives what comes back until the server closes.
fn exchange(server: &Server, bytes: impl AsRef<[u8]>) -> String {
    let mut connection = TcpStream::connect(server.address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection.write_all(bytes.as_ref()).unwrap();
    connection.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = connection.read_to_string(&mut answer);
    answer
}

/// As `nc -N` does, and what ends TLS for others.
#[test]
fn a_client_that_sends_nothing_more_gets_its_answer() {
    let server = Server::start();
    let search = format!("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", server.signed_path("/search?q=red"));
    let notification = |nth: usize| {
        let body = format!("{{\"number\":{nth}}}");
        head(&hash(SECRET, &body), &format!("Content-Length: {}", body.len())) + &body
    };
    let is_answered = |request: &str| exchange(&server, request).starts_with("HTTP/1.1 200 ");
    let answered = (0..100).filter(|nth| {
        let request = if nth % 2 == 0 { &search } else { &notification(*nth) };
        is_answered(request)
    });
    assert_eq!(answered.count(), 100);
    // All of those that it sent.
    assert_eq!(exchange(&server, search.repeat(3)).matches("HTTP/1.1 200 ").count(), 3);
}

/// Who does so in the middle of a request is not waited for.
#[test]
fn a_client_that_ends_within_a_request_is_let_go() {
    let server = Server::start();
    let head = head(&hash(SECRET, "{}"), "Content-Length: 2");
    for part in ["GET /sea", &*head, &format!("{head}{{")] {
        let answer = exchange(&server, part);
        assert!(!answer.starts_with("HTTP/1.1 200 "), "{part:?}: {answer}");
    }
}

#[test]
fn a_request_names_one_host() {
    let server = Server::start();
    let path = server.signed_path("/search?q=red");
    let status = |version: &str, hosts: &[&str]| {
        let hosts: String = hosts.iter().map(|host| format!("{host}\r\n")).collect();
        let answer =
            exchange(&server, format!("GET {path} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n"));
        answer.split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };
    for hosts in [
        &["Host: a"][..],
        &["host: a.example:8080"],
        &["Host: [::1]:80"],
        &["Host: 127.0.0.1"],
        &["Host: a_b.example"],
        &["Host: a:"],
        // As it stands in a request to no host at all.
        &["Host:"],
    ] {
        for version in ["1.1", "1.0"] {
            assert_eq!(status(version, hosts), 200, "{version}, {hosts:?}");
        }
    }
    assert_eq!((status("1.1", &[]), status("1.0", &[])), (400, 200));
    for hosts in [
        &["Host: a", "Host: a"][..],
        &["Host: a", "HOST: b"],
        &["Host:", "Host: a"],
        &["Host: a, b"],
        &["Host: a b"],
        &["Host: a/b"],
        &["Host: user@a"],
        &["Host: a:port"],
        &["Host: http://a"],
        &["Host: [::1"],
        &["Host: é"],
    ] {
        for version in ["1.1", "1.0"] {
            assert_eq!(status(version, hosts), 400, "{version}, {hosts:?}");
        }
    }
    let (_, log) = server.stop();
    assert!(log.contains("refused requests: 23 with malformed HTTP total=23\n"), "{log}");
}

/// To the byte, in one piece or in many, and behind another request.
#[test]
fn a_head_has_32_kib_however_it_comes() {
    const MOST: usize = 32 * 1024;
    let server = Server::start();
    let path = server.signed_path("/search?q=red");
    let request = |length: usize| {
        let start = format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-Padding: ");
        let padding = "a".repeat(length - start.len() - 4);
        format!("{start}{padding}\r\n\r\n")
    };
    let send = |client: &mut Client, bytes: &str, piece: usize| {
        for piece in bytes.as_bytes().chunks(piece) {
            if client.send(piece).is_err() {
                break; // refused already
            }
            if bytes.len() > piece.len() {
                thread::sleep(Duration::from_millis(2));
            }
        }
    };
    for (length, status) in [(MOST - 1, 200), (MOST, 200), (MOST + 1, 431), (MOST + 5000, 431)] {
        let request = request(length);
        for piece in [request.len(), 16 * 1024, 1000, MOST - 1, MOST] {
            let mut client = Client::connect(server.address).unwrap();
            send(&mut client, &request, piece);
            assert_eq!(client.answer().unwrap().status, status, "{length} in pieces of {piece}");
        }
        // A short one before it, and one behind it, all in one piece.
        let short = format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        let mut client = Client::connect(server.address).unwrap();
        let _ = client.send(format!("{short}{request}{short}"));
        assert_eq!(client.answer().unwrap().status, 200);
        assert_eq!(client.answer().unwrap().status, status, "{length} behind another");
        if status == 200 {
            assert_eq!(client.answer().unwrap().status, 200, "behind {length}");
        }
    }
    // It is not waited for its end; and whoever sends much more sees the refusal all the same.
    for length in [MOST + 5000, 1024 * 1024] {
        let mut client = Client::connect(server.address).unwrap();
        let _ = client.send(&request(length + 4)[..length]);
        assert_eq!(client.answer().unwrap().status, 431, "{length}");
    }
    let (_, log) = server.stop();
    assert!(log.contains("refused requests: 14 with too large headers total=14\n"), "{log}");
}

/// As balancers and clients send them that are set up wrong.
#[test]
fn malformed_http_is_counted() {
    let server = Server::start();
    for preamble in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01\0\x01\0\x02GET /health HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"GET /health HTTP/1.1\r\nNo colon\r\n\r\n",
    ] {
        let mut connection = TcpStream::connect(server.address).unwrap();
        connection.write_all(preamble).unwrap();
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(preamble));
    }
    // Whoever only looks whether somebody listens, or goes away, is none of them.
    drop(TcpStream::connect(server.address).unwrap());
    exchange(&server, "GET /hea");
    let (_, log) = server.stop();
    assert!(log.contains("refused requests: 6 with malformed HTTP total=6\n"), "{log}");
}
