//! Clients that keep the server waiting: with a request, with reading an answer, or
//! with nothing at all. And what else takes a minute to see.

mod common;

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use common::{
    client::{Client, connect_small},
    server::{SECRET, Server, fetch, now},
};
use signed_query::Key;

/// All connections that are served at a time.
const SLOTS: usize = 512;

/// How soon the server gives up clients that do not read, and bodies that do not come.
const PATIENCE: Duration = Duration::from_millis(9500);

/// Held by a test with that many connections, since files are not without number.
fn many_connections() -> MutexGuard<'static, ()> {
    static MANY: Mutex<()> = Mutex::new(());
    MANY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes all slots, and gives how long a request may take that does not wait until the first of
/// them is given up.
fn take_all_slots<T>(connect: impl Fn() -> T) -> (Vec<T>, Duration) {
    for _ in 0..10 {
        let start = Instant::now();
        let connections = (0..SLOTS).map(|_| connect()).collect();
        // If it took longer, there is not enough left to tell.
        if start.elapsed() < PATIENCE / 3 {
            return (connections, PATIENCE - start.elapsed());
        }
    }
    panic!("connections are given up before they are all there");
}

/// Sends requests one after another until no more can be sent for now.
fn send_without_reading(stream: &mut TcpStream) {
    stream.set_nonblocking(true).unwrap();
    let requests = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
    while stream.write(requests.as_bytes()).is_ok() {}
}

/// Valid requests are answered all the while; gives the longest that one took.
fn valid_requests_are_answered(server: &Server, period: Duration) -> Duration {
    let (start, mut longest) = (Instant::now(), Duration::ZERO);
    while start.elapsed() < period {
        let asked = Instant::now();
        assert_eq!(server.get("/search?q=red").status, 200);
        longest = longest.max(asked.elapsed());
        thread::sleep(Duration::from_millis(50));
    }
    longest
}

