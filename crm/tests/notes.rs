//! Notes that agents write, over real sockets.

mod common;

use common::{
    folder::Folder,
    server::{Reply, SECRET, Server, derived, fetch, now, send},
};
use rusqlite::Connection;
use signed_query::Key;

/// What a browser asks for in a frame.
const DOCUMENT: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// Posts a form as a browser does, or as a program that takes anything.
fn post(url: &str, text: &str, headers: &[(&str, &str)]) -> Reply {
    send(
        "POST",
        url,
        headers,
        form_urlencoded::Serializer::new(String::new()).append_pair("text", text).finish(),
    )
}

/// A link to a page about somebody, as the server signs it.
fn page_link(server: &Server, id: &str, expires: u64) -> String {
    let query = derived(SECRET, "page links").sign([("id", id)], expires).unwrap();
    server.url("/person?") + &query
}

/// When a link expires.
fn expiry(url: &str) -> u64 {
    let (_, expires) = url.split_once("expires=").unwrap();
    expires.split_once('&').unwrap().0.parse().unwrap()
}

/// The link of a page, as it would be after it expired.
fn expired(url: &str) -> String {
    let (base, query) = url.split_once('?').unwrap();
    let key = derived(SECRET, "note links");
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "expires" && name != "sig")
        .collect();
    format!("{base}?{}", key.sign(pairs, now() - 1).unwrap())
}

fn stored(file: &str) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let mut notes = connection.prepare("SELECT text FROM notes ORDER BY id").unwrap();
    notes.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// A file with Anna, whose id is 1.
