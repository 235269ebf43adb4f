//! The database file: what it takes to start, who else has it, and what is in it after
//! the worst, over real sockets.

mod common;

use std::{
    fs::{self, Permissions},
    io::Write,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Output, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use common::{
    crm::crm,
    folder::Folder,
    server::{SECRET, Server, not_started, send},
    webhook::{HOOK_ID, hash, notify},
};
use rusqlite::Connection;

/// The tables as an earlier draft of the server made them.
const FORMER_SCHEMA: &str = "
    CREATE TABLE people (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        email TEXT NOT NULL DEFAULT '',
        crm_url TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE sales (
        person TEXT NOT NULL REFERENCES people (id),
        year INTEGER NOT NULL,
        cents INTEGER NOT NULL,
        PRIMARY KEY (person, year)
    ) STRICT;
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        person TEXT NOT NULL REFERENCES people (id),
        written_at INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notes_of_person ON notes (person, written_at);
    CREATE TABLE notifications (
        hook_id TEXT NOT NULL,
        hash TEXT NOT NULL,
        body BLOB NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (hook_id, hash)
    ) STRICT;
    INSERT INTO people VALUES ('1', 'Anna Red', 'anna@example.com', 'https://crm.example/1');
    INSERT INTO people VALUES ('2', 'Émile O''Brien', '', '');
    INSERT INTO sales VALUES ('1', 2025, 248050);
    INSERT INTO notes VALUES (7, '1', 1762160400, 'From before.');
    INSERT INTO notifications VALUES ('6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55', 'a', x'00', 1),
        ('7f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55', 'a', x'00', 2);";

/// A file with these tables and rows.
fn file_of(folder: &Folder, name: &str, sql: &str) -> String {
    let file = folder.file(name);
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    file
}

fn names(server: &Server, query: &str) -> Vec<String> {
    let results = server.get(query).json()["results"].take();
    results.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_file_that_can_not_be_used_is_said_before_listening_and_left_as_it_is() {
    let folder = Folder::new("unusable");
    let text = folder.file("text.db");
    fs::write(&text, "no database at all, but something dear to someone".repeat(100)).unwrap();
    for (database, says) in [
        (":memory:".to_owned(), "unset it"),
        (
            file_of(&folder, "other.db", "CREATE TABLE people (number INTEGER, full_name TEXT)"),
            "people (id, name",
        ),
        (file_of(&folder, "no-email.db", "CREATE TABLE people (id TEXT, name TEXT)"), "people (id, name"),
        (
            file_of(&folder, "view.db", "CREATE VIEW people AS SELECT 1 AS id, 'a' AS name, 'b' AS email"),
            "view",
        ),
        (
            file_of(
                &folder,
                "notes.db",
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, person TEXT, note TEXT)",
            ),
            "people (id, name",
        ),
        (
            file_of(&folder, "searchable.db", "CREATE TABLE searchable (id INTEGER, words TEXT)"),
            "ON searchable (name",
        ),
        (
            file_of(&folder, "index.db", "CREATE TABLE searchable (name TEXT, person TEXT)"),
            "no such column: position",
        ),
        (
            file_of(
                &folder,
                "links.db",
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, person TEXT, written_at INTEGER, text TEXT, link TEXT);
                 INSERT INTO notes (link) VALUES ('a'), ('a')",
            ),
            "must be unique: UNIQUE constraint failed: notes.link",
        ),
        (file_of(&folder, "hooks.db", "CREATE TABLE notifications (id TEXT)"), "people (id, name"),
        (text, "not a database"),
        (folder.file(""), "unable to open"),
        (folder.file("nowhere/people.db"), "unable to open"),
    ] {
        let before = fs::read(&database).ok();
        let Output { status, stdout, stderr } = not_started(
            crm().envs([("SECRET", SECRET), ("LISTEN", "127.0.0.1:0"), ("DATABASE", &database)]),
        );
        let error = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), &*String::from_utf8(stdout).unwrap()), (Some(1), ""), "{error}");
        assert!(error.contains(&database) && error.contains("DATABASE") && error.contains(says), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert_eq!(fs::read(&database).ok(), before, "{database}");
    }
}

#[test]
fn a_file_that_is_broken_inside_is_said_before_listening() {
    let folder = Folder::new("broken-inside");
    let file = file_of(&folder, "people.db", FORMER_SCHEMA);
    assert!(Server::with(&[("DATABASE", &file)]).stop().0.success());
    let connection = Connection::open(&file).unwrap();
    let number = |sql: &str| connection.query_one(sql, [], |row| row.get::<_, i64>(0)).unwrap() as usize;
    let size = number("PRAGMA page_size");
    let mut bytes = fs::read(&file).unwrap();
    // Its tables are all there, and of people nothing can be read.
    for kind in ["table", "index"] {
        let of_people = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'people' AND type";
        let page = number(&format!("{of_people} = '{kind}'"));
        bytes[size * (page - 1)..size * page].fill(0xAA);
    }
    drop(connection);
    fs::write(&file, bytes).unwrap();
    let Output { status, stdout, stderr } =
        not_started(crm().envs([("SECRET", SECRET), ("LISTEN", "127.0.0.1:0"), ("DATABASE", &file)]));
    let error = String::from_utf8(stderr).unwrap();
    assert_eq!((status.code(), &*String::from_utf8(stdout).unwrap()), (Some(1), ""), "{error}");
    let expected =
        format!("crm: can't use the database {file} (DATABASE): database disk image is malformed\n");
    assert_eq!(error, expected);
}

