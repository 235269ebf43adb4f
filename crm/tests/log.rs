//! A log that can't be written harms nothing.

mod common;

use std::{
    io::{self, BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use common::{
    client::Client,
    crm::crm,
    folder::Folder,
    server::{SECRET, Server, fetch, kill, now, send},
    unwritable,
    webhook::{hash, head, headers},
};
use rusqlite::Connection;
use signed_query::Key;

/// More than a pipe holds, with a line for each.
const REQUESTS: usize = 1500;

#[test]
fn a_log_that_can_not_be_written_holds_up_neither_requests_nor_the_end() {
    for level in ["debug", "info", "trace"] {
        for (name, stderr, _kept) in unwritable::all() {
            let folder = Folder::new(&format!("log-{level}-{name}"));
            let file = folder.file("people.db");
            let server = Server::logging_to(stderr, &[("LOG", level), ("DATABASE", &file)]);
            let (valid, unsigned) = (server.signed_path("/search?q=red"), "/search?q=red");
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        let mut client = Client::connect(server.address).unwrap();
                        for nth in 0..REQUESTS / 4 {
                            let (path, status) = if nth % 2 == 0 { (&*valid, 200) } else { (unsigned, 400) };
                            assert_eq!(client.get(path).unwrap().status, status, "{level}, {name}");
                        }
                    });
                }
            });
            // What is sent before the signal is stored.
            let mut client = Client::connect(server.address).unwrap();
            let hash = hash(SECRET, "{}");
            client.send(head(&hash, "Content-Length: 2") + "{").unwrap();
            server.signal("TERM");
            client.send("}").unwrap();
            assert_eq!(client.answer().unwrap().status, 200, "{level}, {name}");
            drop(client);
            assert_eq!(server.wait().0.code(), Some(0), "{level}, {name}");
            let stored = Connection::open(&file).unwrap();
            let stored =
                stored.query_one("SELECT hash FROM notifications", [], |row| row.get::<_, String>(0));
            assert_eq!(stored, Ok(hash));
        }
    }
}

#[test]
fn lines_that_nobody_reads_in_time_are_left_out_and_counted() {
    let (unread, stuck) = io::pipe().unwrap();
    let server = Server::logging_to(stuck, &[("LOG", "debug")]);
    let mut client = Client::connect(server.address).unwrap();
    // More than the pipe holds, and than may wait.
    for _ in 0..REQUESTS * 3 {
        assert_eq!(client.get("/search?q=red").unwrap().status, 400);
    }
    let (mut written, mut left_out) = (0, 0);
    let (all, counted) = mpsc::channel();
    let reader = thread::spawn(move || {
        for line in BufReader::new(unread).lines().map(Result::unwrap) {
            match line.strip_suffix(" lines of the log were dropped") {
                Some(count) => left_out += count.parse::<usize>().unwrap(),
                None => written += usize::from(line.contains("status=400")),
            }
            if written + left_out == REQUESTS * 3 {
                let _ = all.send(left_out);
            }
        }
        (written, left_out)
    });
    let seen = counted.recv_timeout(Duration::from_secs(30));
    assert!(server.stop().0.success());
    assert!(seen.is_ok_and(|left_out| left_out > 0), "{:?}", reader.join());
}

/// What can't start says so with its status where it can't with words.
#[test]
fn a_server_that_can_not_start_ends_with_a_status_and_no_panic() {
    for (name, stderr, _kept) in unwritable::all() {
        let status = crm().stderr(stderr).stdout(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(1), "{name}");
    }
}

/// Whoever started it may not wait for its first line.
#[test]
fn the_first_line_need_not_be_read() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let (_, closed) = io::pipe().unwrap();
    let mut command: Command = crm();
    command.env("SECRET", SECRET).env("LISTEN", &address).stdout(closed).stderr(Stdio::piped());
    let process = command.spawn().unwrap();
    let connect = || Client::connect(address.parse().unwrap());
    let answered = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(50));
        connect().is_ok_and(|mut client| client.get("/nowhere").is_ok_and(|answer| answer.status == 404))
    });
    kill("TERM", process.id());
    let output = process.wait_with_output().unwrap();
    assert!(answered && output.status.success(), "{output:?}");
}

