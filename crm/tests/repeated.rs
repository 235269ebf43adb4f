//! A name that stands twice in a query, at every path that has one: the last value was
//! signed, and what stands in front of it anyone may have put there.

mod common;

use common::server::{Reply, SECRET, Server, derived, fetch, now, send};

/// The query with another value of a name right in front of the signed one, however the
/// name is written.
fn forged(url: &str, name: &str, value: &str) -> Vec<String> {
    let (base, query) = url.split_once('?').unwrap();
    let at = query.find(&format!("{name}=")).unwrap();
    let (before, signed) = query.split_at(at);
    let names = [name, &escaped(name), &format!("+{name}"), &format!("{name}[]"), &format!("{name}%00x")];
    names.map(|name| format!("{base}?{before}{name}={value}&{signed}")).into()
}

/// The query with another value behind all, which is not what was signed.
fn overruled(url: &str, name: &str, value: &str) -> Vec<String> {
    [name, &escaped(name), &format!("{name}[]")].map(|name| format!("{url}&{name}={value}")).into()
}

/// The name with an escape that it does not need.
fn escaped(name: &str) -> String {
    format!("%{:02x}{}", name.as_bytes()[0], &name[1..])
}

/// Sends every forged query, which must be answered like the signed one, and the overruled ones,
/// which must be refused.
fn assert_unmoved(method: &str, url: &str, (name, value): (&str, &str), is_right: impl Fn(&Reply) -> bool) {
    for url in forged(url, name, value) {
        let reply = fetch(method, &url);
        assert!(is_right(&reply), "{} of {url}: {}", reply.status, reply.body);
    }
    for url in overruled(url, name, value) {
        assert_eq!(fetch(method, &url).status, 403, "{url}");
    }
}

#[test]
fn a_search_is_for_the_last_text() {
    let server = Server::start();
    let url = server.signed_url("/search?q=susan");
    assert_unmoved("GET", &url, ("q", "robert"), |reply| {
        reply.status == 200 && reply.body.contains("Susan Red") && !reply.body.contains("Robert")
    });
}

#[test]
fn a_page_is_about_the_last_person() {
    let server = Server::start();
    let shows_susan = |reply: &Reply| {
        let note_url = server.note_url(reply);
        reply.status == 200
            && reply.body.contains("<h1 dir=\"auto\">Susan Red</h1>")
            && note_url.contains("id=1&")
    };
    assert!(!shows_susan(&server.get("/iframe?id=2")));
    assert_unmoved("GET", &server.signed_url("/iframe?id=1"), ("id", "2"), shows_susan);
    // The same by a link of the server.
    let added = send("POST", &server.note_url(&server.get("/iframe?id=1")), &[], "text=a");
    let link = server.location(&added);
    assert!(link.contains("/person?id=1&"), "{link}");
    assert_unmoved("GET", &link, ("id", "2"), shows_susan);
}

#[test]
fn a_note_is_about_the_last_person() {
    let server = Server::start();
    for (name, value) in [("id", "2"), ("link", "of-another-page")] {
        for (forge, status) in [(forged as fn(&str, &str, &str) -> Vec<String>, 303), (overruled, 403)] {
            let any = server.note_url(&server.get("/iframe?id=1"));
            for nth in 0..forge(&any, name, value).len() {
                // Each by a link of its own, since a note is stored once for each.
                let url = server.note_url(&server.get("/iframe?id=1"));
                let url = &forge(&url, name, value)[nth];
                let text = format!("{name} {nth}");
                let reply = send("POST", url, &[], format!("text={text}"));
                assert_eq!(reply.status, status, "{url}");
                assert!(!server.get("/iframe?id=2").body.contains(&text), "{url}");
            }
        }
    }
}

/// A link stores a note once, also where another one stands in front of its own.
#[test]
fn a_note_comes_by_the_last_link() {
    let server = Server::start();
    let url = server.note_url(&server.get("/iframe?id=1"));
    for (nth, url) in forged(&url, "link", "another").into_iter().enumerate() {
        let reply = send("POST", &url, &[], format!("text=note+{nth}"));
        assert_eq!(reply.status, if nth == 0 { 303 } else { 409 }, "{url}");
    }
}

#[test]
fn older_notes_are_those_before_the_last_one() {
    let server = Server::start();
    let pages = derived(SECRET, "page links");
    // Older than the first note of all there is none.
    let query = pages.sign([("id", "1"), ("before", "-1")], now() + 60).unwrap();
    let url = server.url("/person?") + &query;
    let has_none = |reply: &Reply| reply.status == 200 && reply.body.contains("No older notes.");
    assert!(has_none(&fetch("GET", &url)));
    assert!(!has_none(&fetch(
        "GET",
        &(server.url("/person?") + &pages.sign([("id", "1")], now() + 60).unwrap())
    )));
    assert_unmoved("GET", &url, ("before", "999999"), has_none);
}
