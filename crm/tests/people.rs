//! The page about a person, over real sockets.

mod common;

use common::{
    folder::Folder,
    foreign::foreign_file,
    server::{Server, fetch},
};
use rusqlite::Connection;
use serde_json::json;

#[test]
fn the_page_has_contacts_orders_and_amounts() {
    let server = Server::start();
    let page = server.get("/iframe?id=1").body;
    for shown in ["+44 20 7946 0101", "@susanred", "Red umbrella, large", "2026-05-21", "£34.50", "£2,480.50"]
    {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    assert!(server.get("/iframe?id=2").body.contains("−£49.99"));
    let server = Server::with(&[("CURRENCY", "CHF")]);
    assert!(server.get("/iframe?id=1").body.contains("CHF\u{A0}2,480.50"));
}

/// What stands between two texts, each time.
fn between<'t>(page: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    page.split(before).skip(1).map(|rest| rest.split_once(after).unwrap().0).collect()
}

#[test]
fn a_page_has_the_rows_about_one_person_and_no_more_than_fit() {
    // Where all times are seconds, and where they are not.
    for (name, written_at) in [("seconds", "n"), ("anything", "CASE n WHEN 1 THEN NULL ELSE n END")] {
        let folder = Folder::new(&format!("own-rows-{name}"));
        let file = foreign_file(&folder, "");
        let server = Server::with(&[("DATABASE", &file)]);
        let rows = format!(
            "INSERT INTO people (id, name, email) VALUES ('1', 'Anna', ''), ('2', 'Bert', ''), ('3', 'Carl', '');
             CREATE TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120)
                SELECT n, id FROM n, people WHERE id <> '3';
             INSERT INTO notes (person, written_at, text) SELECT id, {written_at}, 'note ' || n || ' of ' || id FROM n WHERE n <= 3;
             INSERT INTO orders SELECT id, {written_at}, 'order ' || n || ' of ' || id, n FROM n WHERE n <= 7;
             INSERT INTO sales SELECT id, 2000 + n, 1000 * id + n FROM n;"
        );
        Connection::open(&file).unwrap().execute_batch(&rows).unwrap();
        for id in [1, 2] {
            let page = server.get(&format!("/iframe?id={id}")).body;
            let notes = between(&page, "<article>", "</article>");
            let notes: Vec<_> =
                notes.iter().flat_map(|note| between(note, "<p dir=\"auto\">", "</p>")).collect();
            assert_eq!(notes, [3, 2, 1].map(|n| format!("note {n} of {id}")), "{name}");
            let orders = between(&page, "<span dir=\"auto\">", "</span>");
            assert_eq!(orders, [7, 6, 5, 4, 3].map(|n| format!("order {n} of {id}")), "{name}");
            let years: Vec<u32> = between(&page, "<th class=\"whole\" scope=\"row\">", "</th>")
                .iter()
                .map(|year| year.parse().unwrap())
                .collect();
            assert_eq!(years, (2021..=2120).rev().collect::<Vec<_>>(), "{name}");
            let amounts = between(&page, "<td class=\"amount whole\">", "</td>");
            let of_orders = [7, 6, 5, 4, 3].map(|n| format!("£0.{n:02}"));
            let of_years = (21..=120).rev().map(|n| format!("£{}.{:02}", 10 * id + n / 100, n % 100));
            assert_eq!(amounts, of_orders.into_iter().chain(of_years).collect::<Vec<_>>(), "{name}");
        }
        let page = server.get("/iframe?id=3").body;
        assert!(page.contains("No notes yet.") && !page.contains("<table>"), "{page}");
    }
}

/// Whatever another program writes into whichever column.
#[test]
fn markup_is_text_in_all_that_a_page_shows() {
    let folder = Folder::new("markup");
    let nasty = "<script>\"&'</script>";
    let file = foreign_file(
        &folder,
        "ALTER TABLE people ADD phone; ALTER TABLE people ADD handle; ALTER TABLE people ADD crm_url",
    );
    let connection = Connection::open(&file).unwrap();
    for insert in [
        "INSERT INTO people VALUES ('1', ?1 || 'name', ?1 || 'email', ?1 || 'phone', ?1 || 'handle', 'https://' || ?1 || 'crm')",
        "INSERT INTO notes VALUES ('1', 1, ?1 || 'note')",
        "INSERT INTO sales VALUES ('1', ?1 || 'year', 1)",
        "INSERT INTO orders VALUES ('1', 1, ?1 || 'order', 1)",
    ] {
        connection.execute(insert, [nasty]).unwrap();
    }
    let server = Server::with(&[("DATABASE", &file), ("CURRENCY", &format!("{nasty}currency"))]);
    let page = server.get("/iframe?id=1").body;
    assert!(!page.contains("<script") && !page.contains("</script"), "{page}");
    let mut shown: Vec<&str> = between(&page, "&lt;script&gt;&quot;&amp;'&lt;/script&gt;", "<");
    shown.iter_mut().for_each(|text| *text = text.split(['"', '\u{a0}']).next().unwrap());
    let expected =
        ["name", "name", "email", "phone", "handle", "crm", "order", "currency", "year", "currency", "note"];
    assert_eq!(shown, expected, "{page}");
}

