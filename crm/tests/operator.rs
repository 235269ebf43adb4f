//! What whoever runs the server sets, asks and reads.

mod common;

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::ffi::OsStrExt,
    process::Stdio,
};

use common::{
    crm::crm,
    folder::Folder,
    server::{SECRET, Server, fetch, not_started, now, send},
    webhook::{HOOK_ID, hash},
};
use serde_json::json;
use signed_query::Key;

/// A notification to a path, hashed with a secret.
fn notify(server: &Server, path: &str, hook_id: &str, secret: &str, body: &str) -> u16 {
    let headers = [("SocialSignIn-HookId", hook_id), ("SocialSignIn-Hash", &*hash(secret, body))];
    send("POST", &server.url(path), &headers, body).status
}

/// What the server says that does not start.
fn complaint(variables: &[(&str, &str)]) -> String {
    let output = not_started(crm().env("SECRET", SECRET).envs(variables.iter().copied()));
    let (said, error) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((output.status.code(), &*said), (Some(1), ""), "{variables:?}: {error}");
    error
}

#[test]
fn health_is_that_of_the_database_and_says_no_more() {
    let folder = Folder::new("health");
    let file = folder.file("people.db");
    // What is new is in the log that SQLite writes ahead, until the end.
    assert!(Server::with(&[("DATABASE", &file)]).stop().0.success());
    let server = Server::with(&[("DATABASE", &file)]);
    let health = |method| fetch(method, &server.url("/health"));
    let well = health("GET");
    assert_eq!((well.status, well.json()), (200, json!({ "status": "ok" })));
    let head = health("HEAD");
    assert_eq!((head.status, &*head.body), (200, ""));
    let post = health("POST");
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    assert_eq!(well.header("cache-control"), "no-store");

    let whole = fs::read(&file).unwrap();
    fs::write(&file, vec![0xAA; whole.len()]).unwrap();
    let ill = health("GET");
    assert_eq!((ill.status, ill.header("retry-after")), (503, "5"));
    assert!(!ill.body.contains("database") && !ill.body.contains("file"), "{}", ill.body);
    assert_eq!(health("HEAD").status, 503);
    // Anyone may ask, so they get no line each; but whoever looks after the server gets one.
    (0..50).for_each(|_| assert_eq!(health("GET").status, 503));
    let errors = |log: &str| {
        log.lines().filter(|line| line.contains("ERROR") && line.contains("failed method")).count()
    };
    fs::write(&file, whole).unwrap();
    assert_eq!(health("GET").status, 200);
    let (_, log) = server.stop();
    assert_eq!(errors(&log), 1, "{log}");
    assert!(log.contains("52 without the database"), "{log}");
}

#[test]
fn leeway_and_the_longest_lifetime_are_for_the_platforms_requests() {
    let status = |server: &Server, path: &str, expires: u64| {
        fetch("GET", &Key::new(SECRET).unwrap().sign_url(&server.url(path), expires).unwrap()).status
    };
    let usual = Server::start();
    let lenient = Server::with(&[("LEEWAY", "60"), ("MAX_LIFETIME", "600")]);
    let strict = Server::with(&[("MAX_LIFETIME", "600")]);
    const DAY: u64 = 24 * 60 * 60;
    for path in ["/search?q=red", "/iframe?id=1"] {
        for (server, late, expected) in [(&usual, 5, 403), (&lenient, 30, 200), (&lenient, 120, 403)] {
            assert_eq!(status(server, path, now() - late), expected, "{path}, {late} s late");
        }
        for (server, ahead, expected) in [
            (&usual, DAY - 60, 200),
            (&usual, DAY + 60, 403),
            (&usual, now() * 1000, 403), // milliseconds
            (&strict, 500, 200),
            (&strict, 700, 403),
            (&lenient, 630, 200),
            (&lenient, 690, 403),
        ] {
            assert_eq!(status(server, path, now() + ahead), expected, "{path}, {ahead} s ahead");
        }
    }
    // The least and the most that either may be.
    let least = Server::with(&[("LEEWAY", "0"), ("MAX_LIFETIME", "1")]);
    let most = Server::with(&[("LEEWAY", "86400"), ("MAX_LIFETIME", "31622400")]);
    let statuses = |server, expires| status(server, "/search?q=red", expires);
    assert_eq!((statuses(&least, now() - 5), statuses(&least, now() + 60)), (403, 403));
    assert_eq!((statuses(&most, now() - DAY + 60), statuses(&most, now() - DAY - 60)), (200, 403));
    assert_eq!((statuses(&most, now() + 366 * DAY), statuses(&most, now() + 368 * DAY)), (200, 403));
    // A link that the server signed itself has a life of its own.
    let server = Server::with(&[("MAX_LIFETIME", "60")]);
    let link = server.note_url(&server.get("/iframe?id=1"));
    assert!(send("POST", &link, &[], "text=a").status < 400);
    for (name, value) in [
        ("LEEWAY", "soon"),
        ("LEEWAY", "-1"),
        ("MAX_LIFETIME", "1d"),
        ("MAX_LIFETIME", "1.5"),
        ("MAX_LIFETIME", "0"),
        ("MAX_LIFETIME", "18446744073709551615"),
        ("LEEWAY", "18446744073709551615"),
        ("LEEWAY", "86401"),
        ("MAX_LIFETIME", "31622401"),
    ] {
        let complaint = complaint(&[(name, value)]);
        assert!(complaint.contains(name) && complaint.contains("seconds"), "{complaint}");
    }
}

