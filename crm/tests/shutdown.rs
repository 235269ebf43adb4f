//! SIGTERM while clients keep their connections.

mod common;

use std::{
    io::Write,
    process::Command,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use common::{
    client::{Answer, Client, connect_small},
    crm::crm,
    folder::Folder,
    server::{SECRET, Server},
    webhook::{hash, head},
};
use rusqlite::Connection;

/// What careful clients saw.
#[derive(Debug, Default)]
struct Seen {
    is_told: AtomicBool,
    sent: AtomicUsize,
    answered: AtomicUsize,
    /// Sent after the signal, and answered without a word of the end.
    untold: AtomicUsize,
    /// Sent as the first on a connection that was reset, after which there was nobody to connect
    /// to: it reached the listener between the last `accept` and its close.
    too_late: AtomicUsize,
}

impl Seen {
    /// Sends requests on kept connections, a new one where the server says that it
    /// closes one, until there is nobody to connect to. Never again what may have
    /// been done.
    fn ask(&self, server: &Server, path: &str, pause: Duration) {
        let mut is_reset = false;
        while let Ok(mut client) = Client::connect(server.address) {
            is_reset = true;
            loop {
                let was_told = self.is_told.load(Ordering::SeqCst);
                let answer = client.get(path);
                self.sent.fetch_add(1, Ordering::SeqCst);
                let Ok(Answer { status: 200, .. }) = answer else { break };
                is_reset = false;
                self.answered.fetch_add(1, Ordering::SeqCst);
                if answer.unwrap().says_close() {
                    break;
                }
                self.untold.fetch_add(usize::from(was_told), Ordering::SeqCst);
                thread::sleep(pause);
            }
        }
        self.too_late.fetch_add(usize::from(is_reset), Ordering::SeqCst);
    }
}

#[test]
fn no_request_that_was_sent_before_the_end_is_lost() {
    let mut too_late = 0;
    for pause in [5, 20, 400, 1500].map(Duration::from_millis) {
        let server = Server::with(&[("LOG", "info")]);
        let path = server.signed_path("/iframe?id=1");
        let seen = Seen::default();
        thread::scope(|scope| {
            for nth in 0..16 {
                let (seen, server, path) = (&seen, &server, &path);
                scope.spawn(move || {
                    thread::sleep(pause * nth / 16);
                    seen.ask(server, path, pause);
                });
            }
            thread::sleep(Duration::from_secs(2));
            server.signal("TERM");
            // By then it has heard of it.
            while !server.log().contains("stopping") {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(100));
            seen.is_told.store(true, Ordering::SeqCst);
        });
        println!("{pause:?}: {seen:?}");
        let [sent, answered, untold, last] =
            [seen.sent, seen.answered, seen.untold, seen.too_late].map(AtomicUsize::into_inner);
        assert!(sent >= 32, "{sent}");
        assert_eq!((answered + last, untold), (sent, 0), "{pause:?}");
        too_late += last;
        assert!(server.wait().0.success());
    }
    // The system has no way to close a listener only if nobody waits; of tens of thousands that
    // connect without a pause, one may meet that moment.
    assert!(too_late <= 1, "{too_late}");
}

#[test]
fn idle_connections_are_kept_for_a_short_time_and_the_server_ends_soon() {
    let server = Server::start();
    let path = server.signed_path("/iframe?id=1");
    let connect = || Client::connect(server.address).unwrap();
    let [mut used, mut unused, mut never] = [connect(), connect(), connect()];
    assert!(!used.get(&path).unwrap().says_close());
    assert!(!never.get(&path).unwrap().says_close());
    assert_eq!(used.get("/health").unwrap().status, 200);
    server.signal("TERM");
    thread::sleep(Duration::from_secs(1));
    // A balancer is told to go elsewhere, on any connection.
    let health = unused.get("/health").unwrap();
    assert!(health.status == 503 && health.says_close(), "{health:?}");
    let mut late = connect();
    assert_eq!(late.get("/health").unwrap().status, 503);
    let answer = used.get(&path).unwrap();
    assert!(answer.status == 200 && answer.says_close(), "{answer:?}");
    used.wait_for_end();
    never.wait_for_end();
    // It says so if connections were there to the last.
    let (status, log) = server.wait();
    assert!(status.success() && !log.contains("did not finish"), "{log}");
}

/// A part of a head, a body that nobody reads, an answer that nobody reads.
#[test]
fn a_client_that_does_not_go_on_is_not_waited_for() {
    let server = Server::start();
    let mut half_asked = Client::connect(server.address).unwrap();
    half_asked.send("GET / HT").unwrap();
    let mut refused = Client::connect(server.address).unwrap();
    refused.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n").unwrap();
    let mut deaf = connect_small(server.address, 1024);
    deaf.set_nonblocking(true).unwrap();
    while deaf.write(&b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000)).is_ok() {}
    thread::sleep(Duration::from_millis(200));
    server.signal("TERM");
    half_asked.wait_for_end();
    // It says so if connections were there to the last.
    let (status, log) = server.wait();
    assert!(status.success() && !log.contains("did not finish"), "{log}");
}

