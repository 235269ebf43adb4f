//! Databases that an earlier version made, and copies of it that go on beside this one.

mod common;

use std::{
    thread,
    time::{Duration, Instant},
};

use common::{
    folder::Folder,
    searched::wait_for_index,
    server::{Server, id_of, send},
    webhook::notify,
};
use rusqlite::Connection;

fn found(server: &Server, text: &str) -> Vec<String> {
    let results = server.get(&format!("/search?q={text}")).json()["results"].take();
    results.as_array().unwrap().iter().map(id_of).collect()
}

/// What there was, a search that is new, and what is written now.
fn check(server: &Server) {
    for text in ["anna", "red%20exa", "02079460101"] {
        assert_eq!(found(server, text), ["1"], "{text}");
    }
    let page = server.get("/iframe?id=1");
    assert!(page.body.contains("From before.") && page.body.contains("+44 20 7946 0101"), "{}", page.body);
    assert_eq!(send("POST", &server.note_url(&page), &[], "text=new").status, 303);
    assert_eq!(notify(server, "new").status, 200);
}

#[test]
fn a_file_of_the_former_version_is_upgraded() {
    let folder = Folder::new("upgrade");
    let file = folder.file("people.db");
    let connection = Connection::open(&file).unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    connection.execute_batch(include_str!("former/sqlite.sql")).unwrap();
    for _ in 0..2 {
        let server = Server::with(&[("DATABASE", &file)]);
        check(&server);
        wait_for_index(&server, &connection);
        check(&server);
        assert!(server.stop().0.success());
    }
    let integrity = "INSERT INTO searchable_grams (searchable_grams) VALUES ('integrity-check')";
    connection.execute_batch(integrity).unwrap();
}

/// One of the former version has the file open, and another of them starts: their statements
/// still run, and whomever they index is indexed once more, by phone number as well.
#[test]
fn a_copy_of_the_former_version_goes_on_beside_this_one() {
    let folder = Folder::new("upgrade-beside");
    let file = folder.file("people.db");
    let former = Connection::open(&file).unwrap();
    former.busy_timeout(Duration::from_secs(5)).unwrap();
    former.execute_batch(include_str!("former/sqlite.sql")).unwrap();
    let find = "SELECT count(*) FROM (SELECT 1 FROM unindexed LIMIT 5001)";
    let look = "SELECT group_concat(id) FROM people WHERE id IN (SELECT person FROM unindexed)";
    let indexed = "SELECT group_concat(person) FROM searchable_grams CROSS JOIN searchable
        ON position = searchable_grams.rowid WHERE searchable_grams MATCH '\"ann\"'";
    let text = |sql: &str| former.query_one(sql, [], |row| row.get::<_, Option<String>>(0)).unwrap();
    assert_eq!(text(indexed).as_deref(), Some("1"));
    let server = Server::with(&[("DATABASE", &file)]);
    let take = |id: i64| {
        let mut take =
            former.prepare_cached("DELETE FROM unindexed WHERE id = ?1 RETURNING person, name").unwrap();
        let taken = take.query_map([id], |row| row.get::<_, String>(0)).unwrap();
        taken.collect::<rusqlite::Result<Vec<_>>>().unwrap()
    };
    let deadline = Instant::now() + Duration::from_secs(300);
    while former.query_one(find, [], |row| row.get::<_, i64>(0)).unwrap() > 0 {
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(text(indexed).as_deref(), Some("1"));
    // In one transaction, so that the former version is surely the first to see it.
    former
        .execute_batch(
            "BEGIN IMMEDIATE; INSERT INTO people (id, name, phone) VALUES ('2', 'Ann', '020 7946 0102')",
        )
        .unwrap();
    let change = former.query_one("SELECT max(id) FROM unindexed", [], |row| row.get(0)).unwrap();
    assert_eq!((text(look).as_deref(), take(change)), (Some("2"), vec!["2".to_owned()]));
    former
        .execute_batch(
            "INSERT INTO searchable (position, person, name, email) VALUES (128, '2', 'ann', '');
             INSERT INTO searchable_grams (rowid, grams) VALUES (128, 'a an ann n nn'); COMMIT",
        )
        .unwrap();
    for _ in 0..2 {
        assert_eq!(
            (found(&server, "ann"), found(&server, "02079460102")),
            (vec!["2".to_owned(), "1".to_owned()], vec!["2".to_owned()])
        );
        let deadline = Instant::now() + Duration::from_secs(300);
        while text(look).is_some() {
            assert!(Instant::now() < deadline);
            thread::sleep(Duration::from_millis(20));
        }
    }
    // As it starts once more.
    former
        .execute_batch(
            "BEGIN IMMEDIATE; DROP TABLE IF EXISTS searchable; DROP TABLE IF EXISTS searchable_grams;
             DROP TABLE IF EXISTS gram_counts; DROP TABLE IF EXISTS folding; DELETE FROM unindexed",
        )
        .unwrap();
    let made = include_str!("former/sqlite.sql");
    let (start, end) = (made.find("CREATE INDEX").unwrap(), made.find("INSERT INTO folding").unwrap());
    former.execute_batch(&made[start..end]).unwrap();
    former
        .execute_batch(
            "INSERT INTO unindexed (person) SELECT id FROM people;
             INSERT OR IGNORE INTO folding (version) VALUES (2); COMMIT",
        )
        .unwrap();
    check(&server);
    let (_, log) = server.stop();
    assert!(!log.contains("ERROR"), "{log}");
    let server = Server::with(&[("DATABASE", &file)]);
    check(&server);
}

#[cfg(feature = "postgres")]
#[test]
fn a_postgresql_of_the_former_version_is_upgraded() {
    let Some(postgres) = common::postgres::Postgres::start("upgrade") else { return };
    postgres.sql(include_str!("../src/database/postgres/schema.sql"));
    postgres.sql(include_str!("../src/database/postgres/schema_2.sql"));
    postgres.sql(
        "CREATE TABLE signed_query_migrations (version integer PRIMARY KEY);
         INSERT INTO signed_query_migrations VALUES (1), (2); INSERT INTO folding VALUES (2);
         INSERT INTO people (id, name, email, phone) VALUES ('1', 'Anna Red', 'a@example.com', '+44 20 7946 0101');
         INSERT INTO notes (person, written_at, text) VALUES ('1', 1762160400, 'From before.');
         DELETE FROM unindexed;
         INSERT INTO searchable VALUES ('1', 'anna red', 'a@example.com', string_to_array('a an ann r re red', ' '))",
    );
    let server = Server::with(&[("DATABASE", &postgres.url())]);
    check(&server);
    postgres.wait_for("SELECT count(*) FROM unindexed", "0");
    check(&server);
    // A copy of the former version that looks for something to index is to leave it to this one.
    assert_eq!(
        postgres.sql(&format!("SELECT pg_try_advisory_xact_lock({})", 0x5369_676E_6564_0002_i64)),
        "f"
    );
    let second = Server::with(&[("DATABASE", &postgres.url())]);
    check(&second);
    assert!(server.stop().0.success());
    // Who takes over is the other.
    postgres.sql("INSERT INTO people (id, name, phone) VALUES ('2', 'Berta', '020 7946 0102')");
    postgres.wait_for("SELECT count(*) FROM unindexed", "0");
    assert_eq!(found(&second, "%2B442079460102"), ["2"]);
}
