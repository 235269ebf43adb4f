//! People from CSV, into a database that a server has open.

mod common;

use std::{fs, process::Output};

use common::{crm::crm, folder::Folder, server::Server};
use rusqlite::Connection;

/// Runs the command on a file with these bytes. Gives what it said: as its result, and else.
fn import(database: &str, folder: &Folder, bytes: impl AsRef<[u8]>) -> Result<(String, String), String> {
    let file = folder.file("people.csv");
    fs::write(&file, bytes).unwrap();
    let Output { status, stdout, stderr } =
        crm().args(["import", &file]).env("DATABASE", database).output().unwrap();
    let (result, said) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    if status.success() { Ok((result, said)) } else { Err(said) }
}

fn count(file: &str) -> i64 {
    let connection = Connection::open(file).unwrap();
    connection.query_one("SELECT count(*) FROM people", [], |row| row.get(0)).unwrap()
}

#[test]
fn people_are_found_at_once_and_updated_the_second_time() {
    let folder = Folder::new("import");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let first = "id,name,email,phone\n101,Ada Lovelace,ada@example.com,+44 20 7946 0101\n\
                 102,\"Grace \"\"Amazing\"\" Hopper\",grace@example.com,\n103,\"Turing, Alan\",,\n";
    assert_eq!(import(&file, &folder, first), Ok(("rows imported: 3, skipped: 0\n".into(), String::new())));
    assert_eq!(server.names("/search?q=lovelace"), ["Ada Lovelace"]);
    assert_eq!(server.names("/search?q=grace"), ["Grace \"Amazing\" Hopper"]);
    assert_eq!(server.names("/search?q=turing"), ["Turing, Alan"]);
    // What a file does not have stays as it is.
    let second = "name;id;department\nAda King;101;Analysis\nAnna;104;\n";
    assert_eq!(import(&file, &folder, second).unwrap().0, "rows imported: 2, skipped: 0\n");
    assert_eq!(
        (server.names("/search?q=lovelace"), server.names("/search?q=king")),
        (vec![], vec!["Ada King".to_owned()])
    );
    let page = server.get("/iframe?id=101").body;
    assert!(page.contains("ada@example.com") && page.contains("+44 20 7946 0101"), "{page}");
    assert_eq!(count(&file), 4);
}

#[test]
fn each_way_to_write_a_file_is_read() {
    let folder = Folder::new("import-written");
    let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| {
        let text = format!("\u{FEFF}{text}");
        text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
    };
    let latin = |text: &str| {
        text.chars()
            .map(|char| if char == '€' { 0x80 } else { u8::try_from(char).unwrap() })
            .collect::<Vec<u8>>()
    };
    let text = "id;name\r\n1;Renée €\r\n";
    for (number, bytes) in [
        text.into(),
        format!("\u{FEFF}{text}").into(),
        latin(text),
        latin(&text.replace(';', ",")),
        latin(&text.replace(';', "\t")),
        utf_16(text, u16::to_le_bytes),
        utf_16(text, u16::to_be_bytes),
        format!("sep=;\r\n{text}").into(),
        format!("\u{FEFF}sep=;\r\n{text}").into(),
        text.replace("\r\n", "\n").into(),
        text.replace("\r\n", "\r").into(),
        text.trim_end().into(),
        "ID ;\"Name\"\n 1 ;\" Renée €\"\n\n".into(),
        "id;name\n1;Renée €;;\n".into(),
    ]
    .into_iter()
    .enumerate()
    {
        let file = folder.file(&format!("{number}.db"));
        let (result, said) = import(&file, &folder, bytes).unwrap();
        assert_eq!((&*result, &*said), ("rows imported: 1, skipped: 0\n", ""), "{number}");
        let people = Connection::open(&file)
            .unwrap()
            .query_one("SELECT id || name FROM people", [], |row| row.get::<_, String>(0));
        assert_eq!(people.unwrap(), "1Renée €", "{number}");
    }
    // A file that was put together of two.
    let mixed = [latin("id,name\n1,Renée\n"), "2,Zoë\n".into()].concat();
    let file = folder.file("mixed.db");
    import(&file, &folder, mixed).unwrap();
    let all = "SELECT group_concat(name) FROM people ORDER BY id";
    let all = Connection::open(&file).unwrap().query_one(all, [], |row| row.get::<_, String>(0));
    assert_eq!(all.unwrap(), "Renée,Zoë");
}

#[test]
fn rows_that_are_no_person_are_skipped_by_line_and_all_others_are_imported() {
    let folder = Folder::new("import-left-out");
    let file = folder.file("people.db");
    let text = format!(
        "id,name,email\n1,Anna,\n2,Berta\n,Nobody,\n\u{200B} ,Nobody,\n5,E,e@example.com,f\n6,Ren\u{FFFD}e,\n\
         7,\"Two\nlines\",\n{},Long,\n9,N\0ul,\n10,Zora,\n11,\"Unclosed,\n12,Clara,\n",
        "8".repeat(3001)
    );
    let (result, said) = import(&file, &folder, text).unwrap();
    assert_eq!(result, "rows imported: 2, skipped: 9\n", "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let expected = [
        "line 3 is skipped: it has 2 fields where the first line has 3",
        "line 4 is skipped: its id is empty",
        "line 5 is skipped: its id is empty",
        "line 6 is skipped: it has 4 fields where the first line has 3",
        "line 7 is skipped: its name contains a character that was already lost (\u{FFFD})",
        "lines 8 to 9 are skipped, as one row: its name contains a line break or another control character; is a quote missing?",
        "line 10 is skipped: its id is longer than 3000 bytes",
        "line 11 is skipped: its name contains a line break or another control character",
        "lines 13 to 14 are skipped, as one row: it has 2 fields where the first line has 3; is a quote missing?",
    ];
    assert_eq!(lines, expected);
    assert_eq!(count(&file), 2);
}

