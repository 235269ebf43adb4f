//! The links example over real sockets, with links that the real frameworks signed
//! where they are, and with our own.

mod common;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use common::{
    example::example,
    folder::Folder,
    frameworks::Frameworks,
    links::{APP_KEY, laravel_server, signed},
    server::{Reply, Server, fetch, not_started, now},
};
use serde_json::json;
use signed_query::{Key, laravel, symfony};

const ORIGIN: &str = "https://files.example";

/// A folder with files in it, and one beside it.
fn files(name: &str) -> (Folder, String) {
    let folder = Folder::new(name);
    let public = folder.file("files");
    fs::create_dir_all(format!("{public}/invoices")).unwrap();
    fs::write(format!("{public}/invoices/4711 ä.txt"), "an invoice").unwrap();
    fs::write(format!("{public}/page.html"), "<script>").unwrap();
    fs::write(format!("{public}/invoices/index.html"), "a secret list").unwrap();
    fs::write(folder.file("secret.txt"), "a secret").unwrap();
    (folder, public)
}

/// The link is a credential, and what it gives is for whoever has it.
fn assert_private(reply: &Reply) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ] {
        assert_eq!(reply.header(name), value, "{reply:?}");
    }
}

#[test]
fn a_file_is_given_to_whoever_has_a_link_that_laravel_signed() {
    let (_folder, files) = files("laravel-links");
    let server = laravel_server(&files);
    let mut links = vec![signed("/storage/invoices/4711%20%C3%A4.txt")];
    if let Some(mut php) = Frameworks::start() {
        let path = json!({ "path": "invoices/4711 ä.txt" });
        links.extend(php.laravel_sign(APP_KEY, "http://app.example", "file", &path, Some(now() + 60), false));
        assert_eq!(links.len(), 2);
    }
    for link in links {
        let reply = fetch("GET", &server.url(&link));
        assert_eq!((reply.status, &*reply.body), (200, "an invoice"), "{link}");
        assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
        assert_private(&reply);
        for (from, to) in
            [("4711", "4712"), ("expires=", "expires=9"), ("signature=", "signature=0"), ("?", "?a=1&")]
        {
            assert_eq!(fetch("GET", &server.url(&link.replace(from, to))).status, 403, "{to} in {link}");
        }
        assert_eq!(fetch("GET", &server.url(link.split('?').next().unwrap())).status, 400);
    }
    let late = laravel::sign(&Key::new(APP_KEY).unwrap(), "/storage/page.html", Some(now() - 1)).unwrap();
    assert_eq!(fetch("GET", &server.url(&late)).status, 403);
    let (_, log) = server.stop_by("INT");
    assert!(log.contains("refused: the signature does not match") && !log.contains(APP_KEY), "{log}");
    assert!(!log.contains("signature=") && !log.contains("4712"), "{log}");
}

/// The link is a credential, also where it leads to nothing.
#[test]
fn every_answer_keeps_the_link_to_itself() {
    let (_folder, files) = files("private");
    let server = laravel_server(&files);
    let good = signed("/storage/page.html");
    for (method, target, status) in [
        ("GET", good.clone(), 200),
        ("GET", "/storage/page.html".to_owned(), 400),
        ("GET", good.replace("page", "other"), 403),
        ("GET", signed("/storage/page.html?upload=1"), 403),
        ("GET", signed("/storage/missing.html"), 404),
        ("GET", signed("/page.html"), 404),
        ("POST", good, 405),
    ] {
        let reply = fetch(method, &server.url(&target));
        assert_eq!(reply.status, status, "{method} {target}");
        assert_private(&reply);
    }
}

#[test]
fn a_link_reads_a_file_and_does_nothing_else() {
    let (_folder, files) = files("get-only");
    let server = laravel_server(&files);
    let link = signed("/storage/page.html");
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let reply = fetch(method, &server.url(&link));
        assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    for upload in ["upload=1", "upload[]=1", "%75pload="] {
        let link = signed(&format!("/storage/page.html?{upload}"));
        assert_eq!(fetch("GET", &server.url(&link)).status, 403, "{upload}");
    }
    let reply = fetch("GET", &server.url(&link));
    assert_eq!(reply.body, "<script>");
}

