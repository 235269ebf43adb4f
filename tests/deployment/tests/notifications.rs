//! Old notifications, deleted with the commands of docs/deployment.

mod common;

use common::{
    did_not_run::is_installed,
    documents::{blocks_of, run, shell, text},
    folder::Folder,
    server::Server,
    webhook::notify,
};
use rusqlite::Connection;

/// The bodies in the table, in the order of their hashes' arrival.
fn bodies(file: &str) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let mut bodies =
        connection.prepare("SELECT CAST(body AS TEXT) FROM notifications ORDER BY rowid").unwrap();
    bodies.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn make_older(file: &str, days: i64) {
    let older = format!("UPDATE notifications SET received_at = received_at - {days} * 86400");
    Connection::open(file).unwrap().execute_batch(&older).unwrap();
}

#[test]
fn old_notifications_are_deleted_and_a_replay_is_as_documented() {
    if !is_installed("sqlite3", "sqlite3") {
        return;
    }
    let [delete, _] = blocks_of("docs/deployment/README.md", "Old notifications", "sh").try_into().unwrap();
    let folder = Folder::new("old-notifications");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    assert_eq!(notify(&server, "old").status, 200);
    make_older(&file, 91);
    assert_eq!(notify(&server, "young").status, 200);
    run(&mut shell(&delete, &folder.file("")));
    assert_eq!(bodies(&file), ["young"]);
    // It is taken for a new one.
    assert_eq!(notify(&server, "old").status, 200);
    assert_eq!(bodies(&file), ["young", "old"]);

    // Unless its row was kept.
    let page = text("docs/deployment/README.md");
    let emptied = page.split('`').find(|code| code.starts_with("UPDATE notifications")).unwrap();
    make_older(&file, 91);
    run(&mut shell(&delete.replace("DELETE FROM notifications", emptied), &folder.file("")));
    assert_eq!(bodies(&file), ["", ""]);
    assert_eq!(notify(&server, "old").status, 200);
    assert_eq!(bodies(&file), ["", ""]);
}

#[cfg(feature = "postgres")]
#[test]
fn old_notifications_are_deleted_from_postgresql_too() {
    let Some(postgres) = common::postgres::Postgres::start("old-notifications") else { return };
    let [_, delete] = blocks_of("docs/deployment/README.md", "Old notifications", "sh").try_into().unwrap();
    let server = Server::with(&[("DATABASE", &postgres.url())]);
    assert_eq!(notify(&server, "old").status, 200);
    postgres.sql("UPDATE notifications SET received_at = received_at - 91 * 86400");
    assert_eq!(notify(&server, "young").status, 200);
    run(shell(&delete, ".").env("DATABASE", postgres.url()));
    assert_eq!(postgres.sql("SELECT convert_from(body, 'UTF8') FROM notifications"), "young");
    assert_eq!(notify(&server, "old").status, 200);
    assert_eq!(postgres.sql("SELECT count(*) FROM notifications"), "2");
}
