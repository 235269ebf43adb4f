//! From SQLite to PostgreSQL, with the commands of docs/deployment.

mod common;

use common::{
    documents::{run, shell, text},
    folder::Folder,
    postgres::Postgres,
    server::Server,
    webhook::notify,
};

const SAMPLE: &str = include_str!("../../../crm/src/database/sqlite/sample.sql");

#[test]
fn the_rows_of_sqlite_can_be_moved() {
    let Some(postgres) = Postgres::start("moved") else { return };
    let folder = Folder::for_all("moved-from");
    let sqlite = Server::with(&[("DATABASE", &folder.file("people.db"))]);
    for sql in [SAMPLE, "UPDATE notes SET text = 'a \"b\",' || char(13, 10) || '\\c ' WHERE rowid = 1"] {
        rusqlite::Connection::open(folder.file("people.db")).unwrap().execute_batch(sql).unwrap();
    }
    assert_eq!(notify(&sqlite, b"\xFF\0binary").status, 200);
    let server = Server::with(&[("DATABASE", &postgres.url())]);
    let readme = text("docs/deployment/README.md");
    let start = readme.find("move() {").unwrap();
    let commands = &readme[start..start + readme[start..].find("```").unwrap()];
    run(shell(commands, &folder.file("")).env("DATABASE", postgres.url()));
    for id in 1..=6 {
        let path = format!("/iframe?id={id}");
        let without_links = |page: String| page.split("action=\"").next().unwrap().to_owned();
        assert_eq!(without_links(server.get(&path).body), without_links(sqlite.get(&path).body), "{id}");
    }
    let stored = "SELECT text FROM notes WHERE text LIKE 'a %'";
    assert_eq!(postgres.sql(stored), "a \"b\",\r\n\\c");
    assert_eq!(postgres.sql("SELECT body FROM notifications"), "\\xff0062696e617279");
}