#[test]
fn a_port_alone_is_listened_on() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let server = Server::with(&[("LISTEN", &port)]);
    assert_eq!(server.address.to_string(), format!("127.0.0.1:{port}"));
    for listen in ["0.0.0.0", ":8080", "localhost", "127.0.0.1:", "127.0.0.1:http", "[::1]", "123456", "a b"]
    {
        let complaint = complaint(&[("LISTEN", listen)]);
        assert!(complaint.contains("an address and a port, as in LISTEN=8080"), "{complaint}");
    }
}

/// An empty LISTEN counts as unset. Somebody else may have the default port.
#[test]
fn by_default_the_server_listens_on_loopback_and_names_the_default_if_it_is_taken() {
    for unset in [false, true] {
        // If another has it, that one may end in the meantime.
        let taken = unset.then(|| TcpListener::bind("127.0.0.1:8080").ok()).flatten();
        let mut command = crm();
        command.env("SECRET", SECRET);
        if !unset {
            command.env("LISTEN", "");
        }
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut error = String::new();
        if line.is_empty() {
            BufReader::new(process.stderr.take().unwrap()).read_line(&mut error).unwrap();
        }
        let _ = process.kill();
        process.wait().unwrap();
        let is_taken =
            error.contains("can't listen on 127.0.0.1:8080 (the default; set LISTEN to change it): Address");
        let listens = taken.is_none() && line == "Listening on http://127.0.0.1:8080\n";
        assert!(is_taken || listens, "{line}{error}");
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_its_variable() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let output = not_started(crm().env("SECRET", SECRET).env("LISTEN", &listen));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let place = format!("can't listen on {listen} (from LISTEN): ");
    assert!(error.contains(&place), "{error}");
}

/// Scripts read it, and take what stands behind the last colon.
#[test]
fn the_first_line_ends_in_the_port() {
    let mut command = crm();
    command.env("SECRET", SECRET).env("LISTEN", "127.0.0.1:0").env("LOG", "trace");
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let port = line.strip_prefix("Listening on http://127.0.0.1:").and_then(|rest| rest.strip_suffix('\n'));
    assert!(port.is_some_and(|port| port.parse::<u16>().is_ok()), "{line:?}");
}

#[test]
fn a_secret_that_looks_like_a_slip_gets_a_warning() {
    for name in ["SECRET", "PREVIOUS_SECRET", "IFRAME_SECRET", "WEBHOOK_SECRET", "WEBHOOK_SECRET_ORDERS"] {
        for (secret, says) in [
            ("changeme! ", "white space"),
            ("changeme!\n", "white space"),
            ("\tchangeme!", "white space"),
            ("changeme!\u{a0}", "white space"),
            ("\"changeme!\"", "quotes"),
            ("'changeme!'", "quotes"),
            ("\"changeme!", "quotes"),
            ("changeme!'", "quotes"),
            ("`changeme!`", "quotes"),
            ("“changeme!”", "quotes"),
            ("‘changeme!’", "quotes"),
            ("«changeme!»", "quotes"),
        ] {
            let (_, log) = Server::with(&[("LOG", "warn"), (name, secret)]).stop();
            assert!(log.contains("WARN") && log.contains(says), "{name}={secret:?}: {log}");
            assert!(
                log.contains(&format!("{name} ")) && !log.contains("changeme"),
                "{name}={secret:?}: {log}"
            );
        }
    }
    for secret in ["change me", "it's", "a\"b", "a`b"] {
        let (_, log) = Server::with(&[("LOG", "warn"), ("SECRET", secret)]).stop();
        assert_eq!(log, "", "{secret}");
    }
}

#[test]
fn a_variable_that_is_text_must_be_utf_8() {
    for name in ["LISTEN", "LOG", "LEEWAY", "MAX_LIFETIME", "CURRENCY", "FRAME_ANCESTORS"] {
        let mut command = crm();
        let output = not_started(command.env("SECRET", SECRET).env(name, OsStr::from_bytes(b"8080\xFF")));
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("crm: {name} is not UTF-8\n"));
    }
}

