//! Searches, over real sockets: who is found, in what order, and how soon after any
//! program wrote them.

mod common;

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use common::{
    folder::Folder,
    postgres::{Postgres, quoted},
    server::Server,
};
use rusqlite::Connection;

/// A server on a database of its own, and another program that uses it.
struct Crm {
    server: Server,
    other: Other,
}

enum Other {
    Sqlite(Connection, Folder),
    Postgres(Postgres),
}

impl Crm {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let file = folder.file("people.db");
        let server = Server::with(&[("DATABASE", &file)]);
        Self { server, other: Other::Sqlite(Connection::open(file).unwrap(), folder) }
    }

    /// One on each engine that the server was built with.
    fn on_each(name: &str) -> Vec<Self> {
        let mut crms = vec![Self::new(name)];
        if cfg!(feature = "postgres")
            && let Some(postgres) = Postgres::start(name)
        {
            let server = Server::with(&[("DATABASE", &postgres.url())]);
            crms.push(Self { server, other: Other::Postgres(postgres) });
        }
        crms
    }

    /// The same, with people.
    fn on_each_with(name: &str, people: &[(&str, &str)]) -> Vec<Self> {
        let numbers = (0..).map(|number: u32| number.to_string());
        let people: Vec<_> = numbers.zip(people).map(|(id, &(name, email))| (id, name, email)).collect();
        let people: String = people.iter().map(|(id, name, email)| insert(id, name, email)).collect();
        let crms = Self::on_each(name);
        crms.iter().for_each(|crm| crm.run(&people));
        crms
    }

    fn run(&self, sql: &str) {
        match &self.other {
            Other::Sqlite(connection, _) => connection.execute_batch(sql).unwrap(),
            Other::Postgres(postgres) => drop(postgres.sql(sql)),
        }
    }

    fn found(&self, text: &str) -> Vec<String> {
        found(&self.server, text)
    }

    /// Waits until all that was written is in the index.
    fn wait_for_index(&self) {
        let deadline = Instant::now() + Duration::from_secs(300);
        while self.count("SELECT count(*) FROM unindexed") > 0 {
            assert!(Instant::now() < deadline, "people are not indexed: {}", self.server.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn count(&self, sql: &str) -> i64 {
        match &self.other {
            Other::Sqlite(connection, _) => connection.query_one(sql, [], |row| row.get(0)).unwrap(),
            Other::Postgres(postgres) => postgres.sql(sql).parse().unwrap(),
        }
    }

    /// Whether a search finds these people, before they are in the index and after.
    fn assert_finds(&self, cases: &[(&str, &[&str])]) {
        for indexed in ["not yet indexed", "indexed"] {
            for (text, names) in cases {
                assert_eq!(self.found(text), *names, "{text:?}, {indexed}");
            }
            self.wait_for_index();
        }
    }
}

/// The SQL that adds a person, or changes who has this id.
fn insert(id: &str, name: &str, email: &str) -> String {
    let [id, name, email] = [id, name, email].map(quoted);
    format!(
        "INSERT INTO people (id, name, email) VALUES ({id}, {name}, {email})
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email;\n"
    )
}

/// The names that a search gives.
fn found(server: &Server, text: &str) -> Vec<String> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    let reply = server.get(&format!("/search?{query}"));
    assert_eq!(reply.status, 200, "{text:?}: {}", reply.body);
    let results = reply.json()["results"].take();
    results.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn people_are_found_as_people_write_them() {
    let crms = Crm::on_each_with(
        "search-people",
        &[
            ("Susan Red", "susan.red@example.com"),
            ("John Smith", "john@smithers.example"),
            ("Émile Noir", ""),
            ("Lars Åberg", "lars@aaberg.example"),
            ("Nora O'Brien", ""),
            ("Sean O’Brien", ""),
            ("Karl Weiß", ""),
            ("Οδυσσεύς Παπάς", ""),
            ("İsmail Işık", ""),
            ("Søren Łukasz Đorđević", ""),
            ("Ｆｕｌｌ Width", ""),
            ("Zoe\u{308} Decomposed", ""),
            ("Zoë Composed", ""),
            ("काम", ""),
            ("がく", ""),
            ("田中 太郎", ""),
        ],
    );
    let cases: &[(&str, &[&str])] = &[
        ("smith john", &["John Smith"]),
        ("JOHN smith", &["John Smith"]),
        ("  smi   jo ", &["John Smith"]),
        ("smithers", &["John Smith"]),
        ("john susan", &[]),
        ("emile", &["Émile Noir"]),
        ("ÉMILE", &["Émile Noir"]),
        ("noir é", &["Émile Noir"]),
        ("aberg", &["Lars Åberg"]),
        ("åberg", &["Lars Åberg"]),
        ("o'brien", &["Nora O'Brien", "Sean O’Brien"]),
        ("O’BRIEN", &["Nora O'Brien", "Sean O’Brien"]),
        ("obrien", &["Nora O'Brien", "Sean O’Brien"]),
        ("nora o'b", &["Nora O'Brien"]),
        ("weiss", &["Karl Weiß"]),
        ("WEISS", &["Karl Weiß"]),
        ("weiß", &["Karl Weiß"]),
        ("WEIẞ", &["Karl Weiß"]),
        ("ΟΔΥΣΣΕΥΣ", &["Οδυσσεύς Παπάς"]),
        ("οδυσσεύσ", &["Οδυσσεύς Παπάς"]),
        ("παπας", &["Οδυσσεύς Παπάς"]),
        ("ismail", &["İsmail Işık"]),
        ("İSMAİL", &["İsmail Işık"]),
        ("isik", &["İsmail Işık"]),
        ("soren", &["Søren Łukasz Đorđević"]),
        ("lukasz dordevic", &["Søren Łukasz Đorđević"]),
        ("SØREN", &["Søren Łukasz Đorđević"]),
        ("full width", &["Ｆｕｌｌ Width"]),
        ("zoe", &["Zoë Composed", "Zoe\u{308} Decomposed"]),
        ("zoë", &["Zoë Composed", "Zoe\u{308} Decomposed"]),
        ("काम", &["काम"]),
        ("कम", &[]),
        ("がく", &["がく"]),
        ("かく", &[]),
        ("太郎", &["田中 太郎"]),
        ("田", &["田中 太郎"]),
        // Addresses, from three characters on.
        ("susan.red@example.com", &["Susan Red"]),
        ("D@EXAMPLE", &["Susan Red"]),
        ("@sm", &["John Smith"]),
        ("aab", &["Lars Åberg"]),
        ("n@", &[]),
        ("@", &[]),
        // Parts of words.
        ("usa", &["Susan Red"]),
        ("mit", &["John Smith"]),
        ("w", &["Ｆｕｌｌ Width", "Karl Weiß"]),
    ];
    for crm in crms {
        crm.assert_finds(cases);
        for nothing in ["\u{0}\t ", " "] {
            assert_eq!(crm.found(nothing), [""; 0]);
        }
    }
}

#[test]
fn what_is_not_seen_and_how_an_apostrophe_or_a_dash_is_typed_do_not_matter() {
    let apostrophes = "'`\u{b4}\u{2b9}\u{2bb}\u{2bc}\u{2bd}\u{2c8}\u{55a}\u{5f3}\u{2018}\u{2019}\u{201b}\u{2032}\u{2035}\u{ff07}\u{ff40}\u{1fef}";
    let dashes = "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}\u{fe63}\u{ff0d}";
    let invisible = "\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{202a}\u{202c}\u{2060}\u{2066}\u{3164}\u{fe0f}\u{feff}\u{e0001}\u{e0100}";
    let spelled = |marks: &str, before: &str, after: &str| {
        marks.chars().map(|mark| format!("{before}{mark}{after}")).collect::<Vec<_>>()
    };
    let all = [
        ("OBrien", spelled(apostrophes, "O", "Brien")),
        ("Jean-Luc", spelled(dashes, "Jean", "Luc")),
        ("Smith", spelled(invisible, "Smi", "th")),
    ];
    for (plain, spellings) in all {
        let people: Vec<_> = spellings.iter().map(|name| (&**name, "")).collect();
        // Their names are one name, so they stand in the order of their ids.
        let mut ids: Vec<_> = (0..people.len()).map(|id| id.to_string()).collect();
        ids.sort();
        let expected: Vec<&str> = ids.iter().map(|id| people[id.parse::<usize>().unwrap()].0).collect();
        let texts = spellings.iter().map(String::as_str).chain([plain]);
        let mut cases: Vec<(&str, &[&str])> = texts.map(|text| (text, &*expected)).collect();
        cases.push(("jeanluc", &[]));
        for crm in Crm::on_each_with(&format!("search-{plain}"), &people) {
            crm.assert_finds(&cases);
            assert_eq!(crm.found(&format!("\u{202a}{plain}\u{202c} \u{feff}")), expected);
            assert_eq!(crm.found("\u{200b} \u{200e}"), [""; 0]);
        }
    }
    // Letters that are written as an apostrophe in ASCII are letters.
    for crm in Crm::on_each_with("search-letters", &[("Игорь", ""), ("أحمد", "")]) {
        crm.assert_finds(&[("игорь", &["Игорь"]), ("ь", &["Игорь"]), ("أ", &["أحمد"])]);
    }
}

#[test]
fn an_index_of_another_folding_is_made_anew() {
    for crm in Crm::on_each_with("search-version", &[("Jean\u{2010}Luc", ""), ("Anna", "")]) {
        crm.wait_for_index();
        // As a server of before had it.
        let Crm { server, other } = crm;
        assert!(server.stop().0.success());
        let crm = match other {
            Other::Sqlite(connection, folder) => {
                connection
                    .execute_batch(
                        "UPDATE searchable SET name = 'jean\u{2010}luc' WHERE name = 'jean-luc'; DROP TABLE IF EXISTS folding",
                    )
                    .unwrap();
                let server = Server::with(&[("DATABASE", &folder.file("people.db"))]);
                Crm { server, other: Other::Sqlite(connection, folder) }
            }
            Other::Postgres(postgres) => {
                postgres.sql(
                    "UPDATE searchable SET name = 'jean\u{2010}luc' WHERE name = 'jean-luc';
                     DROP TABLE folding; DROP TRIGGER people_truncated ON people;
                     DELETE FROM signed_query_migrations WHERE version > 1",
                );
                let server = Server::with(&[("DATABASE", &postgres.url())]);
                Crm { server, other: Other::Postgres(postgres) }
            }
        };
        crm.assert_finds(&[("jean-luc", &["Jean\u{2010}Luc"]), ("anna", &["Anna"])]);
        assert_eq!(crm.count("SELECT count(*) FROM searchable"), 2);
        assert_eq!(crm.count("SELECT count(*) FROM searchable WHERE name = 'jean-luc'"), 1);
    }
}

#[test]
fn punctuation_stands_for_itself() {
    let crms = Crm::on_each_with(
        "search-punctuation",
        &[
            ("100% Cotton", ""),
            ("snake_case", ""),
            ("a*b~c", "star*@example.com"),
            ("<b>Bold</b>", ""),
            ("Plain Cotton Case abc", "plain@example.com"),
            ("He said \"NEAR\"", ""),
            ("back\\slash", ""),
            ("semi;colon--", ""),
            ("x^y{z}|[w]", ""),
            ("(AND) -NOT +OR: a,b!", ""),
            ("100 Cotton", ""),
        ],
    );
    let cases: &[(&str, &[&str])] = &[
        ("%", &["100% Cotton"]),
        ("0%", &["100% Cotton"]),
        ("100%", &["100% Cotton"]),
        ("_", &["snake_case"]),
        ("e_c", &["snake_case"]),
        ("*", &["a*b~c"]),
        ("a*b~c", &["a*b~c"]),
        ("a*", &["a*b~c"]),
        ("ar*", &["a*b~c"]),
        ("c*", &[]),
        ("b~", &["a*b~c"]),
        ("<b>", &["<b>Bold</b>"]),
        ("</b", &["<b>Bold</b>"]),
        ("\"", &["He said \"NEAR\""]),
        ("\"near\"", &["He said \"NEAR\""]),
        ("near", &["He said \"NEAR\""]),
        ("\\", &["back\\slash"]),
        ("k\\s", &["back\\slash"]),
        ("--", &["semi;colon--"]),
        (";", &["semi;colon--"]),
        ("x^y", &["x^y{z}|[w]"]),
        ("{z}|[", &["x^y{z}|[w]"]),
        ("(and)", &["(AND) -NOT +OR: a,b!"]),
        ("-not", &["(AND) -NOT +OR: a,b!"]),
        ("+or:", &["(AND) -NOT +OR: a,b!"]),
        ("a,b!", &["(AND) -NOT +OR: a,b!"]),
        ("' OR 1=1 --", &[]),
        ("?", &[]),
        ("$", &[]),
        ("#", &[]),
        ("a AND b", &["(AND) -NOT +OR: a,b!"]),
    ];
    crms.iter().for_each(|crm| crm.assert_finds(cases));
}

#[test]
fn results_are_in_the_order_of_names_and_capped() {
    // In an order that is none, so that few stand where they will stay.
    let shuffled = (0..3000).map(|number| number * 1409 % 3000);
    let people: String =
        shuffled.map(|number| insert(&format!("id{number}"), &format!("Person {number:04}"), "")).collect();
    // Many in one place, more than there was room for.
    let many: String = (0..3000)
        .map(|number| insert(&format!("new{number}"), &format!("Person 1499 {number:04}"), ""))
        .collect();
    let first: Vec<_> = (0..50).map(|number| format!("Person {number:04}")).collect();
    let sevens = (0..3000).map(|number| format!("Person {number:04}")).filter(|name| name.contains("77"));
    let sevens: Vec<_> = sevens.take(50).collect();
    let between: Vec<_> = (0..50).map(|number| format!("Person 1499 {number:04}")).collect();
    for crm in Crm::on_each("search-order") {
        crm.run(&people);
        for _ in 0..2 {
            assert_eq!(crm.found("person"), first);
            assert_eq!(crm.found("p"), first);
            assert_eq!(crm.found("77 person"), sevens);
            crm.wait_for_index();
        }
        crm.run(&format!("BEGIN; {many}; COMMIT"));
        for _ in 0..2 {
            assert_eq!(crm.found("1499")[1..], between[..49]);
            assert_eq!(crm.found("person"), first);
            crm.wait_for_index();
        }
        assert_eq!(crm.count("SELECT count(*) FROM searchable"), 6000);
        if matches!(crm.other, Other::Sqlite(..)) {
            let disorder = "SELECT count(*) FROM searchable a JOIN searchable b
                ON b.position = (SELECT min(position) FROM searchable WHERE position > a.position)
                WHERE (a.name, a.person) > (b.name, b.person)";
            assert_eq!(crm.count(disorder), 0);
        }
    }
}

#[test]
fn what_any_program_writes_is_found_at_once_and_what_it_deletes_is_not() {
    let crm = Crm::new("search-others");
    let step = |sql: &str, cases: &[(&str, &[&str])]| {
        crm.run(sql);
        crm.assert_finds(cases);
    };
    step("INSERT INTO people (id, name) VALUES ('1', 'Anna')", &[("anna", &["Anna"])]);
    step("UPDATE people SET name = 'Berta' WHERE id = '1'", &[("anna", &[]), ("berta", &["Berta"])]);
    step("UPDATE people SET email = 'anna@example.com'", &[("anna", &["Berta"]), ("example", &["Berta"])]);
    step("UPDATE people SET email = ''", &[("anna", &[]), ("berta", &["Berta"])]);
    step(
        "INSERT OR REPLACE INTO people (id, name) VALUES ('1', 'Clara')",
        &[("berta", &[]), ("clara", &["Clara"])],
    );
    step(
        "INSERT INTO people (id, name) VALUES ('1', 'Dora') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        &[("clara", &[]), ("dora", &["Dora"])],
    );
    step(
        "INSERT OR IGNORE INTO people (id, name) VALUES ('1', 'Emma')",
        &[("emma", &[]), ("dora", &["Dora"])],
    );
    step("UPDATE people SET id = '2'", &[("dora", &["Dora"])]);
    assert_eq!(crm.server.get("/search?q=dora").json()["results"][0]["id"], 2);
    step("UPDATE people SET rowid = 77; VACUUM", &[("dora", &["Dora"])]);
    step(
        "INSERT INTO people (id, name) VALUES ('3', 'Dora'); UPDATE OR REPLACE people SET id = '3' WHERE id = '2'",
        &[("dora", &["Dora"])],
    );
    step(
        "BEGIN; DELETE FROM people; INSERT INTO people (id, name) VALUES ('3', 'Emma'); COMMIT",
        &[("dora", &[]), ("emma", &["Emma"])],
    );
    step("DELETE FROM people", &[("emma", &[]), ("e", &[])]);
    assert_eq!(crm.count("SELECT count(*) FROM searchable"), 0);
}

#[test]
fn a_table_that_is_replaced_is_searched_without_a_restart() {
    let crm = Crm::new("search-replaced");
    crm.run(&(insert("0", "Anna", "") + &insert("1", "Berta", "")));
    crm.wait_for_index();
    crm.run(
        "BEGIN; DROP TABLE people; CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT, email TEXT);
             INSERT INTO people VALUES ('7', 'Clara', ''), ('1', 'Berta', ''); COMMIT",
    );
    let deadline = Instant::now() + Duration::from_secs(300);
    while crm.found("a").as_slice() != ["Berta", "Clara"] {
        assert!(Instant::now() < deadline, "{:?}", crm.found("a"));
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(crm.server.get("/iframe?id=7").status, 200);
}

/// A random number generator that needs no crate: the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn word(&mut self) -> String {
        (0..=self.below(4)).map(|_| ["a", "b", "c", "ab", "'"][self.below(5) as usize]).collect()
    }

    fn words(&mut self) -> String {
        (0..=self.below(2)).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn the_index_finds_what_looking_at_everybody_finds() {
    Crm::on_each("search-random").iter().for_each(finds_what_looking_at_everybody_finds);
}

fn finds_what_looking_at_everybody_finds(crm: &Crm) {
    let mut random = Random(1);
    let mut people: BTreeMap<String, (String, String)> = BTreeMap::new();
    for round in 0..6 {
        let mut changes = "BEGIN;".to_owned();
        for _ in 0..400 {
            let (id, name, email) = (random.below(300).to_string(), random.words(), random.word());
            match random.below(4) {
                0 => {
                    changes += &format!("DELETE FROM people WHERE id = {};", quoted(&id));
                    people.remove(&id);
                }
                1 => {
                    let (renamed, name) = (name.clone(), quoted(&name));
                    changes += &format!("UPDATE people SET name = {name} WHERE id = {};", quoted(&id));
                    people.entry(id).and_modify(|person| person.0 = renamed);
                }
                _ => {
                    changes += &insert(&id, &name, &email);
                    people.insert(id, (name, email));
                }
            }
        }
        crm.run(&(changes + "COMMIT"));
        if round % 2 == 1 {
            crm.wait_for_index();
            assert_eq!(crm.count("SELECT count(*) FROM searchable"), people.len() as i64);
        }
        for _ in 0..60 {
            let text = random.words();
            let (fold, words) = (|text: &str| text.replace('\'', ""), text.replace('\'', ""));
            let is_match = |(name, email): &(String, String)| {
                words
                    .split_whitespace()
                    .all(|word| fold(name).contains(word) || word.len() > 2 && fold(email).contains(word))
            };
            let mut expected: Vec<_> = people.iter().filter(|(_, person)| is_match(person)).collect();
            expected.sort_by_key(|(id, (name, _))| (fold(name), id.to_owned()));
            let named = |id: &String, name: &String| if name.trim().is_empty() { id } else { name }.clone();
            let mut expected: Vec<_> = expected.iter().map(|(id, (name, _))| named(id, name)).collect();
            expected.truncate(if words.trim().is_empty() { 0 } else { 50 });
            assert_eq!(crm.found(&text), expected, "{text:?} in round {round}");
        }
    }
}

#[test]
fn an_import_of_many_is_found_while_it_is_indexed_and_holds_up_nobody() {
    let crm = Crm::new("search-import");
    crm.run(
        "INSERT INTO people (id, name, email)
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
             SELECT n, 'Person ' || n || ' Number', 'person' || n || '@example.com' FROM n",
    );
    let with_777 = (1..=20_000).filter(|number| number.to_string().contains("777")).count();
    let mut was_busy = false;
    loop {
        let is_done = crm.count("SELECT count(*) FROM unindexed") == 0;
        assert_eq!(crm.found("12345"), ["Person 12345 Number"]);
        assert_eq!(crm.found("number person 777").len(), with_777);
        let page = crm.server.get("/iframe?id=777");
        assert_eq!(
            crm.server
                .follow(&common::server::send("POST", &crm.server.note_url(&page), &[], "text=a"))
                .status,
            200
        );
        if is_done {
            break;
        }
        was_busy = true;
    }
    assert!(was_busy);
}

#[test]
fn no_query_is_too_long_or_too_odd() {
    let people = [("Anna", "anna@example.com"), (&*"long ".repeat(2000), "")];
    Crm::on_each_with("search-odd", &people).iter().for_each(finds_what_is_long_or_odd);
}

fn finds_what_is_long_or_odd(crm: &Crm) {
    crm.wait_for_index();
    assert_eq!(crm.found(&"a".repeat(9000)), [""; 0]);
    assert_eq!(crm.found(&format!("anna{}", " a".repeat(4000))), ["Anna"]);
    let many: String = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b} "))).collect();
    assert_eq!(crm.found(&many), [""; 0]);
    assert_eq!(crm.found("\u{FDFA}\u{1F600}\u{10FFFF}"), [""; 0]);
    assert_eq!(crm.found("long")[0].chars().count(), 301);
}
