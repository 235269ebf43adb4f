//! Rows of other programs, whatever is in them: how a page shows them.

mod common;

use common::{
    folder::Folder,
    foreign::foreign_file,
    searched::wait_for_index,
    server::{Reply, Server, fetch, id_of, send},
};
use rusqlite::Connection;

#[test]
fn a_malformed_row_is_shown_as_it_can_be_and_harms_no_other() {
    let folder = Folder::new("bad-rows");
    let file = foreign_file(
        &folder,
        "INSERT INTO people VALUES
            ('good', 'Anna Good', 'anna@example.com'),
            ('utf8', CAST(x'416E6E61FF42' AS TEXT), CAST(x'FE' AS TEXT)),
            ('blob', x'416E6E6120426C6F62', x'00FF'),
            ('null', NULL, NULL),
            ('empty', '', ''),
            ('blank', '  ', ''),
            ('invisible', char(0x200B, 0xFEFF, 0x3164, 0xAD), char(0x200B)),
            ('one-letter', 'ا', ''),
            (replace(hex(zeroblob(200)), '0', 'i'), 'Anna Long-Id', ''),
            (hex(zeroblob(20000)), 'Anna Endless-Id', ''),
            ('number', 42, 7.5),
            (5, 'Anna Five', ''),
            (NULL, 'Anna Nobody', ''),
            (CAST(x'FF' AS TEXT), 'Anna Unnamed', ''),
            ('long', 'Anna ' || hex(zeroblob(1000000)), '');
        INSERT INTO notes VALUES
            ('good', 1762160400123, 'in milliseconds'),
            ('good', 9223372036854775807, 'at the end of time'),
            ('good', -9223372036854775807 - 1, 'before all time'),
            ('good', -1, 'just before 1970'),
            ('good', NULL, 'at no time'),
            ('good', '2026-03-04 05:06:07', 'as text'),
            ('good', 'yesterday', 'as nonsense'),
            ('good', 1762160400.5, 'in fractions'),
            ('good', x'00', 'as a blob'),
            ('good', 1762160400, CAST(x'62616420FF' AS TEXT)),
            ('good', 1762160401, NULL),
            ('good', 1762160402, 123456);
        INSERT INTO sales VALUES
            ('good', 2026, 9223372036854775807), ('good', 2025, -9223372036854775807 - 1),
            ('good', 2024, 12.6), ('good', 2023, '34'), ('good', 2022, 'much'), ('good', 2021, NULL),
            ('good', 'ages ago', 1), ('good', NULL, x'00'), ('good', -5, 0);
        INSERT INTO orders VALUES
            ('good', 1762160400123, NULL, NULL), ('good', NULL, x'FF', 'x'), ('good', -1, 5, 1e300);",
    );
    let server = Server::with(&[("DATABASE", &file)]);
    let page = server.get("/iframe?id=good");
    assert_eq!(page.status, 200, "{}", server.log());
    for shown in [
        "3 November 2025, 09:00 UTC</time><p dir=\"auto\">in milliseconds",
        "undated</span><p dir=\"auto\">at the end of time",
        "undated</span><p dir=\"auto\">before all time",
        "31 December 1969, 23:59 UTC</time><p dir=\"auto\">just before 1970",
        "undated</span><p dir=\"auto\">at no time",
        "4 March 2026, 05:06 UTC</time><p dir=\"auto\">as text",
        "undated</span><p dir=\"auto\">as nonsense",
        "3 November 2025, 09:00 UTC</time><p dir=\"auto\">in fractions",
        "undated</span><p dir=\"auto\">as a blob",
        "bad \u{FFFD}</p>",
        "123456</p>",
        "£92,233,720,368,547,758.07",
        "−£92,233,720,368,547,758.08",
        "£0.13",
        "£0.34",
        "–",
        "ages ago",
    ] {
        assert!(page.body.contains(shown), "{shown} is not in {}", page.body);
    }
    for (id, name) in [
        ("utf8", "<h1 dir=\"auto\">Anna\u{FFFD}B</h1>"),
        ("blob", "<h1 dir=\"auto\">Anna Blob</h1>"),
        ("null", "<h1 dir=\"auto\">null</h1>"),
        ("empty", "<h1 dir=\"auto\">empty</h1>"),
        ("blank", "<h1 dir=\"auto\">blank</h1>"),
        ("invisible", "<h1 dir=\"auto\">invisible</h1></header>"),
        ("one-letter", "<h1 dir=\"auto\">ا</h1>"),
        ("number", "<h1 dir=\"auto\">42</h1>"),
        ("5", "<h1 dir=\"auto\">Anna Five</h1>"),
        ("long", "<h1 dir=\"auto\">Anna 000"),
    ] {
        let page = server.get(&format!("/iframe?id={id}"));
        assert_eq!(page.status, 200, "{id}: {}", server.log());
        assert!(page.body.contains(name), "{name} is not in {}", page.body);
        assert!(page.body.len() < 10_000);
    }
    // A number is one id, however a number may be written.
    for id in ["05", "%2B5", "5.0", "%205"] {
        assert_eq!(server.get(&format!("/iframe?id={id}")).status, 404, "{id}");
    }
    for id in ["good", "5"] {
        let url = server.note_url(&server.get(&format!("/iframe?id={id}")));
        let reply = send("POST", &url, &[], "text=written");
        // Undated rows may stand above it.
        let connection = Connection::open(&file).unwrap();
        let written = "SELECT count(*) FROM notes WHERE text = 'written' AND CAST(person AS TEXT) = ?1";
        assert_eq!((reply.status, connection.query_one(written, [id], |row| row.get(0))), (303, Ok(1)));
    }
    assert!(server.get("/iframe?id=5").body.contains("written"));
    let names = |query: &str| {
        let results = server.get(query).json()["results"].take();
        let names =
            results.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned());
        names.map(|name| name.chars().take(12).collect()).collect::<Vec<String>>()
    };
    let connection = Connection::open(&file).unwrap();
    for _ in 0..2 {
        let anna = names("/search?q=anna");
        for name in ["Anna Good", "Anna\u{FFFD}B", "Anna Blob", "Anna Five", "Anna 0000000"] {
            assert!(anna.contains(&name.to_owned()), "{name} is not in {anna:?}");
        }
        assert_eq!(names("/search?q=42"), ["42"]);
        // Whoever is found can be asked for, and nobody else is found.
        for nobody in ["Anna Nobody", "Anna Unnamed", "Anna Endless"] {
            assert!(!anna.contains(&nobody.to_owned()), "{nobody} is in {anna:?}");
        }
        assert!(anna.contains(&"Anna Long-Id".to_owned()), "{anna:?}");
        for person in server.get("/search?q=anna").json()["results"].as_array().unwrap() {
            let id = id_of(person);
            assert_eq!(server.get(&format!("/iframe?id={id}")).status, 200, "{person}");
        }
        wait_for_index(&server, &connection);
    }
}