#[test]
fn a_name_that_is_no_files_is_said() {
    let folder = Folder::new("no-files");
    for (database, says) in [
        (" ", "is blank"),
        ("\t", "is blank"),
        ("file::memory:", "unset it"),
        ("file::memory:?cache=shared", "unset it"),
        ("mysql://me:hunter2@localhost/crm", "a mysql URL"),
        ("sqlite://people.db", "a sqlite URL"),
        ("sqlite:people.db", "a sqlite URL"),
        ("jdbc:sqlite:people.db", "a jdbc URL"),
        ("file:///people.db", "a file URL"),
        ("Postgres://me:hunter2@localhost/crm", "a Postgres URL"),
        ("postgres:/me:hunter2@localhost/crm?sslmode=require", "a postgres URL"),
        ("postgresql:me:hunter2@localhost/crm", "a postgresql URL"),
        ("POSTGRES:me:hunter2@localhost/crm", "a POSTGRES URL"),
        ("mysql:/me:hunter2@localhost/crm", "a mysql URL"),
        ("mysql:me:hunter2@localhost", "a mysql URL"),
        ("MariaDB:/me:hunter2@localhost/crm", "a MariaDB URL"),
    ] {
        let mut command = crm();
        command.current_dir(folder.file("")).envs([("SECRET", SECRET), ("LISTEN", "127.0.0.1:0")]);
        let Output { status, stderr, .. } = not_started(command.env("DATABASE", database));
        let error = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(1), "{database}");
        assert!(error.contains("DATABASE") && error.contains(says) && !error.contains("hunter2"), "{error}");
        assert_eq!(fs::read_dir(folder.file("")).unwrap().count(), 0, "{database}");
    }
}

#[test]
fn a_file_may_have_any_name_and_be_empty() {
    let folder = Folder::new("named");
    for name in ["file:people?mode=memory", "a#b%20.db", "empty.db", "-é.db"] {
        let file = folder.file(name);
        fs::write(&file, "").unwrap();
        let mut command = crm();
        // As a path from where it runs, which is what looks like a URL.
        let server =
            Server::spawn(command.current_dir(Path::new(&file).parent().unwrap()), &[("DATABASE", name)]);
        assert_eq!(names(&server, "/search?q=a"), [""; 0]);
        assert!(server.stop().0.success());
        assert!(fs::metadata(&file).unwrap().len() > 0, "{name}");
    }
}

