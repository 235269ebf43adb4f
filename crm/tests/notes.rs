//! Notes that agents write, over real sockets, and the links that they come through.

mod common;

use common::{
    folder::Folder,
    note_links::{DOCUMENT, expiry, file_with_anna, page_link, post, stored},
    server::{Reply, SECRET, Server, derived, fetch, now, send},
};
use rusqlite::Connection;
use signed_query::Key;

#[test]
fn a_note_is_added_by_the_link_of_the_page() {
    let server = Server::start();
    let url = server.note_url(&server.get("/iframe?id=1"));
    let hours = (expiry(&url) - now()) as f64 / 3600.0;
    assert!((11.9..=12.0).contains(&hours), "{hours}");

    let added = server.follow(&send("POST", &url, &[], "text=+Likes+%3Cred%3E%0D%0Aand+caf%C3%A9+"));
    assert!(added.body.contains(">Likes &lt;red&gt;\nand café</p>"), "{}", added.body);
    assert!(server.get("/iframe?id=1").body.contains("Likes &lt;red&gt;"));
    assert!(!server.get("/iframe?id=2").body.contains("Likes"));
    // The page that comes back has a link for another note.
    assert_ne!(server.note_url(&added), url);
}

#[test]
fn no_link_is_valid_for_longer_than_the_one_that_led_to_it() {
    let folder = Folder::new("note-expiry");
    let (file, server) = file_with_anna(&folder);
    let notes = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 150)
        INSERT INTO notes (person, written_at, text) SELECT '1', n, 'a' FROM n";
    Connection::open(&file).unwrap().execute(notes, []).unwrap();
    // An hour after the platform opened the page, as it were.
    let expires = now() + 11 * 60 * 60;
    let note_key = derived(SECRET, "note links");
    let note = note_key.sign([("id", "1"), ("link", "a")], expires).unwrap();
    let added = send("POST", &(server.url("/note?") + &note), &[], "text=a");
    assert_eq!(expiry(added.header("location")), expires);
    let empty = send("POST", &(server.url("/note?") + &note), &[DOCUMENT], "text=");
    assert_eq!(expiry(&server.note_url(&empty)), expires);
    let mut page = server.follow(&added);
    assert_eq!(expiry(&server.note_url(&page)), expires);
    for _ in 0..2 {
        let older = server.link_url(&page, "Older notes");
        assert_eq!(expiry(&older), expires);
        page = fetch("GET", &older);
        assert_eq!(expiry(&server.link_url(&page, "Newest notes")), expires);
    }
}

#[test]
fn a_link_to_a_page_expires_and_is_looked_at_only() {
    let server = Server::start();
    let valid = page_link(&server, "1", now() + 60);
    let (get, head) = (fetch("GET", &valid), fetch("HEAD", &valid));
    assert!(get.status == 200 && get.body.contains("Susan Red"), "{}", get.body);
    assert_eq!((head.status, &*head.body), (200, ""));
    let posted = fetch("POST", &valid);
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    assert_eq!(fetch("GET", &page_link(&server, "1", now() - 1)).status, 403);
    assert_eq!(fetch("GET", &page_link(&server, "nobody", now() + 60)).status, 404);
    // The clocks of others are no reason to be lenient with one's own.
    let lenient = Server::with(&[("LEEWAY", "3600")]);
    assert_eq!(fetch("GET", &page_link(&lenient, "1", now() - 60)).status, 403);
    let note = derived(SECRET, "note links").sign([("id", "1"), ("link", "a")], now() - 60).unwrap();
    assert_eq!(send("POST", &(lenient.url("/note?") + &note), &[], "text=a").status, 403);
}

#[test]
fn a_note_has_the_time_at_which_it_came() {
    let folder = Folder::new("note-time");
    let (file, server) = file_with_anna(&folder);
    let before = now();
    server.follow(&post(&server.note_url(&server.get("/iframe?id=1")), "now", &[]));
    let written = Connection::open(&file).unwrap();
    let written = written.query_one("SELECT person, written_at FROM notes", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)? as u64))
    });
    let (person, written_at) = written.unwrap();
    assert!(person == "1" && (before..=now()).contains(&written_at), "{person}, {written_at}");
}

#[test]
fn a_link_is_for_one_person_and_for_nothing_else() {
    let server = Server::start();
    let page = server.get("/iframe?id=1");
    let url = server.note_url(&page);
    let status = |url: &str, text: &str| {
        let reply = post(url, text, &[]);
        assert_eq!(reply.json()["status"], "error");
        reply.status
    };
    assert_eq!(status(&url.replace("id=1", "id=2"), "a"), 403);
    assert_eq!(status(&server.signed_url("/note?id=1&link=a"), "a"), 403, "a link of the platform is none");
    for path in ["/iframe?", "/person?"] {
        assert_eq!(fetch("GET", &url.replace("/note?", path)).status, 403, "and the other way round");
    }
    let shown = send("POST", &url, &[], "text=a");
    let page_url = server.location(&shown);
    assert_eq!(status(&page_url.replace("/person?", "/note?"), "a"), 403, "nor is one to a page");
    assert_eq!(status(&server.url("/note?id=1"), "a"), 400);
    for body in ["text=", "text=+%0A", "text=%E2%80%8B", "text=%EF%BB%BF+%E2%81%A0", "note=a", "text"] {
        assert_eq!(send("POST", &url, &[], body).status, 400, "{body}");
    }
    assert_eq!(status(&url, &"a".repeat(64 * 1024)), 413);
    let reply = fetch("GET", &url);
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
}