/// The texts of a page's notes, from the top.
fn notes(page: &Reply) -> Vec<&str> {
    let notes = page.body.split("</time><p dir=\"auto\">");
    let notes = notes.flat_map(|rest| rest.split("undated</span><p dir=\"auto\">")).skip(1);
    notes.map(|rest| rest.split("</p>").next().unwrap()).collect()
}

#[test]
fn the_newest_rows_come_first_however_their_times_are_written() {
    let folder = Folder::new("newest");
    let in_file = |name: &str, tables: &str, rows: &str| {
        let file = folder.file(name);
        let connection = Connection::open(&file).unwrap();
        connection.execute_batch(tables).unwrap();
        let server = Server::with(&[("DATABASE", &file)]);
        connection.execute_batch(rows).unwrap();
        server
    };
    let imported = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 60)";
    let typed = |kind: &str| {
        format!(
            "CREATE TABLE people (id PRIMARY KEY, name, email); CREATE TABLE notes (person, written_at {kind}, text);"
        )
    };
    for (name, tables, time) in [
        ("milliseconds", "", "1762160400000 + n"),
        ("microseconds", "", "1762160400000000 + n"),
        ("nanoseconds", "", "1762160400000000000 + n"),
        ("text", &*typed(""), "'2025-11-03 09:00:' || printf('%02d', n % 60)"),
        ("dates", &*typed("DATETIME"), "'2025-11-03T09:00'"),
        ("columns-of-text", &*typed("TEXT"), "'2025-11-03'"),
        ("numbers-as-text", &*typed("TEXT"), "1762160400000 + n"),
        ("nonsense", &*typed(""), "'yesterday'"),
        ("blobs", &*typed(""), "x'FF'"),
    ] {
        let rows = format!(
            "INSERT INTO people (id, name, email) VALUES ('1', 'Anna', '');
             INSERT INTO notes (person, written_at, text) VALUES ('1', 1700000000, 'of 2023'), ('1', -1, 'of 1969');
             {imported} INSERT INTO notes (person, written_at, text) SELECT '1', {time}, 'imported ' || n FROM n;"
        );
        let server = in_file(name, tables, &rows);
        let mut page =
            server.follow(&send("POST", &server.note_url(&server.get("/iframe?id=1")), &[], "text=new"));
        assert_eq!(notes(&page)[0], "new", "{name}: {}", page.body);
        // All are seen once, and what is undated is last.
        let mut seen: Vec<_> = notes(&page).into_iter().map(str::to_owned).collect();
        while page.body.contains("Older notes") {
            page = fetch("GET", &server.link_url(&page, "Older notes"));
            seen.extend(notes(&page).into_iter().map(str::to_owned));
        }
        let is_dated = server.get("/iframe?id=1").body.contains("2025-11-03");
        let place = |text: &str| seen.iter().position(|note| note == text);
        let expected = if is_dated { (Some(61), Some(62)) } else { (Some(1), Some(2)) };
        assert_eq!((place("of 2023"), place("of 1969")), expected, "{name}: {seen:?}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 63, "{name}");
    }
    let orders = "INSERT INTO people (id, name) VALUES ('1', 'Anna');
        INSERT INTO orders (person, ordered_at, title, cents) VALUES ('1', 1762160400, 'of 2025', 1);";
    let imported =
        format!("{imported} INSERT INTO orders SELECT '1', 1700000000000 + n, 'of 2023', n FROM n;");
    let page = in_file("orders", "", &format!("{orders}{imported}")).get("/iframe?id=1").body;
    let (of_2025, of_2023) = (page.find("of 2025"), page.find("of 2023"));
    assert!(of_2025.is_some() && of_2025 < of_2023, "{page}");
}
