//! nginx, HAProxy, Caddy and Apache with the files of docs/deployment, each in front
//! of two copies of the server.

mod common;

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use common::{
    end_of::EndOf,
    folder::Folder,
    proxy::{ALL, notification, request},
    recorder::Recorder,
    server::{SECRET, Server, now},
    webhook::{HOOK_BODY, HOOK_HASH},
};
use rusqlite::Connection;
use signed_query::Key;

/// What is known to be rewritten, cut or refused on its way, with spaces between:
/// what looks like a path, spaces and escapes, what is no text, raw characters,
/// names, and what separates.
const SPOILT: &str = r#"
    a=%2F a=/ a=//b///c a=../../b/./c a=%2e%2E/ a=%20 a=+ a=%2B a=%c3%a9%2f a=%25%32%46
    a=%00 a=%0a%0D a=%FF a=%zz% a=é a=| a=" a=^ a={b} a=\ a=<b>'` a=:@!$'()*,~
    a[]=1&a[x]=2 a%5B%5D=1 a.b=1&a+b=2 a=1&a=2&a=1 a= a a=?b? a=a;b=c; a==b= &&a=1&&
"#;

/// Between two requests of a client: for each, it starts a program for TLS.
const PAUSE: Duration = Duration::from_millis(20);

/// What browsers are told of TLS, for a year.
const HSTS: Option<&str> = Some("max-age=31536000");

fn signed(target: &str) -> String {
    Key::new(SECRET).unwrap().sign_url(target, now() + 60).unwrap()
}

/// The targets of signed searches with all of it, long ones and many parameters.
fn searches() -> Vec<String> {
    let long = format!("a={}", "%2Fb".repeat(2048));
    let many = "a[]=1&".repeat(900);
    let all = SPOILT.split_whitespace().chain([&*long, &*many]);
    all.map(|spoilt| signed(&format!("/search?q=red&{spoilt}"))).collect()
}

/// Whether a copy has given a good answer of this kind.
fn has_answered(copy: &Server, route: &str) -> bool {
    let log = copy.log();
    log.lines().any(|line| line.contains(&format!("route=Some({route}")) && line.contains("status=200"))
}

/// Nothing that opens anything: no query, and no signature that lost its name.
fn assert_clean(logs: &str) {
    for part in ["sig=", "sig%3D", "expires"] {
        assert!(!logs.contains(part), "{part}: {logs}");
    }
    let is_signature = |word: &str| word.len() >= 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(!logs.split(|c: char| !c.is_alphanumeric()).any(is_signature), "{logs}");
}

#[test]
fn a_query_arrives_as_it_was_sent_and_the_clients_address_with_it() {
    for kind in ALL {
        let (one, two) = (Recorder::start(), Recorder::start());
        let Some(proxy) = kind.start("arrives", [one.address, two.address]) else { continue };
        for search in searches() {
            let mut connection = proxy.connect();
            connection.send(request("GET", &search, "X-Forwarded-For: 192.0.2.7\r\n"));
            assert_eq!(connection.answer().status, 200, "{}: {search}", kind.package);
            let head = one.take(&search).or_else(|| two.take(&search));
            let head = head.unwrap_or_else(|| panic!("{}: {search} arrives otherwise", kind.package));
            let forwarded = head.lines().filter_map(|line| line.split_once(": "));
            let forwarded: Vec<_> =
                forwarded.filter(|(name, _)| name.eq_ignore_ascii_case("x-forwarded-for")).collect();
            assert!(matches!(forwarded[..], [(_, "127.0.0.1")]), "{}: {head}", kind.package);
        }
    }
}