#[test]
fn a_file_that_is_no_list_of_people_is_refused_and_changes_nothing() {
    let folder = Folder::new("import-refused");
    let file = folder.file("people.db");
    for (text, says) in [
        ("", "it is blank"),
        ("Kundennummer;Name\n1;Anna\n", "it is kundennummer, name"),
        ("1,Anna,anna@example.com\n", "id and name"),
        ("id,name,email,Email\n1,Anna,a,b\n", "names email twice"),
        ("id name\n1 Anna\n", "id name"),
    ] {
        let error = import(&file, &folder, text).unwrap_err();
        assert!(error.contains(says) && error.contains("people.csv"), "{error}");
        assert!(fs::metadata(&file).is_err(), "{text}");
    }
    for (arguments, database, says) in [
        (&["import"][..], &*file, "takes the name of one file"),
        (&["import", "a", "b"], &file, "takes the name of one file"),
        (&["import", "nowhere.csv"], &file, "nowhere.csv: No such file"),
        (&["import", &folder.file("people.csv")], "", "DATABASE is not set"),
        (&["export"], &file, "unknown argument"),
    ] {
        let output = crm().args(arguments).env("DATABASE", database).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && error.contains(says), "{error}");
    }
    let help = crm().args(["import", "--help"]).output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("import people.csv"));
}

/// What is written together, 500 rows at a time, is written whole or not at all.
#[test]
fn a_batch_with_a_row_that_the_database_refuses_leaves_nothing_behind() {
    let folder = Folder::new("import-batch");
    let file = folder.file("people.db");
    let _server = Server::with(&[("DATABASE", &file)]);
    let refuse = "CREATE TRIGGER refused BEFORE INSERT ON people WHEN NEW.id = '700'
        BEGIN SELECT RAISE(ABORT, 'not this one'); END";
    Connection::open(&file).unwrap().execute_batch(refuse).unwrap();
    let rows: String = (1..=1000).map(|id| format!("{id},Name\n")).collect();
    let error = import(&file, &folder, format!("id,name\n{rows}")).unwrap_err();
    assert!(error.contains("500 rows were imported, the rest were not: not this one"), "{error}");
    assert_eq!(count(&file), 500);
}

/// In a table of somebody else, ids may be numbers.
#[test]
fn people_whose_ids_are_numbers_are_updated() {
    let folder = Folder::new("import-numbers");
    let file = folder.file("people.db");
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE people (id, name, email); INSERT INTO people VALUES (7, 'Anna', '')")
        .unwrap();
    import(&file, &folder, "id,name\n7,Berta\n8,Cara\n").unwrap();
    let server = Server::with(&[("DATABASE", &file)]);
    assert_eq!(
        (server.names("/search?q=anna"), server.names("/search?q=berta")),
        (vec![], vec!["Berta".to_owned()])
    );
    assert_eq!(count(&file), 2);
}

/// With progress, and with a server that takes webhooks meanwhile.
#[test]
fn a_large_file_holds_up_nobody() {
    let folder = Folder::new("import-large");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("LOG", "info")]);
    let rows: String =
        (0..40_000).map(|number| format!("{number},Name {number},{number}@example.com\n")).collect();
    let text = format!("id,name,email\n{rows}");
    let (result, webhooks) = std::thread::scope(|scope| {
        let import = scope.spawn(|| import(&file, &folder, &text));
        let mut statuses = Vec::new();
        while !import.is_finished() {
            statuses
                .push(common::webhook::notify(&server, format!("{{\"number\":{}}}", statuses.len())).status);
        }
        (import.join().unwrap().unwrap(), statuses)
    });
    assert_eq!(result.0, "rows imported: 40000, skipped: 0\n");
    assert!(result.1.contains("rows imported so far: 40000"), "{}", result.1);
    assert!(webhooks.len() > 5 && webhooks.iter().all(|status| *status == 200), "{webhooks:?}");
    assert_eq!(server.names("/search?q=39999@"), ["Name 39999"]);
}

#[cfg(feature = "postgres")]
#[test]
fn people_are_imported_into_postgresql() {
    let Some(postgres) = common::postgres::Postgres::start("import") else { return };
    let folder = Folder::for_all("import-postgres");
    let server = Server::with(&[("DATABASE", &postgres.url())]);
    let first = "id;name;phone\n1;Renée;020 7946 0101\n2;Berta;\n;Nobody;\n2;Berta the second;\n";
    let first = first.chars().map(|char| char as u8).collect::<Vec<u8>>();
    let (result, said) = import(&postgres.url(), &folder, first).unwrap();
    assert_eq!(
        (&*result, &*said),
        ("rows imported: 3, skipped: 1\n", "line 4 is skipped: its id is empty\n")
    );
    assert_eq!(
        (server.names("/search?q=renee"), server.names("/search?q=berta")),
        (vec!["Renée".to_owned()], vec!["Berta the second".to_owned()])
    );
    import(&postgres.url(), &folder, "id,name\n1,Renée Blanc\n").unwrap();
    assert_eq!(postgres.sql("SELECT name, phone FROM people WHERE id = '1'"), "Renée Blanc|020 7946 0101");
    assert_eq!(server.names("/search?q=blanc"), ["Renée Blanc"]);
}