fn file_with_anna(folder: &Folder) -> (String, Server) {
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    Connection::open(&file)
        .unwrap()
        .execute("INSERT INTO people (id, name) VALUES ('1', 'Anna')", [])
        .unwrap();
    (file, server)
}

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
fn no_link_is_good_for_longer_than_the_one_that_led_to_it() {
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
    let good = page_link(&server, "1", now() + 60);
    let (get, head) = (fetch("GET", &good), fetch("HEAD", &good));
    assert!(get.status == 200 && get.body.contains("Susan Red"), "{}", get.body);
    assert_eq!((head.status, &*head.body), (200, ""));
    let posted = fetch("POST", &good);
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
fn a_note_that_is_refused_is_shown_for_copying() {
    let server = Server::start();
    let url = server.note_url(&server.get("/iframe?id=1"));
    let policy = server.get("/iframe?id=1").header("content-security-policy").to_owned();
    let note = "Hours of <b>typing</b> & \"more\"";
    let escaped = "Hours of &lt;b&gt;typing&lt;/b&gt; &amp; &quot;more&quot;";
    for (bad, status) in [
        (expired(&url), 403),
        (url.replace("id=1", "id=2"), 403),
        (url.replace("&sig=", "&gis="), 400),
        (server.url("/note"), 400),
    ] {
        let page = post(&bad, note, &[DOCUMENT]);
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"));
        assert_eq!(page.header("content-security-policy"), policy);
        assert!(page.body.contains(&format!("\n{escaped}</textarea>")), "{}", page.body);
        assert!(page.body.contains("open the person again"), "{}", page.body);
        assert!(!page.body.contains("signature") && !page.body.contains("sig"), "{}", page.body);
        assert_eq!(post(&bad, note, &[]).header("content-type"), "application/json");
    }
    assert!(!server.get("/iframe?id=1").body.contains("typing"));
    // All that a form lets one type is shown, and it is said where there is more.
    let longest = "\"\r\n".repeat(2000);
    let page = post(&expired(&url), &longest, &[DOCUMENT]);
    assert!(page.body.contains(&format!(">\n{}</textarea>", "&quot;\n".repeat(2000))), "{}", page.body);
    assert!(!page.body.contains("It is too long"));
    let page = post(&expired(&url), &format!("{longest}more"), &[DOCUMENT]);
    assert!(page.body.contains("It is too long") && !page.body.contains("more</textarea>"), "{}", page.body);
    // Nobody can make the server hold more than a note.
    let page = post(&expired(&url), &"a".repeat(1 << 20), &[DOCUMENT]);
    assert!(page.body.len() < 10_000 && page.status >= 400);
}

#[test]
fn a_note_that_the_database_does_not_take_is_shown_for_copying() {
    let folder = Folder::new("note-locked");
    let (file, server) = file_with_anna(&folder);
    let url = server.note_url(&server.get("/iframe?id=1"));
    let lock = Connection::open(&file).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let page = post(&url, "typed at the wrong time", &[DOCUMENT]);
    assert_eq!((page.status, page.header("retry-after")), (503, "5"));
    assert!(page.body.contains("typed at the wrong time</textarea>"), "{}", page.body);
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
fn what_is_no_note_is_said_in_the_page() {
    let server = Server::start();
    let url = server.note_url(&server.get("/iframe?id=1"));
    let page = post(&url, " \n ", &[DOCUMENT]);
    assert_eq!(page.status, 400);
    assert!(page.body.contains("Susan Red") && page.body.contains("The note is empty"), "{}", page.body);
    assert!(post(&server.note_url(&page), "something", &[DOCUMENT]).status == 303);

    // As long as the page lets one type, whatever is typed: counted as browsers count.
    for char in ["a", "\r\n", "é", "漢", "&"] {
        let url = server.note_url(&server.get("/iframe?id=1"));
        assert!(server.get("/iframe?id=1").body.contains("maxlength=\"4000\""));
        let longest = format!("{}.", char.repeat(3999));
        assert_eq!(post(&url, &longest, &[DOCUMENT]).status, 303, "{char:?}");
        let page = post(&url, &format!("a{longest}"), &[DOCUMENT]);
        assert_eq!(page.status, 413);
        assert!(page.body.contains("too long") && page.body.contains(".</textarea>"), "{}", page.body);
    }
    let url = server.note_url(&server.get("/iframe?id=1"));
    assert_eq!(post(&url, &"🎉".repeat(2000), &[]).status, 303);
    assert_eq!(post(&url, &"🎉".repeat(2001), &[]).status, 413);
}

#[test]
fn a_page_that_can_not_be_shown_says_what_to_do() {
    let server = Server::start();
    let policy = server.get("/iframe?id=1").header("content-security-policy").to_owned();
    let signed = server.signed_url("/iframe?id=1");
    for (url, status) in [
        (signed.replace("id=1", "id=2"), 403),
        (server.url("/iframe?id=1"), 400),
        (server.signed_url("/iframe?id=nobody"), 404),
        (server.url("/person?id=1"), 400),
        (server.url("/note"), 405),
    ] {
        let weighted = send("GET", &url, &[("Accept", "*/*;q=0.1, TEXT/HTML ; level=1;q=0.5")], "");
        assert_eq!(weighted.header("content-type"), "text/html; charset=utf-8");
        let page = send("GET", &url, &[DOCUMENT], "");
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"), "{url}");
        assert_eq!(page.header("content-security-policy"), policy, "{url}");
        let advice = match status {
            404 => "ask whoever looks after the CRM",
            405 => "open the person again",
            _ => "ask whoever connected the CRM",
        };
        assert!(page.body.contains(advice) && !page.body.contains("signature"), "{}", page.body);
        // What would not help.
        assert_eq!(page.body.contains("open the person again"), status != 404, "{}", page.body);
        assert_eq!(page.body.contains("open for a long time"), status == 403, "{}", page.body);
        let refused = "text/html;q=0, text/html; q=0.00, text/htmlx, */*";
        for accept in ["*/*", "application/json", "image/*", refused] {
            let reply = send("GET", &url, &[("Accept", accept)], "");
            assert_eq!((reply.status, reply.header("content-type")), (status, "application/json"));
        }
        assert_eq!(fetch("GET", &url).header("content-type"), "application/json");
    }
    // What no frame shows stays as it is.
    let search = send("GET", &server.url("/search?q=a"), &[DOCUMENT], "");
    assert_eq!(search.header("content-type"), "application/json");
}

/// Whoever has an address that expired does not learn whether it was ever good.
#[test]
fn what_is_forged_and_what_expired_have_the_same_words() {
    let server = Server::start();
    let sign = |expires| Key::new(SECRET).unwrap().sign_url(&server.url("/iframe?id=1"), expires).unwrap();
    let (good, old) = (sign(now() + 60), sign(now() - 60));
    let pages = [good.replace("id=1", "id=2"), old.replace("id=1", "id=2"), old, sign(now() + 1_000_000)]
        .map(|url| send("GET", &url, &[DOCUMENT], ""));
    for page in &pages {
        assert_eq!((page.status, &page.body), (403, &pages[0].body));
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
