//! What is secret stays so: in the running server's log and answers.

mod common;

use std::collections::BTreeSet;

use common::{
    server::{SECRET, Server, derived, fetch, now, send},
    webhook::{hash, headers},
};
use signed_query::Key;

const SUBMITTED: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The texts that the keys of links are made of.
fn purposes(secret: &str) -> [String; 2] {
    ["note links", "page links"].map(|purpose| signed(&Key::new(secret).unwrap(), [("purpose", purpose)], 0))
}

/// The signature of a query.
fn signed<const N: usize>(key: &Key, query: [(&str, &str); N], expires: u64) -> String {
    signatures(&key.sign(query, expires).unwrap()).remove(0)
}

/// All that are in a text.
fn signatures(text: &str) -> Vec<String> {
    let ends = |rest: &str| rest.find(|char: char| !char.is_ascii_hexdigit()).unwrap_or(rest.len());
    text.split("sig=").skip(1).map(|rest| rest[..ends(rest)].to_owned()).collect()
}

/// Every kind of refusal and success of the server, with a log of all that it has
/// to say.
#[test]
fn the_server_shows_no_secret() {
    const OTHERS: [&str; 3] = ["the iframe's secret", "the webhooks' secret", "the previous secret"];
    let [iframe, webhook, previous] = OTHERS;
    let server = Server::with(&[
        ("LOG", "trace"),
        ("IFRAME_SECRET", iframe),
        ("WEBHOOK_SECRET", webhook),
        ("PREVIOUS_SECRET", previous),
    ]);
    let expires = now() + 60;
    let mut secrets: Vec<String> = OTHERS.map(str::to_owned).into();
    secrets.extend([SECRET.to_owned(), SUBMITTED.to_owned(), hash(webhook, "{}")]);
    secrets.extend([SECRET, iframe, previous].iter().flat_map(|secret| purposes(secret)));
    let mut replies = Vec::new();
    for (path, key, pair) in [
        ("/search", Key::new(SECRET).unwrap(), ("q", "red")),
        ("/iframe", Key::new(iframe).unwrap(), ("id", "1")),
        ("/note", derived(iframe, "note links"), ("id", "1")),
        ("/person", derived(iframe, "page links"), ("id", "1")),
    ] {
        for expires in [expires, now() - 60] {
            let signature = signed(&key, [pair], expires);
            for submitted in [&signature, SUBMITTED, "short", ""] {
                let (name, value) = pair;
                let url = server.url(&format!("{path}?{name}={value}&expires={expires}&sig={submitted}"));
                replies.extend(["GET", "POST", "PUT"].map(|method| fetch(method, &url)));
            }
            secrets.push(signature);
        }
        replies.push(server.get(path));
        replies.push(fetch("GET", &server.url(&format!("{path}?a{}=1", "[]".repeat(65)))));
    }
    for hash in [SUBMITTED, "short"] {
        let headers = headers(hash);
        replies.push(send("POST", &server.url("/webhook"), &headers, "{}"));
    }
    let statuses: BTreeSet<_> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, BTreeSet::from([200, 400, 403, 405]));
    let (_, log) = server.stop();
    assert!(log.contains("refused") && log.contains("answered"), "{log}");
    // A page has links that it signed itself; nobody else's signature.
    for secret in &secrets {
        assert!(!log.contains(secret), "{log}");
        // Nor a header.
        assert!(replies.iter().all(|reply| !format!("{reply:?}").contains(secret)), "{secret}");
    }
}

/// Nor what is about a person, or leads to one, whoever may read the log.
#[test]
fn the_log_has_no_query_no_note_and_no_notification() {
    let server = Server::with(&[("LOG", "trace")]);
    let page = server.get("/iframe?id=1");
    let note = server.note_url(&page);
    let (search, body) = (server.signed_url("/search?q=qwertz"), r#"{"about":"somebody"}"#);
    let hash = hash(SECRET, body);
    let headers = headers(&hash);
    let document = [("Accept", "text/html")];
    let added = send("POST", &note, &[], "text=Typed+by+an+agent");
    let replies = [
        server.get("/iframe?id=nobody-at-all"),
        server.follow(&added),
        send("POST", &note, &document, "text=Another+one"),
        send("POST", &format!("{note}0"), &document, "text=Another+one"),
        send("POST", &server.url("/webhook"), &headers, body),
        fetch("GET", &search),
        // A query that lost its `?` is a path, which opens as much as the query.
        fetch("GET", &search.replace('?', "%3F")),
        fetch("GET", &search.replace("/search?", "/")),
        fetch("POST", &search.replace("/search?", "/webhook/")),
    ];
    let statuses = replies.map(|reply| reply.status);
    assert_eq!(statuses, [404, 200, 409, 403, 200, 200, 404, 404, 404]);
    let followed = server.follow(&added);
    let mut credentials =
        [&*search, &*page.body, &*followed.body, added.header("location")].map(signatures).concat();
    // The form's of either page, and those two.
    assert_eq!(credentials.len(), 4, "{credentials:?}");
    credentials.extend(purposes(SECRET));
    credentials.push(hash.clone());
    let (_, log) = server.stop();
    assert_eq!(log.lines().filter(|line| line.contains("status=")).count(), 12, "{log}");
    let about = ["qwertz", "nobody-at-all", "Susan", "agent", "Another", "somebody"];
    for private in credentials.iter().map(String::as_str).chain(about) {
        assert!(!log.contains(private), "{private} is in {log}");
    }
}
