//! The database file: which can be used, and what is said of those that can not.

mod common;

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Output},
};

use common::{
    crm::crm,
    draft::{FORMER_SCHEMA, file_of},
    folder::Folder,
    server::{SECRET, Server, not_started, send},
};
use rusqlite::Connection;

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
fn a_database_that_is_no_file_is_refused() {
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
        assert_eq!(server.names("/search?q=a"), [""; 0]);
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
        assert_eq!(server.names("/search?q=red+anna"), ["Anna Red"]);
        assert_eq!(server.names("/search?q=emile"), ["Émile O'Brien"]);
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
        assert_eq!(server.names("/search?q=red+anna"), ["Anna Red"]);
        assert_eq!(server.names("/search?q=e"), ["Anna Red", "Émile O'Brien"]);
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
