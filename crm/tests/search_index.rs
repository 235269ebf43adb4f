//! The index of searches, over real sockets: whoever any program writes is found at once, and in
//! the order of names.

mod common;

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use common::{
    postgres::quoted,
    searched::{Crm, Other, insert},
    server::Server,
};

#[test]
fn an_index_of_another_folding_is_made_anew() {
    for crm in Crm::on_each_with("search-version", &[("Jean\u{2010}Luc", ""), ("Anna", "")]) {
        crm.wait_for_index();
        // As a server of before had it.
        let Crm { server, other } = crm;
        assert!(server.stop().0.success());
        other.run("UPDATE searchable SET name = 'jean\u{2010}luc' WHERE name = 'jean-luc'");
        other.run(match &other {
            Other::Sqlite(..) => "DROP TABLE IF EXISTS folding",
            Other::Postgres(_) => {
                "DROP TABLE folding; DROP TRIGGER people_truncated ON people;
                 DELETE FROM signed_query_migrations WHERE version > 1"
            }
        });
        let crm = Crm { server: Server::with(&[("DATABASE", &other.url())]), other };
        crm.assert_finds(&[("jean-luc", &["Jean\u{2010}Luc"]), ("anna", &["Anna"])]);
        assert_eq!(crm.count("SELECT count(*) FROM searchable"), 2);
        assert_eq!(crm.count("SELECT count(*) FROM searchable WHERE name = 'jean-luc'"), 1);
    }
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
fn people_that_any_program_writes_are_found_at_once_and_deleted_ones_are_not() {
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
        // Each of these searches looks at everybody.
        thread::sleep(Duration::from_millis(100));
    }
    assert!(was_busy);
}
