//! The page in a real browser, framed as the platform frames it.

mod common;

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

use common::{browser::Browser, folder::Folder, server::Server};
use rusqlite::Connection;

/// A web site that frames whatever URL stands behind the first `?` of its own,
/// and tells what it was asked for: request lines with headers.
struct Site {
    origin: String,
    requests: mpsc::Receiver<String>,
}

impl Site {
    /// Serves until the test ends.
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let lines = BufReader::new(&connection).lines().map_while(Result::ok);
                let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                let Some(target) = request.first().and_then(|line| line.split(' ').nth(1)) else {
                    continue; // the browser connects ahead of need
                };
                let framed = target.split_once('?').map_or("", |(_, url)| url).replace('&', "&amp;");
                let page = format!(
                    r#"<!DOCTYPE html><title>Site</title><iframe src="{framed}" width=420 height=640></iframe>"#
                );
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html";
                let _ = write!(connection, "{head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
                if sender.send(request.join("\n")).is_err() {
                    break;
                }
            }
        });
        Self { origin, requests }
    }

    /// The page that frames a URL.
    fn framing(&self, url: &str) -> String {
        format!("{}/frame?{url}", self.origin)
    }

    /// The next request for a path, with its headers in lower case.
    fn request_for(&self, path: &str) -> String {
        loop {
            let request =
                self.requests.recv_timeout(Duration::from_secs(10)).expect("the site was not asked");
            if request.starts_with(&format!("GET {path} ")) {
                return request.to_lowercase();
            }
        }
    }
}

#[test]
fn a_named_origin_may_frame_the_page_and_a_note_can_be_added_there() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let server = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    browser.open(&site.framing(&server.signed_url("/iframe?id=1")));
    browser.enter_frame();
    assert_eq!(browser.text("h1"), "Susan Red");
    assert_ne!(
        browser.run("return getComputedStyle(document.querySelector('header')).borderBottomWidth"),
        "0px"
    );

    browser.find("textarea").type_in("Wants <b>two</b> of them");
    browser.find("button").click();
    let note =
        browser.wait_for("new note", || browser.try_text("article p").filter(|text| text.contains("Wants")));
    assert_eq!(note, "Wants <b>two</b> of them");
    assert!(server.get("/iframe?id=1").body.contains("Wants &lt;b&gt;two"));
}

#[test]
fn another_origin_may_not_frame_the_page() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    for server in [Server::start(), Server::with(&[("FRAME_ANCESTORS", "https://other.example")])] {
        browser.open(&site.framing(&server.signed_url("/iframe?id=1")));
        browser.enter_frame();
        // What the browser shows in its stead is an error of its own.
        let shown = browser.wait_for("refusal", || {
            let address = browser.try_run("return location.href").ok()?;
            (address != "about:blank").then_some(address)
        });
        assert_eq!(shown, "chrome-error://chromewebdata/");
        assert!(
            !browser.run("return document.documentElement.outerHTML").as_str().unwrap().contains("Susan")
        );
    }
}

#[test]
fn markup_in_a_name_is_text() {
    let Some(browser) = Browser::start() else { return };
    let folder = Folder::new("browser-markup");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let name = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">";
    let insert = "INSERT INTO people (id, name) VALUES ('1', ?1)";
    Connection::open(&file).unwrap().execute(insert, [name]).unwrap();
    browser.open(&server.signed_url("/iframe?id=1"));
    assert_eq!(browser.text("h1"), name);
    assert_eq!(browser.run("return document.title"), name);
    assert_eq!(browser.run("return document.querySelectorAll('script, img').length"), 0);
}

#[test]
fn the_link_to_the_crm_sends_no_referrer() {
    let Some(browser) = Browser::start() else { return };
    let (platform, crm) = (Site::start(), Site::start());
    let folder = Folder::new("browser-referrer");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &platform.origin)]);
    let insert = "INSERT INTO people (id, name, crm_url) VALUES ('1', 'Anna', ?1)";
    Connection::open(&file).unwrap().execute(insert, [format!("{}/people/1", crm.origin)]).unwrap();
    browser.open(&platform.framing(&server.signed_url("/iframe?id=1")));
    browser.enter_frame();
    browser.find("a").click();
    let request = crm.request_for("/people/1");
    assert!(!request.contains("referer:") && !request.contains("sig="), "{request}");
    // The same browser does send one where nothing forbids it.
    browser.open(&platform.framing(&format!("{}/control", crm.origin)));
    let request = crm.request_for("/control");
    assert!(request.contains(&format!("referer: {}", platform.origin)), "{request}");
}