/// The secrets of the two sides differ, most likely: whoever tries it out for the first time
/// looks at a terminal.
#[test]
fn the_first_wrong_signature_is_said_at_once() {
    for (path, secret) in [
        ("/search?q=red", "SECRET"),
        ("/iframe?id=1", "IFRAME_SECRET"),
        ("/webhook", "WEBHOOK_SECRET"),
        ("/webhook/orders", "WEBHOOK_SECRET_ORDERS"),
    ] {
        let server = Server::with(&[("LOG", ""), ("WEBHOOK_SECRET_ORDERS", "another")]);
        let hash = "0".repeat(64);
        let refuse = |path: &str| match path.starts_with("/webhook") {
            true => send("POST", &server.url(path), &headers(&hash), "{}"),
            false => fetch("GET", &server.signed_url_with("another secret", path)),
        };
        for _ in 0..3 {
            assert_eq!(refuse(path).status, 403);
        }
        refuse("/search?q=blue");
        let deadline = Instant::now() + Duration::from_secs(30);
        while server.log().is_empty() {
            assert!(Instant::now() < deadline);
            thread::sleep(Duration::from_millis(10));
        }
        let (_, log) = server.stop();
        let lines: Vec<_> = log.lines().filter(|line| line.contains("a signature does not match")).collect();
        let [line] = lines[..] else { panic!("{log}") };
        let names = |name: &str| {
            line.split(|char: char| !char.is_ascii_alphanumeric() && char != '_').any(|word| word == name)
        };
        assert!(line.contains(" INFO ") && names(secret) && line.contains("in the platform"), "{line}");
        assert!(line.contains("signed-query explain"), "{line}");
        // Neither what was signed nor what would be.
        assert!(!line.contains("another") && !line.contains("sig=") && !line.contains(&hash), "{line}");
        assert!(log.contains("4 with a wrong signature total=4"), "{log}");
    }
}

/// Links in its own pages are signed with what it has.
#[test]
fn a_wrong_signature_of_a_link_of_the_server_is_said_to_be_one() {
    let server = Server::with(&[("LOG", "")]);
    let note = server.note_url(&server.get("/iframe?id=1"));
    assert_eq!(send("POST", &note.replace("id=1", "id=2"), &[], "text=a").status, 403);
    let (_, log) = server.stop();
    let line = log.lines().find(|line| line.contains("a signature does not match")).unwrap();
    assert!(line.contains("this server") && !line.contains("platform"), "{line}");
}

/// What a server logs that refuses something of each kind.
fn log_of_refusals() -> String {
    let server = Server::with(&[("LOG", "")]);
    let signed = |expires| Key::new(SECRET).unwrap().sign_url(&server.url("/search?q=red"), expires).unwrap();
    let note = server.note_url(&server.get("/iframe?id=1"));
    let [id, hash] = headers("0");
    let refused = [
        (fetch("GET", &signed(now() + 60).replace("q=red", "q=rex")), 403),
        (send("POST", &server.url("/webhook"), &[id, hash], "{}"), 403),
        (fetch("GET", &signed(now() - 60)), 403),
        (fetch("GET", &signed(now() + 1_000_000)), 403),
        (fetch("GET", &server.url("/search?q=red")), 400),
        (server.get("/search?q="), 400),
        (send("POST", &server.url("/webhook"), &[id], "{}"), 400),
        (server.get("/iframe?id=nobody"), 404),
        (fetch("GET", &server.url("/nowhere?secret=1")), 404),
        (send("POST", &note, &[], "a".repeat(100_000)), 413),
        (send("POST", &note, &[], "text="), 400),
        (fetch("DELETE", &signed(now() + 60)), 405),
    ];
    for (nth, (reply, status)) in refused.iter().enumerate() {
        assert_eq!(reply.status, *status, "{nth}: {}", reply.body);
    }
    let mut broken = Client::connect(server.address).unwrap();
    let head = head(&common::webhook::hash(SECRET, "{}"), "Transfer-Encoding: chunked");
    broken.send(head + "no length\r\n").unwrap();
    assert_eq!(broken.answer().unwrap().status, 400);
    drop(broken);
    let (status, log) = server.stop();
    assert!(status.success());
    log
}

/// As it is usually logged, a refusal has no line of its own, whoever floods the server
/// with them.
#[test]
fn refusals_are_counted_by_their_kinds() {
    // After a minute there is another count: what took as long shows nothing.
    let log = loop {
        let start = Instant::now();
        let log = log_of_refusals();
        if start.elapsed() < Duration::from_secs(60) {
            break log;
        }
    };
    let said: Vec<_> = log.lines().map(|line| line.split_once(": ").unwrap().1).collect();
    let counts = "refused requests: 1 expired, 1 for an unknown path, 1 for an unknown person, 3 malformed, \
        1 with a broken body, 2 with a wrong signature, 1 with an unacceptable note, \
        1 with an unsupported method, 1 with too large a body, 1 with too long a lifetime total=13";
    let wrong = said.iter().filter(|line| line.starts_with("a signature does not match"));
    assert_eq!(wrong.count(), 1, "{log}");
    assert_eq!(said[1..], ["stopping", counts], "{log}");
}

#[test]
fn the_log_is_whole_where_it_can_be_written() {
    let server = Server::with(&[("LOG", "debug")]);
    for _ in 0..100 {
        fetch("GET", &server.signed_url("/search?q=red"));
    }
    send("POST", &server.url("/search"), &[], "");
    let (status, log) = server.stop();
    assert!(status.success());
    assert_eq!(log.lines().filter(|line| line.contains("answered")).count(), 100, "{log}");
    assert!(log.contains("refused") && log.contains("stopping"), "{log}");
}