#[test]
fn queries_that_proxies_tend_to_spoil_are_verified_all_the_same() {
    for kind in ALL {
        let copies = [Server::start(), Server::start()];
        let Some(proxy) = kind.start("verified", copies.each_ref().map(|copy| copy.address)) else {
            continue;
        };
        // On one connection, as a client would that asks again.
        let mut connection = proxy.connect();
        for search in searches() {
            connection.send(request("GET", &search, ""));
            let answer = connection.answer();
            assert_eq!(answer.status, 200, "{}: {search}", kind.package);
            assert_eq!(answer.header("strict-transport-security"), HSTS, "{}", kind.package);
            assert_eq!(answer.body, r#"{"results":[{"id":1,"name":"Susan Red"}]}"#);
        }
        connection.send(request("GET", &signed("/search?q=red").replace("red", "rex"), ""));
        assert_eq!(connection.answer().status, 403);
        assert_clean(&proxy.logs());
        assert!(copies.iter().all(|copy| has_answered(copy, "Search")), "{} leaves one out", kind.package);
    }
}

/// What every log is tempted to quote: referrers, links, what is malformed, what
/// lost its `?`, and what failed since no copy was there.
#[test]
fn no_log_holds_a_signed_url() {
    for kind in ALL {
        let copies = [Server::start(), Server::start()];
        let Some(proxy) = kind.start("logs", copies.each_ref().map(|copy| copy.address)) else { continue };
        let search = signed("/search?q=red");
        let referrer = format!("Referer: https://signed-query.example{search}\r\nConnection: close\r\n");
        let exchange = |method: &str, target: &str, headers: &str| {
            let mut connection = proxy.connect();
            connection.send(request(method, target, &format!("{referrer}{headers}")));
            connection.answer()
        };
        assert_eq!(exchange("GET", &search, "").status, 200);
        let page = exchange("GET", &signed("/iframe?id=1"), "");
        let (_, link) = page.body.split_once(r#"action=""#).unwrap();
        let link = link.split_once('#').unwrap().0.replace("&amp;", "&");
        let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\ntext=a";
        assert!(matches!(exchange("POST", &format!("/{link}"), form).status, 200..400));

        let too_much = format!("X: {}\r\n", "x".repeat(1 << 20));
        let of_length = |length: usize| format!("Content-Length: {length}\r\n\r\n{}", "a".repeat(length));
        for (method, headers) in [
            ("G@T", ""),
            ("PUT", ""),
            ("GET", &*too_much),
            ("GET", "No colon\r\n"),
            ("GET", "Content-Length: x\r\n"),
            ("GET", "Expect: all\r\n"),
            ("POST", "Transfer-Encoding: none\r\n"),
            ("POST", &*of_length(2_000_000)),
        ] {
            exchange(method, &search, headers);
        }
        exchange("GET", &format!("{search}{}", "&a".repeat(1 << 16)), "");
        let (_, query) = search.split_once('?').unwrap();
        for lost in ["", "/", "/?", "/search", "/search/", "/search&", "/search%3F", "search?", "*?", "?"] {
            exchange("GET", &format!("{lost}{query}"), "");
        }
        for bad in
            ["/%?", "/%00?", "/../?", "/%2e%2e/?", "//?", "http://[/search?", "http://a.example/search?"]
        {
            exchange("GET", &format!("{bad}{query}"), "");
        }
        for between in [" ", "\t", "\x01", "#", "\r\n"] {
            exchange("GET", &search.replace('&', between), "");
        }

        drop(copies);
        for method in ["GET", "POST"] {
            let answer = exchange(method, &search, "");
            assert!(matches!(answer.status, 502 | 503), "{}: {}", kind.package, answer.status);
            assert_eq!(answer.header("strict-transport-security"), HSTS, "{}", kind.package);
        }
        assert_clean(&proxy.logs());
        assert!(proxy.logs().contains("/search") && proxy.logs().contains("127.0.0.1"), "{}", kind.package);
    }
}

#[test]
fn a_notification_to_both_copies_is_stored_once_and_one_too_large_is_413() {
    for kind in ALL {
        let folder = Folder::new(&format!("notified-{}", kind.package));
        let file = folder.file("people.db");
        let variables = [("DATABASE", &*file), ("WEBHOOK_SECRET", "testsecret")];
        let copies = [Server::with(&variables), Server::with(&variables)];
        let Some(proxy) = kind.start("notified", copies.each_ref().map(|copy| copy.address)) else {
            continue;
        };
        let post = |body: &str| {
            let mut connection = proxy.connect();
            // With the hash of the protocol's example, which `testsecret` made.
            connection.send(notification(HOOK_HASH, body));
            connection.answer()
        };
        for _ in 0..4 {
            let answer = post(HOOK_BODY);
            assert_eq!(answer.status, 200, "{}", kind.package);
            assert!(answer.body.contains("70d57128a1047c499ce30b3d518341aa4fc9e9200e30d9bb9152f99955ba081d"));
        }
        assert_eq!(post(&"x".repeat(1 << 20)).status, 403, "{}", kind.package);
        assert_eq!(post(&"x".repeat((1 << 20) + 1)).status, 413, "{}", kind.package);
        let count = "SELECT count(*) FROM notifications";
        assert_eq!(Connection::open(&file).unwrap().query_one(count, [], |row| row.get::<_, i64>(0)), Ok(1));
        assert_clean(&proxy.logs());
        assert!(copies.iter().all(|copy| has_answered(copy, "Webhook")), "{} leaves one out", kind.package);
    }
}

/// Copies are replaced one after the other, as for a new version, and nobody who
/// asks meanwhile sees it.
#[test]
fn copies_are_replaced_under_load_and_no_request_is_lost() {
    let folder = Folder::new("replaced");
    let file = folder.file("people.db");
    let start = |listen: &str| {
        Server::with(&[("DATABASE", &file), ("WEBHOOK_SECRET", "testsecret"), ("LISTEN", listen)])
    };
    for kind in ALL {
        let copies = [start("127.0.0.1:0"), start("127.0.0.1:0")];
        let addresses = copies.each_ref().map(|copy| copy.address);
        let Some(proxy) = kind.start("replaced", addresses) else { continue };
        let (is_over, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
        let ask = || {
            while !is_over.load(Ordering::Relaxed) {
                let search = request("GET", &signed("/search?q=red"), "");
                let notification = notification(HOOK_HASH, HOOK_BODY);
                for (request, is_tried_again) in [(search, true), (notification, kind.tries_a_post_again)] {
                    let mut connection = proxy.connect();
                    connection.send(&request);
                    let status = connection.answer().status;
                    let is_told = !is_tried_again && matches!(status, 502 | 503);
                    assert!(status == 200 || is_told, "{}: {status}: {request}", kind.package);
                    answered.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(PAUSE);
                }
            }
        };
        let mut replaced = Vec::new();
        thread::scope(|scope| {
            let _end = EndOf(&is_over);
            for _ in 0..3 {
                scope.spawn(ask);
            }
            for copy in copies {
                thread::sleep(Duration::from_millis(500));
                let listen = copy.address.to_string();
                assert!(copy.stop().0.success());
                thread::sleep(Duration::from_millis(500));
                let copy = start(&listen);
                // As long as it takes for the proxy to find that it is back.
                let deadline = Instant::now() + Duration::from_secs(20);
                while !has_answered(&copy, "Webhook") {
                    assert!(Instant::now() < deadline, "{} does not find {listen} again", kind.package);
                    thread::sleep(Duration::from_millis(50));
                }
                replaced.push(copy);
            }
        });
        println!("{}: {} requests", kind.package, answered.into_inner());
    }
}