/// Of what it begins and ends with nothing is left out, and it need be no text.
#[test]
fn a_secret_is_taken_byte_by_byte() {
    for (secret, others) in [
        (&b" changeme! "[..], [&b"changeme!"[..], b" changeme!", b"changeme! "]),
        (b"'changeme!'", [b"changeme!", b"'changeme!", b"changeme!'"]),
        (b"changeme!\n", [b"changeme!", b"changeme! ", b"\nchangeme!"]),
        (b"\xFFchangeme!\xC3", [b"changeme!", b"\xEF\xBF\xBDchangeme!\xEF\xBF\xBD", b"\xFFchangeme!"]),
    ] {
        let mut command = crm();
        command.env("IFRAME_SECRET", OsStr::from_bytes(secret));
        let server = Server::spawn(&mut command, &[]);
        let status = |secret: &[u8]| {
            let key = Key::new(secret).unwrap();
            fetch("GET", &key.sign_url(&server.url("/iframe?id=1"), now() + 60).unwrap()).status
        };
        assert_eq!(status(secret), 200, "{secret:?}");
        assert_eq!(others.map(status), [403; 3], "{secret:?}");
    }
}

#[test]
fn an_empty_search_is_malformed() {
    let server = Server::start();
    for path in ["/search?q=", "/search?q", "/search"] {
        let reply = server.get(path);
        assert_eq!((reply.status, &reply.json()["status"]), (400, &json!("error")), "{path}");
    }
    assert_eq!(server.get("/search?q=0").status, 200);
}

#[test]
fn webhooks_under_names_have_secrets_of_their_own() {
    let variables =
        [("WEBHOOK_SECRET_ORDERS", "orders"), ("WEBHOOK_SECRET_V2_NEW", "new"), ("WEBHOOK_SECRET_EMPTY", "")];
    let server =
        Server::with(&[&variables[..], &[("PREVIOUS_SECRET", "old"), ("WEBHOOK_SECRET", "usual")]].concat());
    for (path, secret, status) in [
        ("/webhook", "usual", 200),
        ("/webhook", "orders", 403),
        ("/webhook", "old", 200),
        ("/webhook/orders", "orders", 200),
        ("/webhook/ORDERS", "orders", 200),
        ("/webhook/orders", "old", 200),
        ("/webhook/orders", "usual", 403),
        ("/webhook/orders", SECRET, 403),
        ("/webhook/v2_new", "new", 200),
        ("/webhook/v2_new", "orders", 403),
        ("/webhook/empty", "usual", 404),
        ("/webhook/other", "usual", 404),
        ("/webhook/", "usual", 404),
        ("/webhook/orders/", "orders", 404),
        ("/webhooks", "usual", 404),
        ("/WEBHOOK", "usual", 404),
        ("/Webhook/orders", "orders", 404),
    ] {
        assert_eq!(notify(&server, path, HOOK_ID, secret, "{}"), status, "{path} with {secret}");
    }
    let reply = fetch("GET", &server.url("/webhook/orders"));
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
    for name in ["WEBHOOK_SECRET_", "WEBHOOK_SECRET_orders", "WEBHOOK_SECRET_A-B", "WEBHOOK_SECRET_\u{e9}"] {
        let complaint = complaint(&[(name, "a")]);
        assert!(complaint.contains(name) && complaint.contains("capitals"), "{complaint}");
    }
}

#[test]
fn sigterm_of_a_server_that_nobody_asked_leaves_no_count() {
    let (_, log) = Server::with(&[("LOG", "info")]).stop();
    assert!(log.contains("stopping") && !log.contains("refused"), "{log}");
}