/// Before another gives up a client that has nothing to ask.
#[test]
fn an_idle_server_ends_at_once() {
    let [mut idle, other] = [Server::start(), Server::start()];
    assert_eq!(idle.get("/search?q=red").status, 200);
    let mut client = Client::connect(other.address).unwrap();
    assert_eq!(client.get("/health").unwrap().status, 200);
    idle.signal("TERM");
    other.signal("TERM");
    let (end, given_up) = thread::scope(|scope| {
        let end = scope.spawn(|| (idle.wait_for_end().success(), Instant::now()));
        client.wait_for_end();
        let given_up = Instant::now();
        (end.join().unwrap(), given_up)
    });
    assert!(end.0 && end.1 < given_up, "{end:?}, {given_up:?}");
}

#[test]
fn every_signal_to_end_is_heard_and_a_second_one_is_final() {
    for signal in ["TERM", "INT", "QUIT", "HUP"] {
        // Also where whoever runs the tests has them outlive a terminal.
        let mut command = Command::new("env");
        command.arg("--default-signal=HUP").arg(crm().get_program());
        let server = Server::spawn(&mut command, &[]);
        // It is waited for, and not for ever.
        let mut client = Client::connect(server.address).unwrap();
        let hash = hash("another secret", "{}");
        client.send(head(&hash, "Content-Length: 2")).unwrap();
        thread::sleep(Duration::from_millis(200));
        server.signal(signal);
        let start = Instant::now();
        while !server.log().contains("stopping") {
            assert!(start.elapsed() < Duration::from_secs(10), "{signal}: {}", server.log());
            thread::sleep(Duration::from_millis(1));
        }
        server.signal(signal);
        let (status, log) = server.wait();
        assert_eq!(status.code(), Some(1), "{signal}: {log}");
    }
}

#[test]
fn a_server_under_nohup_outlives_its_terminal() {
    let mut command = Command::new("sh");
    command.env_clear().args(["-c", r#"trap '' HUP; exec "$0""#]).arg(crm().get_program());
    let server = Server::spawn(&mut command, &[]);
    server.signal("HUP");
    thread::sleep(Duration::from_millis(500));
    assert_eq!(server.get("/search?q=red").status, 200);
    assert!(server.stop().0.success());
}

#[test]
fn a_notification_in_flight_is_stored_and_acknowledged() {
    let folder = Folder::new("shutdown-webhook");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let body = r#"{"in":"flight"}"#;
    let mut client = Client::connect(server.address).unwrap();
    client.send(head(&hash(SECRET, body), &format!("Content-Length: {}", body.len()))).unwrap();
    thread::sleep(Duration::from_millis(200));
    server.signal("TERM");
    thread::sleep(Duration::from_secs(4));
    client.send(body).unwrap();
    let answer = client.answer().unwrap();
    assert!(answer.status == 200 && answer.says_close(), "{answer:?}");
    assert!(server.wait().0.success());
    let stored = Connection::open(&file).unwrap();
    let stored = stored.query_one("SELECT body FROM notifications", [], |row| row.get::<_, Vec<u8>>(0));
    assert_eq!(stored, Ok(body.into()));
}