#[test]
fn a_link_stores_once_and_loses_nothing() {
    let folder = Folder::new("note-once");
    let (file, server) = file_with_anna(&folder);
    let url = server.note_url(&server.get("/iframe?id=1"));
    // Pressed twice, sent again by a reload: all of them have succeeded.
    for _ in 0..3 {
        assert!(server.follow(&post(&url, " twice ", &[DOCUMENT])).body.contains("twice"));
    }
    assert_eq!(stored(&file), ["twice"]);
    // Gone back, and written another: it is asked whether both are meant.
    let another = "</textarea><script>\"another\"";
    let page = post(&url, another, &[DOCUMENT]);
    assert_eq!(page.status, 409);
    let shown = ">\n&lt;/textarea&gt;&lt;script&gt;&quot;another&quot;</textarea>";
    assert!(page.body.contains(shown) && page.body.contains("already"), "{}", page.body);
    assert_eq!(post(&url, another, &[]).json()["status"], "error");
    assert_eq!(stored(&file), ["twice"]);
    server.follow(&post(&server.note_url(&page), another, &[DOCUMENT]));
    assert_eq!(stored(&file), ["twice", another]);
}

#[test]
fn many_copies_of_one_note_at_once_are_stored_once() {
    let folder = Folder::new("note-at-once");
    let (file, server) = file_with_anna(&folder);
    let url = server.note_url(&server.get("/iframe?id=1"));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(post(&url, "once", &[]).status, 303));
        }
    });
    assert_eq!(stored(&file), ["once"]);
}

#[test]
fn a_note_stays_with_the_person_whose_page_it_was_typed_in() {
    let server = Server::start();
    // Another person in front of the signed one, each time, or another link.
    let in_front = |url: &str, other: &str| url.replace('?', &format!("?{other}&"));
    let page = fetch("GET", &in_front(&server.signed_url("/iframe?id=1"), "id=2"));
    let url = server.note_url(&page);
    let added = post(&in_front(&url, "id=2"), "about Susan", &[DOCUMENT]);
    assert_eq!(added.status, 303, "{}", added.body);
    let again = post(&url.replace("&link=", "&link=another&link="), "once more", &[DOCUMENT]);
    assert_eq!(again.status, 409, "{}", again.body);
    let page = fetch("GET", &in_front(&server.location(&added), "id=2"));
    assert!(page.body.contains("Susan Red") && page.body.contains("about Susan"), "{}", page.body);
    assert!(!server.get("/iframe?id=2").body.contains("about Susan"));
}

#[test]
fn links_are_signed_with_keys_of_the_iframes_secrets_and_no_other() {
    let server = Server::with(&[("IFRAME_SECRET", "framed"), ("PREVIOUS_SECRET", "old")]);
    let statuses = |key: &Key| {
        let query = key.sign([("id", "1"), ("link", "a")], now() + 60).unwrap();
        let note = send("POST", &(server.url("/note?") + &query), &[], "text=a");
        let page = fetch("GET", &(server.url("/person?") + &query));
        (note.status, page.status)
    };
    for (secret, is_good) in [("framed", true), ("old", true), (SECRET, false)] {
        let or_refused = |status| if is_good { status } else { 403 };
        assert_eq!(statuses(&derived(secret, "note links")), (or_refused(303), 403), "{secret}");
        assert_eq!(statuses(&derived(secret, "page links")), (403, or_refused(200)), "{secret}");
        // A signature of the platform is no signature of the server.
        assert_eq!(statuses(&Key::new(secret).unwrap()), (403, 403), "{secret}");
    }
}

#[test]
fn older_notes_are_on_further_pages() {
    let folder = Folder::new("older-notes");
    let (file, server) = file_with_anna(&folder);
    let connection = Connection::open(&file).unwrap();
    for number in 0..120 {
        // Three notes each second.
        let insert = "INSERT INTO notes (person, written_at, text) VALUES ('1', ?1, ?2)";
        connection.execute(insert, (1_700_000_000 + number / 3, format!("note {number:03}."))).unwrap();
    }
    let shown = |page: &Reply| {
        let notes = page.body.split("note ").skip(1).filter_map(|rest| rest.split_once('.'));
        notes.filter_map(|(number, _)| number.parse::<u32>().ok()).collect::<Vec<_>>()
    };
    let first = server.get("/iframe?id=1");
    assert_eq!(shown(&first), (70..120).rev().collect::<Vec<_>>());
    assert!(!first.body.contains("Newest notes"));
    let second = fetch("GET", &server.link_url(&first, "Older notes"));
    assert_eq!(shown(&second), (20..70).rev().collect::<Vec<_>>());
    let third = fetch("GET", &server.link_url(&second, "Older notes"));
    assert_eq!(shown(&third), (0..20).rev().collect::<Vec<_>>());
    assert!(!third.body.contains("Older notes"));
    assert_eq!(shown(&fetch("GET", &server.link_url(&third, "Newest notes"))), shown(&first));
    let url = server.link_url(&first, "Older notes");
    assert_eq!(fetch("GET", &url.replace("id=1", "id=2")).status, 403);
    assert_eq!(fetch("GET", &url.replace("before=", "before=1")).status, 403);
}
