//! A server whose searches are tried, and another program that writes to its database.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    folder::Folder,
    postgres::{Postgres, quoted},
    server::Server,
};
use rusqlite::Connection;

/// A server on a database of its own, and another program that uses it.
pub struct Crm {
    pub server: Server,
    pub other: Other,
}

pub enum Other {
    Sqlite(Connection, Folder),
    Postgres(Postgres),
}

impl Crm {
    pub fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let file = folder.file("people.db");
        let server = Server::with(&[("DATABASE", &file)]);
        Self { server, other: Other::Sqlite(Connection::open(file).unwrap(), folder) }
    }

    /// One on each engine that the server was built with.
    pub fn on_each(name: &str) -> Vec<Self> {
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
    pub fn on_each_with(name: &str, people: &[(&str, &str)]) -> Vec<Self> {
        let numbers = (0..).map(|number: u32| number.to_string());
        let people: Vec<_> = numbers.zip(people).map(|(id, &(name, email))| (id, name, email)).collect();
        let people: String = people.iter().map(|(id, name, email)| insert(id, name, email)).collect();
        let crms = Self::on_each(name);
        crms.iter().for_each(|crm| crm.run(&people));
        crms
    }

    pub fn run(&self, sql: &str) {
        self.other.run(sql);
    }

    pub fn found(&self, text: &str) -> Vec<String> {
        found(&self.server, text)
    }

    /// Waits until all that was written is in the index.
    pub fn wait_for_index(&self) {
        match &self.other {
            Other::Sqlite(connection, _) => wait_for_index(&self.server, connection),
            Other::Postgres(postgres) => postgres.wait_for("SELECT count(*) FROM unindexed", "0"),
        }
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.other.count(sql)
    }

    /// Whether a search finds these people, before they are in the index and after.
    pub fn assert_finds(&self, cases: &[(&str, &[&str])]) {
        for indexed in ["not yet indexed", "indexed"] {
            for (text, names) in cases {
                assert_eq!(self.found(text), *names, "{text:?}, {indexed}");
            }
            self.wait_for_index();
        }
    }
}

impl Other {
    /// Where a server finds the database.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(_, folder) => folder.file("people.db"),
            Self::Postgres(postgres) => postgres.url(),
        }
    }

    pub fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(connection, _) => connection.execute_batch(sql).unwrap(),
            Self::Postgres(postgres) => drop(postgres.sql(sql)),
        }
    }

    pub fn count(&self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(connection, _) => connection.query_one(sql, [], |row| row.get(0)).unwrap(),
            Self::Postgres(postgres) => postgres.sql(sql).parse().unwrap(),
        }
    }
}

/// Waits until all that was written to a file is in the index.
pub fn wait_for_index(server: &Server, connection: &Connection) {
    let count = || connection.query_one("SELECT count(*) FROM changed", [], |row| row.get::<_, i64>(0));
    let deadline = Instant::now() + Duration::from_secs(300);
    while count().unwrap() > 0 {
        assert!(Instant::now() < deadline, "people are not indexed: {}", server.log());
        thread::sleep(Duration::from_millis(20));
    }
}

/// The SQL that adds a person, or changes who has this id.
pub fn insert(id: &str, name: &str, email: &str) -> String {
    let [id, name, email] = [id, name, email].map(quoted);
    format!(
        "INSERT INTO people (id, name, email) VALUES ({id}, {name}, {email})
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email;\n"
    )
}

/// The names that a search gives.
pub fn found(server: &Server, text: &str) -> Vec<String> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    let reply = server.get(&format!("/search?{query}"));
    assert_eq!(reply.status, 200, "{text:?}: {}", reply.body);
    let results = reply.json()["results"].take();
    results.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}
