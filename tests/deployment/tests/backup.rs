//! Backups of a running server, made and restored with the commands of docs/deployment.

mod common;

use std::fs;

use common::{
    did_not_run::is_installed,
    documents::{blocks_of, run, shell},
    folder::Folder,
    server::{Server, send},
    webhook::notify,
};

/// What is shown: two ways to make a backup of SQLite's, how to restore it, and the same for
/// PostgreSQL.
fn commands() -> [String; 5] {
    blocks_of("docs/deployment/README.md", "Backups", "sh").try_into().unwrap()
}

/// Adds a note about Anna, and a notification of the same text.
fn store(server: &Server, text: &str) {
    let note_url = server.note_url(&server.get("/iframe?id=1"));
    assert_eq!(send("POST", &note_url, &[], format!("text={text}")).status, 303);
    assert_eq!(notify(server, text).status, 200);
}

#[test]
fn a_backup_of_a_running_server_has_all_that_it_acknowledged() {
    if !is_installed("sqlite3", "sqlite3") {
        return;
    }
    let [backup, compact, restore, ..] = commands();
    let folder = Folder::new("backup");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let insert = "INSERT INTO people (id, name) VALUES ('1', 'Anna')";
    rusqlite::Connection::open(&file).unwrap().execute_batch(insert).unwrap();
    store(&server, "before");
    for commands in [&backup, &compact] {
        run(&mut shell(commands, &folder.file("")));
    }
    store(&server, "afterwards");
    let counts = |file: &str| {
        let connection = rusqlite::Connection::open(folder.file(file)).unwrap();
        ["people", "notes", "notifications"].map(|table| {
            let count = format!("SELECT count(*) FROM {table}");
            connection.query_one(&count, [], |row| row.get::<_, i64>(0)).unwrap()
        })
    };
    assert_eq!(counts("compact.db"), [1, 1, 1]);
    // As after a crash, with a log that belongs to the former file.
    server.signal("KILL");
    server.wait();
    assert!(fs::metadata(folder.file("people.db-wal")).unwrap().len() > 0);
    run(&mut shell(&restore, &folder.file("")));
    let server = Server::with(&[("DATABASE", &file)]);
    let page = server.get("/iframe?id=1").body;
    assert!(page.contains("before") && !page.contains("afterwards"), "{page}");
    store(&server, "restored");
    assert!(server.stop().0.success());
    assert_eq!(counts("people.db"), [1, 2, 2]);
}

#[cfg(feature = "postgres")]
#[test]
fn a_backup_of_postgresql_has_all_that_was_acknowledged() {
    let Some(postgres) = common::postgres::Postgres::start("backup") else { return };
    let [.., backup, restore] = commands();
    let folder = Folder::for_all("backup-postgres");
    let run_here = |commands: &str| run(shell(commands, &folder.file("")).env("DATABASE", postgres.url()));
    let server = Server::with(&[("DATABASE", &postgres.url())]);
    postgres.sql("INSERT INTO people (id, name) VALUES ('1', 'Anna')");
    store(&server, "before");
    run_here(&backup);
    store(&server, "afterwards");
    assert!(server.stop().0.success());
    run_here(&restore);
    let server = Server::with(&[("DATABASE", &postgres.url())]);
    assert_eq!(server.get("/search?q=anna").json()["results"][0]["id"], 1);
    let page = server.get("/iframe?id=1").body;
    assert!(page.contains("before") && !page.contains("afterwards"), "{page}");
    store(&server, "restored");
    assert_eq!(
        postgres.sql("SELECT (SELECT count(*) FROM notes), (SELECT count(*) FROM notifications)"),
        "2|2"
    );
}
