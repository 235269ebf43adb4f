//! The example `links` with links of Laravel's, and a file whose age is known.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, UNIX_EPOCH},
};

use signed_query::{Key, laravel};

use super::{
    folder::Folder,
    server::{Server, now},
};

pub const APP_KEY: &str = "base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A server of a folder's files.
pub fn laravel_server(folder: &str) -> Server {
    Server::of("links", &[("APP_KEY", APP_KEY), ("FOLDER", folder)])
}

/// A relative link, good for a minute.
pub fn signed(path: &str) -> String {
    laravel::sign(&Key::new(APP_KEY).unwrap(), path, Some(now() + 60)).unwrap()
}

/// When the file was changed, and times before and after that.
pub const CHANGED: u64 = 1_500_000_000;
pub const DATE: &str = "Fri, 14 Jul 2017 02:40:00 GMT";
pub const BEFORE: &str = "Fri, 14 Jul 2017 02:39:59 GMT";
pub const AFTER: &str = "Fri, 14 Jul 2017 02:40:01 GMT";

/// A server, a text file of ten bytes and a link to it.
pub struct Digits {
    pub folder: Folder,
    pub server: Server,
    pub link: String,
}

impl Digits {
    pub fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let server = laravel_server(&folder.file(""));
        let digits = Self { folder, server, link: signed("/storage/digits.txt") };
        digits.write("0123456789", Duration::from_millis(CHANGED * 1000 + 500));
        digits
    }

    pub fn write(&self, text: &str, changed: Duration) {
        let path = self.folder.file("digits.txt");
        fs::write(&path, text).unwrap();
        File::options().append(true).open(path).unwrap().set_modified(UNIX_EPOCH + changed).unwrap();
    }

    /// The answer to a request with these lines.
    pub fn ask(&self, method: &str, lines: &str) -> Answer {
        Answer::to(&self.server, method, &self.link, lines)
    }

    /// The entity tag of the file as it is.
    pub fn tag(&self) -> String {
        let tag = self.ask("GET", "").field("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 2, "no strong entity tag: {tag}");
        tag
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub fields: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// Asks with these lines, which `|` separates, on a connection of its own, and reads to its
    /// end, whatever length is announced.
    pub fn to(server: &Server, method: &str, target: &str, lines: &str) -> Self {
        let mut connection = TcpStream::connect(server.address).unwrap();
        let lines: String =
            lines.split('|').filter(|line| !line.is_empty()).map(|line| format!("{line}\r\n")).collect();
        write!(connection, "{method} {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{lines}\r\n")
            .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let fields = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { status, fields, body: body.to_owned() }
    }

    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}
