//! A web site that frames the page, as the platform does.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

/// Frames whatever URL stands behind the first `?` of its own, and tells what it was asked
/// for: request lines with headers.
pub struct Site {
    pub origin: String,
    requests: mpsc::Receiver<String>,
}

impl Site {
    /// Serves until the test ends: a site that is light or dark as its user prefers.
    pub fn start() -> Self {
        Self::in_colours("light dark")
    }

    /// The same with these colour schemes.
    pub fn in_colours(schemes: &'static str) -> Self {
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
                let page = page(target, schemes);
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
    pub fn framing(&self, url: &str) -> String {
        self.framing_in(420, url)
    }

    /// The same, so many pixels wide.
    pub fn framing_in(&self, width: u32, url: &str) -> String {
        self.framing_in_size([width, 640], url)
    }

    /// The same, so wide and so high.
    pub fn framing_in_size(&self, [width, height]: [u32; 2], url: &str) -> String {
        format!("{}/frame/{width}/{height}?{url}", self.origin)
    }

    /// The next request for a path, with its headers in lower case.
    pub fn request_for(&self, path: &str) -> String {
        loop {
            let request =
                self.requests.recv_timeout(Duration::from_secs(10)).expect("the site was not asked");
            if request.starts_with(&format!("GET {path} ")) {
                return request.to_lowercase();
            }
        }
    }
}

fn page(target: &str, schemes: &str) -> String {
    let (path, url) = target.split_once('?').unwrap_or((target, ""));
    let mut sizes = path.rsplit('/');
    let (height, width) = (sizes.next().unwrap(), sizes.next().unwrap_or_default());
    let framed = url.replace('&', "&amp;");
    format!(
        "<!DOCTYPE html><meta name=color-scheme content='{schemes}'><title>Site</title>\
         <iframe src='{framed}' width='{width}' height='{height}'></iframe>"
    )
}