#[test]
fn the_link_to_the_crm_is_to_a_web_page_or_there_is_none() {
    let folder = Folder::new("crm-links");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let connection = Connection::open(&file).unwrap();
    connection.execute("INSERT INTO people (id, name) VALUES ('1', 'Anna')", []).unwrap();
    for (address, is_linked) in [
        ("https://crm.example/1?a=b", true),
        ("http://crm.example/1", true),
        ("javascript:alert(1)", false),
        ("JavaScript:alert(1)", false),
        (" javascript:alert(1)", false),
        ("java\tscript:alert(1)", false),
        ("javascript://https://crm.example/%0aalert(1)", false),
        ("data:text/html,https://crm.example", false),
        ("vbscript:a", false),
        ("file:///etc/passwd", false),
        ("//crm.example", false),
        ("/1", false),
        ("crm.example", false),
        ("https:crm.example", false),
        ("", false),
    ] {
        connection.execute("UPDATE people SET crm_url = ?1", [address]).unwrap();
        let page = server.get("/iframe?id=1").body;
        let links = between(&page, "<a ", "</a>");
        let link =
            format!("href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\">Open in the CRM");
        assert_eq!(links, if is_linked { vec![&*link] } else { vec![] }, "{address:?}");
    }
}

#[test]
fn the_size_of_a_page_is_bounded() {
    let folder = Folder::new("bounded");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    Connection::open(&file)
        .unwrap()
        .execute_batch(
            "INSERT INTO people (id, name) VALUES ('1', 'Anna');
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
             INSERT INTO notes (person, written_at, text)
                SELECT '1', n, n || ': ' || hex(zeroblob(45000)) FROM n;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
             INSERT INTO sales SELECT '1', n, n FROM n;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
             INSERT INTO orders SELECT '1', n, hex(zeroblob(100000)), n FROM n;",
        )
        .unwrap();
    let mut page = server.get("/iframe?id=1");
    for newest in [2000, 1950, 1900] {
        assert_eq!(page.status, 200);
        assert!(page.body.len() < 300_000, "{}", page.body.len());
        for number in newest - 49..=newest {
            assert!(page.body.contains(&format!(">{number}: 000")), "{number}");
        }
        assert!(!page.body.contains(&format!(">{}: 000", newest - 50)));
        page = fetch("GET", &server.link_url(&page, "Older notes"));
    }
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(server.get("/iframe?id=1").status, 200));
        }
    });
    assert!(server.highest_memory() < 100 * 1024, "{} KiB", server.highest_memory());
}

#[test]
fn a_page_of_the_longest_notes_goes_on_where_it_ends() {
    let folder = Folder::new("longest");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let connection = Connection::open(&file).unwrap();
    connection.execute("INSERT INTO people (id, name) VALUES ('1', 'Anna')", []).unwrap();
    for number in 0..60 {
        let insert = "INSERT INTO notes (person, written_at, text) VALUES ('1', ?1, ?2)";
        connection.execute(insert, (number, format!("{number}:{}", "漢".repeat(3990)))).unwrap();
    }
    let (mut page, mut seen) = (server.get("/iframe?id=1"), Vec::new());
    loop {
        assert!(page.body.len() < 300_000, "{}", page.body.len());
        let notes = page.body.split("<p dir=\"auto\">").skip(1);
        let numbers =
            notes.filter_map(|rest| rest.split_once(':')).filter_map(|(number, _)| number.parse().ok());
        seen.extend(numbers.collect::<Vec<u32>>());
        if !page.body.contains("Older notes") {
            break;
        }
        page = fetch("GET", &server.link_url(&page, "Older notes"));
    }
    assert_eq!(seen, (0..60).rev().collect::<Vec<_>>());
}

/// As in the platform's own sample. Beyond 2^53 JavaScript would round it.
#[test]
fn an_id_that_is_an_integer_is_a_number_in_the_answer() {
    let folder = Folder::new("ids");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let ids = [
        ("0", json!(0)),
        ("7", json!(7)),
        ("9007199254740992", json!(9_007_199_254_740_992_u64)),
        ("9007199254740993", json!("9007199254740993")),
        ("18446744073709551616", json!("18446744073709551616")),
        ("007", json!("007")),
        ("+7", json!("+7")),
        ("-7", json!("-7")),
        ("7.0", json!("7.0")),
        ("1e3", json!("1e3")),
        ("٧", json!("٧")),
        ("a", json!("a")),
    ];
    let connection = Connection::open(&file).unwrap();
    for (nth, (id, _)) in ids.iter().enumerate() {
        let name = format!("Anna {nth:02}");
        connection.execute("INSERT INTO people (id, name) VALUES (?1, ?2)", [*id, &*name]).unwrap();
    }
    let found = server.get("/search?q=anna").json();
    let found: Vec<_> = found["results"].as_array().unwrap().iter().map(|person| &person["id"]).collect();
    assert_eq!(found, Vec::from_iter(ids.iter().map(|(_, id)| id)));
}