fn wait_until_closed(server: &Server, at_rest: usize, limit: Duration) {
    let deadline = Instant::now() + limit;
    while server.open_files() > at_rest + 2 {
        assert!(Instant::now() < deadline, "{} files are open, and were {at_rest}", server.open_files());
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn clients_that_do_not_read_are_closed_and_valid_requests_are_answered() {
    let _many = many_connections();
    let server = Server::with(&[("LOG", "info")]);
    let at_rest = server.open_files();
    let (_connections, allowed) = take_all_slots(|| {
        let mut stream = connect_small(server.address, 1024);
        send_without_reading(&mut stream);
        stream
    });
    let longest = valid_requests_are_answered(&server, Duration::from_secs(8));
    assert!(longest < allowed, "{longest:?}");
    wait_until_closed(&server, at_rest, Duration::from_secs(15));
    assert!(server.highest_memory() < 100 * 1024);
}

/// Whether so little that nothing more can be sent, or something all the while.
#[test]
fn clients_that_read_a_little_now_and_then_are_closed_too() {
    thread::scope(|scope| {
        for (receive_buffer, read_at_once) in [(1024, 1024), (64 * 1024, 32 * 1024)] {
            scope.spawn(move || {
                let server = Server::with(&[("LOG", "info")]);
                let at_rest = server.open_files();
                let mut stream = connect_small(server.address, receive_buffer);
                send_without_reading(&mut stream);
                let start = Instant::now();
                while server.open_files() == at_rest {
                    assert!(start.elapsed() < Duration::from_secs(10), "it was not accepted");
                    thread::sleep(Duration::from_millis(5));
                }
                // So much is in the buffers between that the client would find out late.
                while server.open_files() > at_rest {
                    assert!(start.elapsed() < Duration::from_secs(90), "the server still waits");
                    let _ = stream.read(&mut vec![0; read_at_once]);
                    let _ = stream.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    thread::sleep(Duration::from_millis(500));
                }
                assert_eq!(server.get("/search?q=red").status, 200);
            });
        }
    });
}

#[test]
fn bodies_that_do_not_come_leave_room_for_valid_requests() {
    let _many = many_connections();
    let server = Server::start();
    let hash = common::webhook::hash("another secret", "{}");
    let head = common::webhook::head(&hash, "Content-Length: 100000") + "{";
    let (_connections, allowed) = take_all_slots(|| {
        let mut client = Client::connect(server.address).unwrap();
        client.send(&head).unwrap();
        client
    });
    let longest = valid_requests_are_answered(&server, Duration::from_secs(5));
    assert!(longest < allowed, "{longest:?}");
}

#[test]
fn the_longest_idle_connection_is_closed_first_when_slots_are_scarce() {
    let _many = many_connections();
    let server = Server::start();
    let mut clients: Vec<_> = (0..SLOTS).map(|_| Client::connect(server.address).unwrap()).collect();
    let path = server.signed_path("/search?q=red");
    thread::sleep(Duration::from_secs(2));
    // The second is idle for longest then.
    for nth in [0, 511] {
        assert_eq!(clients[nth].get(&path).unwrap().status, 200);
    }
    for client in &mut clients[2..200] {
        assert_eq!(client.get(&path).unwrap().status, 200);
    }
    // Long before any of them is idle for too long.
    let (mut one_more, start) = (Client::connect(server.address).unwrap(), Instant::now());
    assert_eq!(one_more.get(&path).unwrap().status, 200);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    clients[1].wait_for_end();
    for nth in [0, 2, 199, 200, 511] {
        assert_eq!(clients[nth].get(&path).unwrap().status, 200, "{nth}");
    }
}

#[test]
fn a_connection_that_is_idle_for_as_long_as_a_balancer_keeps_it_is_open() {
    let server = Server::start();
    let path = server.signed_path("/search?q=red");
    thread::scope(|scope| {
        for (name, asked_before) in [("new", false), ("used", true)] {
            let (server, path) = (&server, &path);
            let connect = move || {
                let mut client = Client::connect(server.address).unwrap();
                if asked_before {
                    assert_eq!(client.get(path).unwrap().status, 200);
                }
                client
            };
            scope.spawn(move || {
                let mut client = connect();
                thread::sleep(Duration::from_secs(65));
                let path = server.signed_path("/search?q=red");
                assert_eq!(client.get(&path).unwrap().status, 200, "{name}");
            });
            scope.spawn(move || {
                let (mut client, start) = (connect(), Instant::now());
                client.wait_for_end();
                assert!(start.elapsed() > Duration::from_secs(70), "{name}: {:?}", start.elapsed());
            });
        }
    });
}

/// Since it is not known of what came behind an answered request that it is half a head, it
/// has the 75 seconds of a connection without any; unless more of it comes, when it has the ten of
/// a head.
#[test]
fn half_a_head_behind_a_request_times_out_too() {
    let server = Server::start();
    let path = server.signed_path("/search?q=red");
    thread::scope(|scope| {
        for (goes_on, allowed) in [(false, 70..u64::MAX), (true, 8..70)] {
            let (server, path) = (&server, &path);
            scope.spawn(move || {
                let mut client = Client::connect(server.address).unwrap();
                client.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\nGET /")).unwrap();
                assert_eq!(client.answer().unwrap().status, 200);
                let start = Instant::now();
                if goes_on {
                    client.send("search").unwrap();
                }
                client.wait_for_end();
                assert!(allowed.contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
            });
        }
    });
}

/// Ten seconds from the first byte, whenever that comes.
#[test]
fn headers_that_do_not_come_to_an_end_time_out() {
    let server = Server::start();
    let path = server.signed_path("/search?q=red");
    let half = "GET /search HTTP/1.1\r\nHost: a\r\n";
    thread::scope(|scope| {
        for (name, idle, first) in [
            ("at once", 0, String::new()),
            ("later", 15, String::new()),
            ("after a request", 15, format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")),
        ] {
            let server = &server;
            scope.spawn(move || {
                let mut client = Client::connect(server.address).unwrap();
                if !first.is_empty() {
                    client.send(&first).unwrap();
                    assert_eq!(client.answer().unwrap().status, 200, "{name}");
                }
                thread::sleep(Duration::from_secs(idle));
                client.send(half).expect(name);
                let start = Instant::now();
                // A line now and then changes nothing.
                while client.send("X-Slow: 1\r\n").is_ok() {
                    assert!(start.elapsed() < Duration::from_secs(40), "{name}: the server still waits");
                    thread::sleep(Duration::from_secs(1));
                }
                assert!(start.elapsed() > Duration::from_secs(8), "{name}: {:?}", start.elapsed());
            });
        }
    });
    assert_eq!(fetch("GET", &server.signed_url("/search?q=red")).status, 200);
}

#[test]
fn bytes_sent_after_a_refusal_are_read_within_bounds() {
    let server = Server::start();
    let head = "POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let refused = |name: &str| {
        let mut client = Client::connect(server.address).unwrap();
        client.send(head).unwrap();
        assert_eq!(client.answer().unwrap().status, 404, "{name}");
        client.stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        client
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = refused("of bytes");
            let (piece, mut sent) = ([b'x'; 64 * 1024], 0);
            while let Ok(written) = client.stream.write(&piece) {
                sent += written;
                assert!(sent < 200_000_000, "the server still reads");
            }
            assert!(sent > 50_000_000, "{sent}");
        });
        scope.spawn(|| {
            let start = Instant::now();
            let mut client = refused("of time");
            while client.send("x").is_ok() {
                assert!(start.elapsed() < Duration::from_secs(60), "the server still reads");
                thread::sleep(Duration::from_millis(200));
            }
            assert!(start.elapsed() > Duration::from_secs(8), "{:?}", start.elapsed());
        });
        scope.spawn(|| {
            let client = refused("of patience");
            let start = Instant::now();
            thread::sleep(Duration::from_secs(1));
            let mut stream = client.stream;
            // Silent for that long, it is closed: the first byte is refused, and the next seen to be.
            loop {
                match stream.write(b"x") {
                    Err(error) => {
                        break assert!(matches!(
                            error.kind(),
                            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
                        ));
                    }
                    Ok(_) => thread::sleep(Duration::from_secs(5)),
                }
                assert!(start.elapsed() < Duration::from_secs(60), "the server still waits");
            }
        });
    });
}

