//! The server on PostgreSQL: what it stores, and what it says when it can't. What searches
//! find is in `search`, on both engines.

mod common;

use std::process::Output;

use common::{
    certificate,
    crm::crm,
    did_not_run::is_installed,
    folder::Folder,
    postgres::Postgres,
    server::{SECRET, Server, fetch, id_of, not_started, send},
    webhook::{HOOK_ID, notify},
};

const SAMPLE: &str = include_str!("../src/database/sqlite/sample.sql");

fn on(postgres: &Postgres) -> Server {
    Server::with(&[("DATABASE", &postgres.url())])
}

/// A server that should not start.
fn refused(variables: &[(&str, &str)]) -> String {
    let variables = variables.iter().copied().chain([("SECRET", SECRET), ("LISTEN", "127.0.0.1:0")]);
    let Output { status, stderr, .. } = not_started(crm().envs(variables));
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

#[test]
fn a_page_shows_what_there_is_about_a_person() {
    let Some(postgres) = Postgres::start("page") else { return };
    let server = on(&postgres);
    postgres.sql(SAMPLE);
    postgres.sql(
        "INSERT INTO people (id, name) VALUES ('7', ''), ('8', repeat('é', 2000));
         INSERT INTO notes (person, written_at, text) VALUES
             ('7', 1700000000000, 'in milliseconds'), ('7', 9223372036854775807, 'at no time'), ('7', -1, 'long ago');
         INSERT INTO notes (person, written_at, text) SELECT '8', n, 'note ' || n FROM generate_series(1, 120) AS n",
    );
    let page = server.get("/iframe?id=1").body;
    let shown =
        ["Susan Red", "susan.red@example.com", "+44 20 7946 0101", "Red umbrella", "2,480.50", "larger size"];
    assert!(shown.iter().all(|shown| page.contains(shown)), "{page}");
    let page = server.get("/iframe?id=7").body;
    assert!(["2023-11-14", "1969-12-31", "at no time"].iter().all(|shown| page.contains(shown)), "{page}");
    let page = server.get("/iframe?id=8").body;
    assert!(page.contains("note 120") && page.contains("note 71") && !page.contains("note 70<"), "{page}");
    for nobody in ["9", "%00", "1%00", "%27"] {
        assert_eq!(server.get(&format!("/iframe?id={nobody}")).status, 404, "{nobody}");
    }
}

#[test]
fn the_newest_rows_come_first_however_their_times_are_written() {
    let Some(postgres) = Postgres::start("newest") else { return };
    let server = on(&postgres);
    postgres.sql(
        "INSERT INTO people (id, name) VALUES ('1', 'Anna');
         INSERT INTO notes (person, written_at, text) VALUES ('1', -1, 'of 1969'), ('1', 1700000000, 'of 2023');
         INSERT INTO notes (person, written_at, text)
             SELECT '1', 1762160400000 + n, 'in milliseconds ' || n FROM generate_series(1, 60) AS n;
         INSERT INTO notes (person, written_at, text)
             SELECT '1', 1762160400000000 + n, 'in microseconds ' || n FROM generate_series(1, 60) AS n;
         INSERT INTO orders (person, ordered_at, title, cents)
             SELECT '1', 1700000000000 + n, 'order of 2023', n FROM generate_series(1, 60) AS n;
         INSERT INTO orders (person, ordered_at, title, cents) VALUES ('1', 1762160400, 'order of 2025', 1)",
    );
    let first =
        server.follow(&send("POST", &server.note_url(&server.get("/iframe?id=1")), &[], "text=written+now"));
    let (of_2025, of_2023) = (first.body.find("order of 2025"), first.body.find("order of 2023"));
    assert!(of_2025.is_some() && of_2025 < of_2023, "{}", first.body);
    let second = fetch("GET", &server.link_url(&first, "Older notes"));
    let third = fetch("GET", &server.link_url(&second, "Older notes"));
    let all = format!("{}{}{}", first.body, second.body, third.body);
    let place = |text: &str| {
        let places: Vec<_> = all.match_indices(&format!(">{text}</p>")).collect();
        assert_eq!(places.len(), 1, "{text}: {all}");
        places[0].0
    };
    let mut expected = vec!["written now".to_owned()];
    expected.extend((1..=60).rev().map(|number| format!("in milliseconds {number}")));
    expected.extend(["of 2023", "of 1969"].map(str::to_owned));
    expected.extend((1..=60).rev().map(|number| format!("in microseconds {number}")));
    assert!(expected.is_sorted_by_key(|text| place(text)), "{all}");
}

#[test]
fn a_note_is_stored_once_for_its_link() {
    let Some(postgres) = Postgres::start("note") else { return };
    let server = on(&postgres);
    postgres.sql(SAMPLE);
    let link = server.note_url(&server.get("/iframe?id=2"));
    let add = |text: &str| send("POST", &link, &[], format!("text={text}"));
    for _ in 0..2 {
        let added = add("caf%C3%A9%00+%27");
        assert_eq!(added.status, 303);
        assert!(server.follow(&added).body.contains("café\u{FFFD} '"));
    }
    assert_eq!(add("another").status, 409);
    let stored = "SELECT count(*), min(text), max(written_at) > extract(epoch FROM now()) - 60
        FROM notes WHERE link IS NOT NULL";
    assert_eq!(postgres.sql(stored), "1|café\u{FFFD} '|t");
}

#[test]
fn a_notification_is_stored_once_for_its_hash() {
    let Some(postgres) = Postgres::start("notified") else { return };
    let server = on(&postgres);
    for _ in 0..2 {
        assert_eq!(notify(&server, b"\xFF\0binary").status, 200);
    }
    assert_eq!(
        postgres.sql("SELECT hook_id, body FROM notifications"),
        format!("{HOOK_ID}|\\xff0062696e617279")
    );
}

#[test]
fn people_that_any_program_writes_are_found_at_once_and_deleted_ones_are_not() {
    let Some(postgres) = Postgres::start("writes") else { return };
    let server = on(&postgres);
    // Which may write to people, and to nothing else.
    postgres.sql("CREATE ROLE other; GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON people TO other");
    let step = |sql: &str, found: &[(&str, &str)]| {
        postgres.sql(&format!("SET ROLE other; {sql}"));
        for _ in 0..2 {
            for (text, id) in found {
                let results = server.get(&format!("/search?q={text}")).json()["results"].take();
                let ids: Vec<_> = results.as_array().unwrap().iter().map(id_of).collect();
                assert_eq!(ids, Vec::from_iter((!id.is_empty()).then_some(*id)), "{text} after {sql}");
            }
            postgres.wait_for("SELECT count(*) FROM unindexed WHERE NOT is_too_long", "0");
        }
    };
    step("INSERT INTO people (id, name) VALUES ('1', 'Anna')", &[("anna", "1")]);
    step("UPDATE people SET name = 'Berta' WHERE id = '1'", &[("anna", ""), ("berta", "1")]);
    step("UPDATE people SET email = 'anna@example.com'", &[("anna", "1"), ("example", "1")]);
    step("UPDATE people SET email = '', id = '2'", &[("anna", ""), ("berta", "2")]);
    // Too long for an index, which fails for nobody else.
    step("UPDATE people SET id = repeat('2', 2500)", &[]);
    step("INSERT INTO people (id, name) VALUES ('3', 'Clara')", &[("clara", "3")]);
    assert_eq!(server.get("/search?q=berta").json()["results"].as_array().unwrap().len(), 1);
    step("DELETE FROM people", &[("berta", ""), ("clara", "")]);
    assert_eq!(postgres.sql("SELECT count(*) FROM searchable"), "0");
    assert_eq!(postgres.sql("SELECT count(*) FROM unindexed"), "0");
    step(
        "INSERT INTO people (id, name) SELECT n, 'Dora ' || n FROM generate_series(1, 60) AS n",
        &[("dora 60", "60")],
    );
    let reload = "TRUNCATE people CASCADE; INSERT INTO people (id, name) VALUES ('61', 'Dora the last')";
    postgres.sql("GRANT TRUNCATE ON sales, orders, notes TO other");
    step(reload, &[("dora", "61")]);
}

/// The trigger may do more than whoever writes to people, and does it for nobody else.
#[test]
fn a_temporary_table_does_not_stand_in_for_that_of_the_server() {
    let Some(postgres) = Postgres::start("escalation") else { return };
    let _server = on(&postgres);
    postgres.sql("CREATE ROLE other; GRANT INSERT ON people TO other");
    let inserted = postgres.sql(
        "SET ROLE other; CREATE TEMP TABLE unindexed (person text);
         INSERT INTO people (id, name) VALUES ('1', 'Anna'); SELECT count(*) FROM pg_temp.unindexed",
    );
    assert_eq!(inserted, "0");
    postgres.wait_for("SELECT count(*) FROM searchable", "1");
}

#[test]
fn a_database_that_can_not_be_used_says_why_and_no_password() {
    let Some(postgres) = Postgres::start("unusable") else { return };
    postgres.sql("CREATE TABLE people (number integer)");
    let error = refused(&[("DATABASE", &postgres.url())]);
    assert!(error.contains("(id, name, email)"), "{error}");
    assert_eq!(
        postgres.sql("SELECT count(*) FROM information_schema.tables WHERE table_name = 'notes'"),
        "0"
    );
    postgres.sql("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    let url = postgres.url();
    let latin = url.strip_suffix("/postgres").unwrap().to_owned() + "/latin";
    let error = refused(&[("DATABASE", &latin)]);
    assert!(error.contains("LATIN1") && error.contains("UTF8"), "{error}");
    for url in [
        "postgres://me:hunter2@127.0.0.1:1/crm",
        "postgresql://me:hunter2@127.0.0.1:1/crm?sslmode=verify-full",
        "postgres://me:hunter2@127.0.0.1:1/crm?sslmode=hunter2",
        "postgres://me:hunter2@127.0.0.1:hunter2/crm",
        "postgres://me:hunter2@[/crm",
    ] {
        let error = refused(&[("DATABASE", url)]);
        assert!(error.contains("DATABASE") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn passwords_and_certificates_are_checked() {
    if !is_installed("openssl", "openssl") {
        return;
    }
    let folder = Folder::for_all("certificates");
    for authority in ["ours", "theirs"] {
        let files = [&*format!("{authority}.pem"), &*format!("{authority}.key")];
        let no_authority = ["-addext", "basicConstraints=critical,CA:FALSE"];
        certificate::make(&folder, "localhost", authority, files, &no_authority);
    }
    let certificate = std::fs::read_to_string(folder.file("ours.pem")).unwrap();
    let key = std::fs::read_to_string(folder.file("ours.key")).unwrap();
    let settings = [
        ("listen_addresses", "127.0.0.1"),
        ("ssl", "on"),
        ("ssl_cert_file", "server.pem"),
        ("ssl_key_file", "server.key"),
    ];
    let Some(postgres) = Postgres::with(
        "tls",
        &settings,
        &[
            ("server.pem", &certificate),
            ("server.key", &key),
            ("pg_hba.conf", "local all all trust\nhostssl all all all scram-sha-256\n"),
        ],
    ) else {
        return;
    };
    postgres.sql("CREATE ROLE crm LOGIN PASSWORD 'hunter2' SUPERUSER");
    let url = |host: &str, password: &str, mode: &str| {
        format!("postgres://crm:{password}@{host}:{}/postgres?sslmode={mode}", postgres.port)
    };
    let ours = ("SSL_CERT_FILE", &*folder.file("ours.pem"));
    let theirs = ("SSL_CERT_FILE", &*folder.file("theirs.pem"));
    for mode in ["require", "verify-full", "prefer"] {
        let url = url("localhost", "hunter2", mode);
        let server = Server::with(&[("DATABASE", &url), ours]);
        assert_eq!(fetch("GET", &server.url("/health")).status, 200, "{mode}");
        let tls =
            "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'crm'";
        assert_eq!(postgres.sql(tls), "t");
        let error = refused(&[("DATABASE", &url), theirs]);
        let says = ["certificate", "SSL_CERT_FILE", "sslmode=disable"];
        assert!(says.iter().all(|says| error.contains(says)), "{error}");
    }
    // Not the name in the certificate, a wrong password, and a server that wants TLS.
    for (url, says) in [
        (url("127.0.0.1", "hunter2", "require"), "certificate"),
        (url("localhost", "hunter3", "require"), "password authentication failed"),
        (url("localhost", "hunter2", "disable"), "no encryption"),
    ] {
        let error = refused(&[("DATABASE", &url), ours]);
        assert!(error.contains(says) && !error.contains("hunter"), "{error}");
    }
}

#[test]
fn a_database_of_the_former_version_is_brought_up_to_date() {
    let Some(postgres) = Postgres::start("former") else { return };
    postgres.sql(include_str!("../src/database/postgres/schema.sql"));
    postgres.sql(
        "CREATE TABLE signed_query_migrations (version integer PRIMARY KEY);
         INSERT INTO signed_query_migrations VALUES (1); INSERT INTO people (id, name) VALUES ('1', 'Anna')",
    );
    let server = on(&postgres);
    let results = server.get("/search?q=anna").json()["results"].take();
    assert_eq!(results[0]["id"], 1);
    postgres.wait_for("SELECT count(*) FROM searchable", "1");
    postgres.sql("TRUNCATE people CASCADE");
    assert_eq!(postgres.sql("SELECT count(*) FROM searchable"), "0");
}
