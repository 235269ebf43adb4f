//! What the links example gives, in a real browser.

#[path = "../../crm/tests/common/browser.rs"]
#[allow(dead_code, reason = "it is shared")]
mod browser;
mod common;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    sync::mpsc,
    thread,
};

use browser::Browser;
use common::{
    did_not_run,
    folder::{self, Folder},
    links::{laravel_server, signed},
    server::Server,
};
use serde_json::{Value, json};

/// A browser and a server of files.
struct Files {
    browser: Browser,
    server: Server,
    folder: Folder,
}

impl Files {
    /// `None` where there is no browser, which was said then.
    fn start(name: &str) -> Option<Self> {
        let browser = Browser::start()?;
        browser.resize(500, 400);
        let folder = Folder::new(name);
        let server = laravel_server(&folder.file(""));
        Some(Self { browser, server, folder })
    }

    /// Opens a file by its link.
    fn open(&self, name: &str) {
        self.browser.open(&self.server.url(&signed(&format!("/storage/{name}"))));
    }

    fn write_and_open(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder.file(name), content).unwrap();
        self.open(name);
    }

    /// Opens one of `tests/files`.
    fn copy_and_open(&self, name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name);
        self.write_and_open(name, fs::read(file).unwrap());
    }

    /// Waits until a script gives something.
    fn wait_for(&self, what: &str, script: &str) -> Value {
        let script = format!("return {script}");
        self.browser.wait_for(what, || {
            self.browser
                .try_run(&script)
                .ok()
                .filter(|value| !matches!(value, Value::Null | Value::Bool(false)))
        })
    }
}

/// A second of a tone: 8000 samples of a byte.
fn wave() -> Vec<u8> {
    let samples: Vec<u8> = (0..8000).map(|i| if i / 10 % 2 == 0 { 100 } else { 156 }).collect();
    let format =
        [&1_u16.to_le_bytes()[..], &1_u16.to_le_bytes(), &8000_u32.to_le_bytes(), &8000_u32.to_le_bytes()];
    let format = [&format.concat()[..], &1_u16.to_le_bytes(), &8_u16.to_le_bytes()].concat();
    let chunk = |name: &[u8], content: &[u8]| {
        [name, &u32::try_from(content.len()).unwrap().to_le_bytes(), content].concat()
    };
    let chunks = [&b"WAVE"[..], &chunk(b"fmt ", &format), &chunk(b"data", &samples)].concat();
    chunk(b"RIFF", &chunks)
}

#[test]
fn text_is_shown_as_it_was_written() {
    let Some(files) = Files::start("browser-text") else { return };
    for name in ["a.txt", "a.csv", "a.md", "a.json", "a.html", "a.css", "a.xml", "a.svg"] {
        let text = match name.rsplit('.').next().unwrap() {
            "html" => "<!DOCTYPE html><title>Text</title><p>Müller, 3 €, 日本",
            "xml" => "<a>Müller, 3 €, 日本</a>",
            "svg" => "<svg xmlns='http://www.w3.org/2000/svg'><text y='20'>Müller, 3 €, 日本</text></svg>",
            _ => "Müller, 3 €, 日本",
        };
        files.write_and_open(name, text);
        let found = files.wait_for(name, "document.documentElement.textContent");
        assert!(found.as_str().unwrap().contains("Müller, 3 €, 日本"), "{name}: {found}");
        files.browser.screenshot(&format!("links-{name}"));
    }
}

#[test]
fn a_picture_and_a_document_are_shown() {
    let Some(files) = Files::start("browser-shown") else { return };
    files.copy_and_open("picture.png");
    files.wait_for("picture", "document.images.length == 1 && document.images[0].naturalWidth == 32");
    files.browser.screenshot("links-picture");

    files.copy_and_open("invoice.pdf");
    // The viewer, which is no part of the page, names the tab as the document is named.
    files.browser.wait_for("document", || {
        let targets = files.browser.devtools("Target.getTargets", json!({}));
        let mut targets = targets["targetInfos"].as_array().unwrap().iter();
        targets.find(|target| target["type"] == "page" && target["title"] == "An invoice").cloned()
    });
    files.browser.screenshot("links-document");
}

#[test]
fn films_and_sounds_are_played_to_their_end() {
    let Some(files) = Files::start("browser-played") else { return };
    let play = |what: &str| {
        files.wait_for(what, "document.querySelector('video') != null");
        // Whoever has not touched the page may play it only without a sound.
        files.browser.run("let it = document.querySelector('video'); it.muted = true; it.play()");
        files.browser.screenshot(&format!("links-{what}"));
        files.wait_for(what, "document.querySelector('video').ended");
    };
    files.copy_and_open("film.webm");
    play("film");
    assert_eq!(files.browser.run("return document.querySelector('video').videoWidth"), json!(32));
    // From the middle on: the browser asks for a range.
    files.browser.run("document.querySelector('video').currentTime = 1");
    files.wait_for("the middle", "document.querySelector('video').currentTime >= 1");
    files.write_and_open("tone.wav", wave());
    play("tone");
}

/// The URL of another server, and the first line of each request to it. That a browser
/// connects ahead of need is no request.
fn elsewhere() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (mut connection, sender) = (connection.unwrap(), sender.clone());
            thread::spawn(move || {
                if let Some(Ok(line)) = BufReader::new(&connection).lines().next() {
                    let _ = sender.send(line);
                }
                let _ = connection.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            });
        }
    });
    (url, requests)
}

/// It runs no script, loads nothing and sends nothing.
#[test]
fn a_page_may_do_nothing() {
    let Some(files) = Files::start("browser-page") else { return };
    let (url, requests) = elsewhere();
    let script = format!("document.documentElement.setAttribute('class', 'ran'); fetch('{url}')");
    let html = format!(
        "<!DOCTYPE html><title>Page</title><style>p {{ color: green }}</style><p>Text</p>\
         <script>{script}</script><img src='{url}a.png' onerror=\"{script}\"><iframe src='{url}'></iframe>\
         <link rel='stylesheet' href='{url}a.css'><form action='{url}' method='post'><button>Send</button></form>"
    );
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' onload=\"{script}\"><script>{script}</script>\
         <image href='{url}a.png' width='9' height='9'/><text y='20'>Text</text></svg>"
    );
    let xhtml = format!(
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Text</p><script>{script}</script></body></html>"
    );
    let xml = format!("<a>Text<script xmlns='http://www.w3.org/1999/xhtml'>{script}</script></a>");
    for (name, content) in [("a.html", html), ("a.svg", svg), ("a.xhtml", xhtml), ("a.xml", xml)] {
        files.write_and_open(name, content);
        let text = files.wait_for(name, "document.documentElement.textContent");
        assert!(text.as_str().unwrap().contains("Text"), "{name}: {text}");
        assert_eq!(
            files.browser.run("return document.documentElement.getAttribute('class')"),
            Value::Null,
            "{name}"
        );
        assert_eq!(files.browser.run("return self.origin"), json!("null"), "{name}");
        if name == "a.html" {
            files.browser.find("button").click();
            // Styles in the page are its looks, and do nothing.
            let colour = "return getComputedStyle(document.querySelector('p')).color";
            assert_eq!(files.browser.run(colour), json!("rgb(0, 128, 0)"));
        }
        files.browser.screenshot(&format!("links-nothing-{name}"));
    }
    // What is opened by hand arrives, and is the first that does.
    files.browser.open(&format!("{url}by-hand"));
    assert_eq!(requests.recv().unwrap(), "GET /by-hand HTTP/1.1");
}