#[test]
fn no_link_leads_out_of_the_folder() {
    let (_folder, files) = files("traversal");
    let server = laravel_server(&files);
    // As whoever has the key could sign them.
    for path in [
        "/storage/../secret.txt",
        "/storage/%2e%2e/secret.txt",
        "/storage/..%2fsecret.txt",
        "/storage/invoices/..%2f..%2fsecret.txt",
        "/storage/%2e%2e%2fsecret.txt",
        "/storage/..%5csecret.txt",
        "/storage/%00",
        "/storage/page.html%00",
        "/storage/page.html/page.html",
        "/storage//etc/passwd",
        "/storage/%2fetc%2fpasswd",
        "/storagepage.html",
        "/storage/missing.txt",
        "/storage",
        "/storage/invoices",
        "/page.html",
    ] {
        let target = signed(path);
        // A client of its own would take the dots away.
        let mut connection = TcpStream::connect(server.address).unwrap();
        write!(connection, "GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        connection.read_to_string(&mut reply).unwrap();
        let status = reply.split(' ').nth(1).unwrap();
        assert!(matches!(status, "400" | "404"), "{path}: {reply}");
        assert!(!reply.contains("secret") && !reply.contains("root:"), "{path}: {reply}");
    }
}

#[test]
fn a_file_is_given_to_whoever_has_a_link_that_symfony_signed() {
    let (_folder, files) = files("symfony-links");
    let variables = [("APP_SECRET", "ThisTokenIsNotSoSecret"), ("ORIGIN", ORIGIN), ("FOLDER", &files)];
    let server = Server::of("links", &variables);
    let url = "https://files.example/invoices/4711%20%C3%A4.txt?_expiration=";
    let key = Key::new("ThisTokenIsNotSoSecret").unwrap();
    let (url, expires) = (url.split('?').next().unwrap(), now() + 60);
    let mut links = vec![symfony::sign(&key, url, Some(expires), symfony::Alphabet::UrlSafe).unwrap()];
    if let Some(mut php) = Frameworks::start() {
        // As Symfony 7.1 and later sign it with an expiration.
        links.extend(php.symfony_sign("ThisTokenIsNotSoSecret", &format!("{url}?_expiration={expires}")));
        assert_eq!(links.len(), 2);
    }
    for link in links {
        let target = link.strip_prefix(ORIGIN).unwrap();
        let reply = fetch("GET", &server.url(target));
        assert_eq!((reply.status, &*reply.body), (200, "an invoice"), "{link}");
        assert_eq!(fetch("GET", &server.url(&target.replace("4711", "4712"))).status, 403);
    }
    let late = symfony::sign(&key, url, Some(now() - 1), symfony::Alphabet::UrlSafe).unwrap();
    assert_eq!(fetch("GET", &server.url(late.strip_prefix(ORIGIN).unwrap())).status, 403);
    assert_eq!(fetch("GET", &server.url(&signed("/invoices/4711%20%C3%A4.txt"))).status, 400);
    // A folder is not listed, nor shown by what is in it.
    for folder in ["/invoices", "/invoices/"] {
        let link =
            symfony::sign(&key, &format!("{ORIGIN}{folder}"), Some(expires), symfony::Alphabet::UrlSafe);
        let target = link.unwrap().split_off(ORIGIN.len());
        assert_eq!(fetch("GET", &server.url(&target)).status, 404, "{folder}");
    }
}

#[test]
fn previous_keys_an_origin_and_a_prefix_can_be_set() {
    let (_folder, files) = files("variables");
    let path = "/page.html";
    let laravel_link = |key: &str, url: &str| {
        let link = laravel::sign(&Key::new(key).unwrap(), url, Some(now() + 60)).unwrap();
        link.strip_prefix(ORIGIN).unwrap_or(&link).to_owned()
    };
    let symfony_link = |key: &str, url: &str| {
        let key = Key::new(key).unwrap();
        let link = symfony::sign(&key, url, Some(now() + 60), symfony::Alphabet::UrlSafe).unwrap();
        link.strip_prefix(ORIGIN).unwrap().to_owned()
    };
    let start = |key: (&'static str, &'static str), others: &[(&str, &str)]| {
        Server::of(
            "links",
            &[&[key, ("FOLDER", &*files), ("APP_PREVIOUS_KEYS", "old,,older")], others].concat(),
        )
    };
    let absolute = format!("{ORIGIN}/storage{path}");
    let relative = start(("APP_KEY", "new"), &[]);
    let at_origin = start(("APP_KEY", "new"), &[("ORIGIN", ORIGIN)]);
    let of_symfony = start(("APP_SECRET", "new"), &[("ORIGIN", ORIGIN)]);
    let prefixed = start(("APP_KEY", "new"), &[("PREFIX", "/a/b/")]);
    for (key, status) in [("new", 200), ("old", 200), ("older", 200), ("other", 403), ("old,,older", 403)] {
        for (server, link) in [
            (&relative, laravel_link(key, &format!("/storage{path}"))),
            (&at_origin, laravel_link(key, &absolute)),
            (&of_symfony, symfony_link(key, &format!("{ORIGIN}{path}"))),
            (&prefixed, laravel_link(key, &format!("/a/b{path}"))),
        ] {
            assert_eq!(fetch("GET", &server.url(&link)).status, status, "{link} of {key}");
        }
    }
    // A link is for where it leads.
    for (server, link, status) in [
        (&relative, laravel_link("new", &absolute), 403),
        (&at_origin, laravel_link("new", &format!("/storage{path}")), 403),
        (&prefixed, laravel_link("new", &format!("/storage{path}")), 404),
        (&prefixed, laravel_link("new", &format!("/a/bc{path}")), 404),
    ] {
        assert_eq!(fetch("GET", &server.url(&link)).status, status, "{link}");
    }
}

#[test]
fn what_is_missing_is_named_at_the_start() {
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[], "APP_KEY"),
        (&[("APP_KEY", "a"), ("APP_SECRET", "b")], "APP_SECRET"),
        (&[("APP_SECRET", "b"), ("FOLDER", ".")], "ORIGIN"),
        (&[("APP_SECRET", "b"), ("ORIGIN", "files.example"), ("FOLDER", ".")], "origin"),
        (&[("APP_KEY", "a")], "FOLDER"),
        (&[("APP_KEY", "a"), ("FOLDER", "/nowhere")], "/nowhere"),
    ];
    for (variables, named) in cases {
        let output = not_started(example("links").envs(variables.iter().copied()));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(named), "{error}");
    }
    let help = example("links").arg("--help").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("APP_KEY"));
}
