//! What was acknowledged is in the database file, whatever happens to the server.

mod common;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use common::{
    draft::{FORMER_SCHEMA, file_of},
    folder::Folder,
    server::{SECRET, Server, send},
    webhook::{HOOK_ID, hash, notify},
};
use rusqlite::Connection;

/// So many are acknowledged before the server is killed.
const NOTIFICATIONS: usize = 100;
const NOTES: usize = 20;

/// Signed notifications, each another, sent until the server is gone. Counts and gives those
/// that were acknowledged.
fn send_webhooks(server: &Server, sender: usize, count: &AtomicUsize) -> Vec<String> {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let body = format!(r#"{{"sender":{sender},"number":{number}}}"#);
        let hash = hash(SECRET, &body);
        let request = agent.post(server.url("/webhook")).header("SocialSignIn-HookId", HOOK_ID);
        let Ok(mut reply) = request.header("SocialSignIn-Hash", &hash).send(&body) else { break };
        let Ok(answer) = reply.body_mut().read_to_string() else { break };
        if answer.contains("verification-hash") {
            acknowledged.push(hash);
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    acknowledged
}

/// Adds notes about Anna until the server is gone. Counts and gives those that were stored.
fn send_notes(server: &Server, sender: usize, count: &AtomicUsize) -> Vec<String> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false);
    let agent = agent.build().new_agent();
    let mut stored = Vec::new();
    for number in 0.. {
        let text = format!("note {number} of {sender}");
        let Ok(mut page) = agent.get(server.signed_url("/iframe?id=1")).call() else { break };
        let Ok(page) = page.body_mut().read_to_string() else { break };
        let Some((_, action)) = page.split_once("action=\"") else { continue };
        let url = server.url("/") + &action.split_once('"').unwrap().0.replace("&amp;", "&");
        let Ok(reply) = agent.post(url).send(format!("text={text}")) else { break };
        if reply.status() == 303 {
            stored.push(text);
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    stored
}

#[test]
fn a_notification_that_was_acknowledged_is_there_after_the_server_was_killed() {
    let folder = Folder::new("killed");
    let file = file_of(&folder, "people.db", FORMER_SCHEMA);
    let (mut hashes, mut notes) = (Vec::new(), Vec::new());
    for round in 0..3 {
        let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
        let (acknowledged, stored) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            let (server, acknowledged, stored) = (&server, &acknowledged, &stored);
            let senders = [0, 1, 2, 3]
                .map(|sender| scope.spawn(move || send_webhooks(server, 10 * round + sender, acknowledged)));
            let writers =
                [0, 1].map(|sender| scope.spawn(move || send_notes(server, 10 * round + sender, stored)));
            // In the midst of them; if they never come, the server is ended all the same.
            let deadline = Instant::now() + Duration::from_secs(300);
            let is_enough = || {
                acknowledged.load(Ordering::Relaxed) >= NOTIFICATIONS
                    && stored.load(Ordering::Relaxed) >= NOTES
            };
            while !is_enough() && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(5));
            }
            server.signal("KILL");
            hashes.extend(senders.into_iter().flat_map(|sender| sender.join().unwrap()));
            notes.extend(writers.into_iter().flat_map(|writer| writer.join().unwrap()));
        });
    }
    println!("{} notifications and {} notes were acknowledged", hashes.len(), notes.len());
    assert!(hashes.len() >= 3 * NOTIFICATIONS && notes.len() >= 3 * NOTES);
    // What another program finds, before any server cleans up.
    let connection = Connection::open(&file).unwrap();
    let is_there =
        |sql: &str, value: &String| connection.prepare_cached(sql).unwrap().exists([value]).unwrap();
    for hash in &hashes {
        assert!(is_there("SELECT 1 FROM notifications WHERE hash = ?1", hash), "{hash}");
    }
    for note in &notes {
        assert!(is_there("SELECT 1 FROM notes WHERE text = ?1", note), "{note}");
    }
    let check: String = connection.query_one("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn a_commit_is_on_the_disk_before_it_is_acknowledged() {
    let folder = Folder::new("wal");
    let file = folder.file("people.db");
    let (library, syncs) = (folder.file("syncs.so"), folder.file("syncs"));
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-o", &library, "-xc", "-"]).stdin(Stdio::piped());
    match compile.spawn() {
        Ok(mut compiler) => {
            compiler.stdin.take().unwrap().write_all(COUNTING_SYNCS.as_bytes()).unwrap();
            assert!(compiler.wait().unwrap().success());
        }
        Err(error) => return common::did_not_run::did_not_run("cc", "gcc", &error),
    }
    let server = Server::with(&[("DATABASE", &file), ("LD_PRELOAD", &library), ("SYNCS", &syncs)]);
    let connection = Connection::open(&file).unwrap();
    let mode: String = connection.query_one("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    for number in 0..10 {
        let before = fs::metadata(&syncs).unwrap().len();
        let body = format!("{{\"number\":{number}}}");
        assert_eq!(notify(&server, body).status, 200);
        assert!(fs::metadata(&syncs).unwrap().len() > before, "notification {number}");
    }
}

/// Stands in for the system's functions, and writes a byte for each call.
const COUNTING_SYNCS: &str = r#"
    #include <fcntl.h>
    #include <stdlib.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static int counted(long call, int file) {
        int syncs = open(getenv("SYNCS"), O_WRONLY | O_APPEND | O_CREAT, 0600);
        if (write(syncs, "x", 1) != 1) abort();
        close(syncs);
        return syscall(call, file);
    }
    int fsync(int file) { return counted(SYS_fsync, file); }
    int fdatasync(int file) { return counted(SYS_fdatasync, file); }
"#;

/// Two servers on one file, as in a change from one to the next: each finds what the
/// other was told.
#[test]
fn two_servers_share_a_file() {
    let folder = Folder::new("two");
    let file = file_of(&folder, "people.db", FORMER_SCHEMA);
    let (first, second) = thread::scope(|scope| {
        let start = || Server::with(&[("DATABASE", &file)]);
        let (first, second) = (scope.spawn(start), scope.spawn(start));
        (first.join().unwrap(), second.join().unwrap())
    });
    thread::scope(|scope| {
        for (number, server) in [&first, &second, &first, &second].into_iter().enumerate() {
            scope.spawn(move || {
                for _ in 0..20 {
                    let page = server.get("/iframe?id=1");
                    let note = format!("text=note+of+{number}");
                    assert_eq!(send("POST", &server.note_url(&page), &[], note).status, 303);
                }
            });
        }
    });
    let connection = Connection::open(&file).unwrap();
    let notes = connection.query_one("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(notes, 81);
    connection.execute("INSERT INTO people (id, name) VALUES ('9', 'Zora')", []).unwrap();
    for server in [first, second] {
        assert_eq!(server.names("/search?q=zora"), ["Zora"]);
    }
}
