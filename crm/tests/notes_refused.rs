//! Notes and pages that are refused, over real sockets: what is said, and that no text is lost.

mod common;

use common::{
    folder::Folder,
    note_links::{DOCUMENT, expired, file_with_anna, post},
    server::{SECRET, Server, fetch, now, send},
};
use rusqlite::Connection;
use signed_query::Key;

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
fn a_text_that_can_not_be_a_note_is_refused_in_the_page() {
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

/// Whoever has an address that expired does not learn whether it was ever valid.
#[test]
fn a_forged_link_and_an_expired_one_get_the_same_words() {
    let server = Server::start();
    let sign = |expires| Key::new(SECRET).unwrap().sign_url(&server.url("/iframe?id=1"), expires).unwrap();
    let (valid, old) = (sign(now() + 60), sign(now() - 60));
    let pages = [valid.replace("id=1", "id=2"), old.replace("id=1", "id=2"), old, sign(now() + 1_000_000)]
        .map(|url| send("GET", &url, &[DOCUMENT], ""));
    for page in &pages {
        assert_eq!((page.status, &page.body), (403, &pages[0].body));
    }
}
