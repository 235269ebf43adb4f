//! A database file that is deleted, moved or replaced while the server has it open.

mod common;

use std::{
    fs,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use common::{
    draft::file_of,
    folder::Folder,
    server::{Server, fetch, send},
    webhook::notify,
};
use rusqlite::Connection;

/// A folder with a server on a file in it, and what was acknowledged: a note and a webhook.
struct Stored {
    folder: Folder,
    server: Server,
    note_url: String,
}

impl Stored {
    fn start(name: &str) -> Self {
        let folder = Folder::new(name);
        fs::create_dir_all(folder.file("data")).unwrap();
        let file = folder.file("data/people.db");
        let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
        Connection::open(&file)
            .unwrap()
            .execute_batch("INSERT INTO people (id, name) VALUES ('1', 'Anna')")
            .unwrap();
        let note_url = || server.note_url(&server.get("/iframe?id=1"));
        assert_eq!(send("POST", &note_url(), &[], "text=kept").status, 303);
        assert_eq!(notify(&server, "kept").status, 200);
        let note_url = note_url();
        Self { folder, server, note_url }
    }

    /// Runs shell commands in the folder of the file.
    fn shell(&self, commands: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-ec", commands]).current_dir(self.folder.file("data"));
        assert!(shell.status().unwrap().success(), "{commands}");
    }

    fn health(&self) -> u16 {
        fetch("GET", &self.server.url("/health")).status
    }
}

/// How many people, notes and notifications a file has.
fn counts(file: &str) -> [i64; 3] {
    let connection = Connection::open(file).unwrap();
    ["people", "notes", "notifications"].map(|table| {
        connection.query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    })
}

/// What an operator does to a file.
const ACCIDENTS: [(&str, &str); 8] = [
    ("deleted", "rm people.db*"),
    ("deleted-alone", "rm people.db"),
    ("log-deleted", "rm people.db-wal"),
    ("index-deleted", "rm people.db-shm"),
    ("moved", "mv people.db old.db"),
    ("replaced", "mv new.db people.db"),
    ("replaced-by-an-empty-one", "rm people.db && touch people.db"),
    ("folder-moved", "mv ../data ../elsewhere && mkdir ../data"),
];

const NEW: &str = "CREATE TABLE people (
    id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL DEFAULT '') STRICT;";

#[test]
fn nothing_is_acknowledged_that_would_be_lost() {
    for (name, accident) in ACCIDENTS {
        for asks_health_first in [false, true] {
            let stored = Stored::start(&format!("moved-{name}-{asks_health_first}"));
            file_of(&stored.folder, "data/new.db", NEW);
            stored.shell(accident);
            let refused = [500, 503];
            if asks_health_first {
                assert_eq!(stored.health(), 503, "{accident}");
            }
            assert!(refused.contains(&notify(&stored.server, "lost").status), "{accident}");
            assert!(refused.contains(&send("POST", &stored.note_url, &[], "text=lost").status), "{accident}");
            assert_eq!(stored.health(), 503, "{accident}");
            let (status, log) = stored.server.stop();
            assert!(status.success(), "{log}");
            let advice =
                log.lines().filter(|line| line.contains("ERROR") && line.contains("restart the server"));
            let advice: Vec<&str> = advice.filter(|line| line.contains("people.db")).collect();
            assert_eq!(advice.len(), 1, "{accident}: {log}");
        }
    }
}

/// Nobody may ask for anything before the server ends.
#[test]
fn what_was_acknowledged_is_in_the_file_that_was_moved() {
    let stored = Stored::start("moved-away");
    stored.shell("mv people.db old.db");
    let (status, log) = stored.server.stop();
    assert!(status.success() && log.contains("restart the server"), "{log}");
    assert_eq!(counts(&stored.folder.file("data/old.db")), [1, 1, 1]);
}

#[test]
fn a_file_that_took_its_place_is_left_as_it_is() {
    let stored = Stored::start("rebuilt");
    let people = "INSERT INTO people (id, name) VALUES ('2', 'Berta'), ('3', 'Cara')";
    file_of(&stored.folder, "data/new.db", &format!("{NEW} {people}"));
    stored.shell("cp people.db-wal before && ln people.db old.db && mv new.db people.db");
    assert_eq!(notify(&stored.server, "lost").status, 503);
    // The log has nothing that could be laid over the new file, even if nothing more is closed.
    assert_eq!(fs::metadata(stored.folder.file("data/people.db-wal")).unwrap().len(), 0);
    stored.server.signal("KILL");
    stored.server.wait();
    let file = stored.folder.file("data/people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    assert_eq!(server.get("/search?q=berta").json()["results"][0]["id"], 2);
    assert!(server.stop().0.success());
    assert_eq!(counts(&file), [2, 0, 0]);
    // In the one that it had open there is all that was acknowledged.
    let old = stored.folder.file("data/old.db");
    assert_eq!(counts(&old), [1, 1, 1]);
}

#[test]
fn what_was_deleted_can_be_copied_from_the_server() {
    let stored = Stored::start("rescued");
    stored.shell("rm people.db*");
    assert_eq!(stored.health(), 503);
    let deadline = Instant::now() + Duration::from_secs(300);
    let place = loop {
        let log = stored.server.log();
        if let Some((_, after)) = log.split_once("can be copied from ") {
            break after.split(' ').next().unwrap().to_owned();
        }
        assert!(Instant::now() < deadline, "{log}");
        thread::sleep(Duration::from_millis(10));
    };
    stored.shell(&format!("cp {place} rescued.db"));
    assert_eq!(counts(&stored.folder.file("data/rescued.db")), [1, 1, 1]);
}