/// A line a minute, and the rest at the end.
#[test]
fn refused_requests_are_counted() {
    let start = Instant::now();
    let server = Server::with(&[("LOG", "info")]);
    let signed = |expires| Key::new(SECRET).unwrap().sign_url(&server.url("/search?q=red"), expires).unwrap();
    // The second time is more than a minute later.
    let (signed, expired) = (signed(now() + 600), signed(now() - 5));
    let refuse = |server: &Server| {
        for _ in 0..3 {
            fetch("GET", &signed.replace("q=red", "q=evil"));
        }
        fetch("GET", &server.url("/search?q=red"));
        fetch("GET", &expired);
        fetch("GET", &server.url("/nowhere?secret=1"));
        fetch("POST", &signed);
        let valid = [fetch("GET", &signed), fetch("GET", &signed)];
        assert!(valid.iter().all(|reply| reply.status == 200));
    };
    let counts = |log: &str| {
        log.lines().filter(|line| line.contains("refused")).map(str::to_owned).collect::<Vec<_>>()
    };
    refuse(&server);
    assert_eq!(counts(&server.log()), [""; 0], "not a line for each");
    let said = |log: &str| log.lines().filter(|line| line.contains("a signature does not match")).count();
    assert_eq!(said(&server.log()), 1, "but one for the first");
    while counts(&server.log()).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(120), "{}", server.log());
        thread::sleep(Duration::from_millis(200));
    }
    assert!(start.elapsed() > Duration::from_secs(50), "{:?}", start.elapsed());
    let says_all = |line: &str| {
        for count in [
            "3 with a wrong signature",
            "1 expired",
            "1 malformed",
            "1 for an unknown path",
            "1 with an unsupported method",
            "total=7",
        ] {
            assert!(line.contains(count), "{count}: {line}");
        }
        assert!(line.contains(" INFO ") && !line.contains("nowhere"), "{line}");
    };
    says_all(&counts(&server.log())[0]);
    thread::sleep(Duration::from_secs(3));
    refuse(&server);
    let (status, log) = server.stop();
    let lines = counts(&log);
    assert!(status.success() && lines.len() == 2, "{log}");
    assert_eq!(said(&log), 2, "after a quiet minute there is another: {log}");
    says_all(&lines[1]);
}