#[test]
fn a_file_of_the_former_version_keeps_its_rows() {
    let folder = Folder::new("former");
    let file = file_of(&folder, "people.db", FORMER_SCHEMA);
    for _ in 0..2 {
        let server = Server::with(&[("DATABASE", &file)]);
        assert_eq!(names(&server, "/search?q=red+anna"), ["Anna Red"]);
        assert_eq!(names(&server, "/search?q=emile"), ["Émile O'Brien"]);
        let page = server.get("/iframe?id=1");
        for shown in ["From before.", "£2,480.50", "https://crm.example/1", "anna@example.com"] {
            assert!(page.body.contains(shown), "{shown} is not in {}", page.body);
        }
        assert_eq!(send("POST", &server.note_url(&page), &[], "text=new").status, 303);
        assert!(server.stop().0.success());
    }
    let connection = Connection::open(&file).unwrap();
    let count = |table: &str| {
        connection
            .query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!((count("people"), count("sales"), count("notes"), count("notifications")), (2, 1, 3, 2));
    // Any program may still name the columns that it knows.
    connection
        .execute_batch(
            "INSERT INTO people (id, name, email) VALUES ('3', 'Cara', '');
             INSERT INTO notes (person, written_at, text) VALUES ('3', 1, 'a'), ('3', 2, 'b');
             INSERT INTO notifications (hook_id, hash, body, received_at) VALUES ('a', 'b', x'00', 1);",
        )
        .unwrap();
}

/// A command that runs the server from a folder that others can reach. Root may write
/// whatever it likes, so for root the server runs as nobody.
fn as_nobody(folder: &Folder) -> Command {
    const NOBODY: u32 = 65_534;
    let program = folder.file("server");
    // By another process: while this one has it open, nobody can run it, and each process
    // that another test starts at the same time has it open, too.
    assert!(Command::new("cp").arg(crm().get_program()).arg(&program).status().unwrap().success());
    let mut command = Command::new(program);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.env_clear();
    command
}

#[test]
fn a_file_that_is_read_only_is_read() {
    let folder = Folder::for_all("read-only-file");
    let former = file_of(&folder, "former.db", FORMER_SCHEMA);
    let current = file_of(&folder, "current.db", FORMER_SCHEMA);
    assert!(Server::with(&[("DATABASE", &current)]).stop().0.success());
    let mut command = as_nobody(&folder);
    for file in [former, current] {
        fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
        let before = fs::read(&file).unwrap();
        let server = Server::spawn(&mut command, &[("DATABASE", &file)]);
        assert_eq!(names(&server, "/search?q=red+anna"), ["Anna Red"]);
        assert_eq!(names(&server, "/search?q=e"), ["Anna Red", "Émile O'Brien"]);
        let page = server.get("/iframe?id=1");
        assert!(page.body.contains("From before.") && page.body.contains("£2,480.50"), "{}", page.body);
        assert_eq!(send("POST", &server.note_url(&page), &[], "text=lost").status, 500);
        let (_, log) = server.stop();
        assert!(
            log.contains("notes and webhooks are refused") && log.contains("the database is read-only"),
            "{log}"
        );
        assert_eq!(fs::read(&file).unwrap(), before);
    }
    // One that has not even the tables says so.
    let empty = folder.file("empty.db");
    fs::write(&empty, "").unwrap();
    fs::set_permissions(&empty, Permissions::from_mode(0o444)).unwrap();
    let mut command = as_nobody(&folder);
    command.envs([("SECRET", SECRET), ("LISTEN", "127.0.0.1:0"), ("DATABASE", &empty)]);
    let output = not_started(&mut command);
    assert!(String::from_utf8(output.stderr).unwrap().contains("no such table"));
}

/// Signed notifications, each another, sent until the server is gone. Gives those that
/// were acknowledged.
fn send_webhooks(server: &Server, sender: usize) -> Vec<String> {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let body = format!(r#"{{"sender":{sender},"number":{number}}}"#);
        let hash = hash(SECRET, &body);
        let request = agent.post(server.url("/webhook")).header("SocialSignIn-HookId", HOOK_ID);
        let Ok(mut reply) = request.header("SocialSignIn-Hash", &hash).send(&body) else { break };
        if !reply.body_mut().read_to_string().is_ok_and(|body| body.contains("verification-hash")) {
            break;
        }
        acknowledged.push(hash);
    }
    acknowledged
}

/// Adds notes about Anna until the server is gone, and gives those that were stored.
fn send_notes(server: &Server, sender: usize) -> Vec<String> {
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
        let Some((_, action)) = page.split_once("action=\"") else { break };
        let url = server.url("/") + &action.split_once('"').unwrap().0.replace("&amp;", "&");
        match agent.post(url).send(format!("text={text}")) {
            Ok(reply) if reply.status() == 303 => stored.push(text),
            _ => break,
        }
    }
    stored
}

#[test]
fn what_was_acknowledged_is_there_after_the_server_was_killed() {
    let folder = Folder::new("killed");
    let file = file_of(&folder, "people.db", FORMER_SCHEMA);
    let (mut hashes, mut notes) = (Vec::new(), Vec::new());
    for round in 0..3 {
        let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
        thread::scope(|scope| {
            let server = &server;
            let senders =
                [0, 1, 2, 3].map(|sender| scope.spawn(move || send_webhooks(server, 10 * round + sender)));
            let writers = [0, 1].map(|sender| scope.spawn(move || send_notes(server, 10 * round + sender)));
            thread::sleep(Duration::from_millis(700));
            server.signal("KILL");
            hashes.extend(senders.into_iter().flat_map(|sender| sender.join().unwrap()));
            notes.extend(writers.into_iter().flat_map(|writer| writer.join().unwrap()));
        });
    }
    println!("{} notifications and {} notes were acknowledged", hashes.len(), notes.len());
    assert!(hashes.len() > 30 && notes.len() > 10, "{} and {}", hashes.len(), notes.len());
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
/// other was told, and neither keeps the other waiting.
#[test]
fn two_servers_share_a_file() {
    let folder = Folder::new("two");
    let file = file_of(&folder, "people.db", FORMER_SCHEMA);
    let (first, second) = thread::scope(|scope| {
        let start = || Server::with(&[("DATABASE", &file)]);
        let (first, second) = (scope.spawn(start), scope.spawn(start));
        (first.join().unwrap(), second.join().unwrap())
    });
    let slowest = Mutex::new(Duration::ZERO);
    thread::scope(|scope| {
        for (number, server) in [&first, &second, &first, &second].into_iter().enumerate() {
            let slowest = &slowest;
            scope.spawn(move || {
                for _ in 0..20 {
                    let page = server.get("/iframe?id=1");
                    let start = Instant::now();
                    let note = format!("text=note+of+{number}");
                    assert_eq!(send("POST", &server.note_url(&page), &[], note).status, 303);
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = slowest.max(start.elapsed());
                }
            });
        }
    });
    println!("the slowest note took {:?}", slowest.into_inner().unwrap());
    let connection = Connection::open(&file).unwrap();
    let notes = connection.query_one("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(notes, 81);
    connection.execute("INSERT INTO people (id, name) VALUES ('9', 'Zora')", []).unwrap();
    for server in [first, second] {
        assert_eq!(names(&server, "/search?q=zora"), ["Zora"]);
    }
}
