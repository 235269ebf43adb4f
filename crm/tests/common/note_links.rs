//! The links in pages, and the forms that are sent through them.

use super::{
    folder::Folder,
    server::{Reply, SECRET, Server, derived, now, send},
};
use rusqlite::Connection;

/// What a browser asks for in a frame.
pub const DOCUMENT: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// Posts a form as a browser does, or as a program that takes anything.
pub fn post(url: &str, text: &str, headers: &[(&str, &str)]) -> Reply {
    send(
        "POST",
        url,
        headers,
        form_urlencoded::Serializer::new(String::new()).append_pair("text", text).finish(),
    )
}

/// A link to a page about somebody, as the server signs it.
pub fn page_link(server: &Server, id: &str, expires: u64) -> String {
    let query = derived(SECRET, "page links").sign([("id", id)], expires).unwrap();
    server.url("/person?") + &query
}

/// When a link expires.
pub fn expiry(url: &str) -> u64 {
    let (_, expires) = url.split_once("expires=").unwrap();
    expires.split_once('&').unwrap().0.parse().unwrap()
}

/// The link of a page, as it would be after it expired.
pub fn expired(url: &str) -> String {
    let (base, query) = url.split_once('?').unwrap();
    let key = derived(SECRET, "note links");
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "expires" && name != "sig")
        .collect();
    format!("{base}?{}", key.sign(pairs, now() - 1).unwrap())
}

pub fn stored(file: &str) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let mut notes = connection.prepare("SELECT text FROM notes ORDER BY id").unwrap();
    notes.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// A file with Anna, whose id is 1.
pub fn file_with_anna(folder: &Folder) -> (String, Server) {
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    Connection::open(&file)
        .unwrap()
        .execute("INSERT INTO people (id, name) VALUES ('1', 'Anna')", [])
        .unwrap();
    (file, server)
}
