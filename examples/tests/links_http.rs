//! The links example over real sockets: conditional requests and ranges, RFC 9110,
//! sections 13 and 14.

mod common;

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use common::{
    folder::Folder,
    links::{laravel_server, signed},
    server::{Server, now},
};

/// When the file was changed, and times before and after that.
const CHANGED: u64 = 1_500_000_000;
const DATE: &str = "Fri, 14 Jul 2017 02:40:00 GMT";
const BEFORE: &str = "Fri, 14 Jul 2017 02:39:59 GMT";
const AFTER: &str = "Fri, 14 Jul 2017 02:40:01 GMT";

/// A server, a file of ten bytes and a link to it.
struct Digits {
    folder: Folder,
    server: Server,
    link: String,
}

impl Digits {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let server = laravel_server(&folder.file(""));
        let digits = Self { folder, server, link: signed("/storage/digits.txt") };
        digits.write("0123456789", Duration::from_millis(CHANGED * 1000 + 500));
        digits
    }

    fn write(&self, text: &str, changed: Duration) {
        let path = self.folder.file("digits.txt");
        fs::write(&path, text).unwrap();
        File::options().append(true).open(path).unwrap().set_modified(UNIX_EPOCH + changed).unwrap();
    }

    /// The answer to a request with these lines.
    fn ask(&self, method: &str, lines: &str) -> Answer {
        Answer::to(&self.server, method, &self.link, lines)
    }

    /// The entity tag of the file as it is.
    fn tag(&self) -> String {
        let tag = self.ask("GET", "").field("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 2, "no strong entity tag: {tag}");
        tag
    }

    /// Tries lines, in which `TAG` is the file's entity tag, with both methods.
    fn assert_statuses(&self, cases: &[(&str, u16)]) {
        let tag = self.tag();
        for (lines, status) in cases {
            for method in ["GET", "HEAD"] {
                let answer = self.ask(method, &lines.replace("TAG", &tag));
                assert_eq!(answer.status, *status, "{method}, {lines}");
                if *status == 304 {
                    assert_eq!((answer.field("etag"), answer.field("last-modified")), (&*tag, DATE));
                }
                let is_whole = *status == 200 && method == "GET";
                assert_eq!(answer.body, if is_whole { "0123456789" } else { "" }, "{method}, {lines}");
            }
        }
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    fields: Vec<(String, String)>,
    body: String,
}

impl Answer {
    /// Asks on a connection of its own and reads to its end, whatever length is announced.
    fn to(server: &Server, method: &str, target: &str, lines: &str) -> Self {
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

    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

#[test]
fn each_precondition_decides_by_itself() {
    let digits = Digits::new("precondition");
    digits.assert_statuses(&[
        ("", 200),
        ("if-match: TAG", 200),
        ("if-match: *", 200),
        (r#"if-match: "other""#, 412),
        ("if-match: W/TAG", 412), // compared strongly
        (r#"if-match: "a,b" , TAG"#, 200),
        (r#"if-match: "other"|if-match: TAG"#, 200),
        ("if-none-match: TAG", 304),
        ("if-none-match: *", 304),
        (r#"if-none-match: "other""#, 200),
        ("if-none-match: W/TAG", 304), // compared weakly
        (r#"if-none-match: "a,b" , TAG"#, 304),
        (r#"if-none-match: "other"|if-none-match: TAG"#, 304),
        (&format!("if-modified-since: {DATE}"), 304),
        (&format!("if-modified-since: {AFTER}"), 304),
        (&format!("if-modified-since: {BEFORE}"), 200),
        ("if-modified-since: Friday, 14-Jul-17 02:40:00 GMT", 304),
        ("if-modified-since: Fri Jul 14 02:40:00 2017", 304),
        ("if-modified-since: yesterday", 200),
        (&format!("if-modified-since: {DATE}|if-modified-since: {DATE}"), 200), // a list is no date
        (&format!("if-unmodified-since: {DATE}"), 200),
        (&format!("if-unmodified-since: {AFTER}"), 200),
        (&format!("if-unmodified-since: {BEFORE}"), 412),
        ("if-unmodified-since: yesterday", 200),
        (&format!("if-unmodified-since: {BEFORE}|if-unmodified-since: {BEFORE}"), 200),
        // Without a range it decides nothing.
        (r#"if-range: "other""#, 200),
        ("if-range: TAG", 200),
    ]);
}

/// In the order of section 13.2.2, and an entity tag decides over a date.
#[test]
fn of_two_preconditions_the_one_that_counts_decides() {
    let digits = Digits::new("preconditions");
    let old = r#""other""#;
    digits.assert_statuses(&[
        (&format!("if-match: TAG|if-unmodified-since: {BEFORE}"), 200),
        (&format!("if-match: {old}|if-unmodified-since: {AFTER}"), 412),
        (&format!("if-none-match: {old}|if-modified-since: {AFTER}"), 200),
        (&format!("if-none-match: TAG|if-modified-since: {BEFORE}"), 304),
        (&format!("if-modified-since: {BEFORE}|if-none-match: TAG"), 304),
        ("if-match: TAG|if-none-match: TAG", 304),
        (&format!("if-match: TAG|if-none-match: {old}"), 200),
        (&format!("if-match: {old}|if-none-match: TAG"), 412),
        (&format!("if-match: {old}|if-none-match: {old}"), 412),
        (&format!("if-match: TAG|if-modified-since: {AFTER}"), 304),
        (&format!("if-match: {old}|if-modified-since: {AFTER}"), 412),
        (&format!("if-unmodified-since: {BEFORE}|if-none-match: TAG"), 412),
        (&format!("if-unmodified-since: {AFTER}|if-none-match: TAG"), 304),
        (&format!("if-unmodified-since: {BEFORE}|if-modified-since: {DATE}"), 412),
        (&format!("if-unmodified-since: {DATE}|if-modified-since: {DATE}"), 304),
        // They come before the range.
        (&format!("range: bytes=0-1|if-match: {old}"), 412),
        (&format!("range: bytes=0-1|if-unmodified-since: {BEFORE}"), 412),
        ("range: bytes=0-1|if-none-match: TAG", 304),
        (&format!("range: bytes=0-1|if-modified-since: {DATE}"), 304),
        ("range: bytes=20-|if-none-match: TAG", 304),
        ("range: bytes=0-1|if-range: TAG|if-none-match: TAG", 304),
        (&format!("range: bytes=0-1|if-range: TAG|if-match: {old}"), 412),
    ]);
    for (lines, status) in [
        ("if-match: TAG".to_owned(), 206),
        (format!("if-none-match: {old}"), 206),
        (format!("if-modified-since: {BEFORE}"), 206),
        (format!("if-unmodified-since: {DATE}"), 206),
        (format!("if-match: TAG|if-range: {old}"), 200),
        (format!("if-none-match: {old}|if-range: TAG"), 206),
    ] {
        let answer = digits.ask("GET", &format!("range: bytes=0-1|{lines}").replace("TAG", &digits.tag()));
        assert_eq!(answer.status, status, "{lines}");
    }
}

#[test]
fn a_range_is_of_the_file_that_if_range_names_or_else_it_is_whole() {
    let digits = Digits::new("if-range");
    let tag = digits.tag();
    for (validator, is_part) in [
        (&*tag, true),
        (DATE, true),
        (&format!("W/{tag}"), false), // compared strongly
        (r#""other""#, false),
        (&format!("{tag}, \"other\""), false), // it is one
        ("*", false),
        (BEFORE, false),
        (AFTER, false), // compared exactly
        ("Friday, 14-Jul-17 02:40:00 GMT", false),
        ("yesterday", false),
        ("", false),
    ] {
        let part = digits.ask("GET", &format!("range: bytes=2-3|if-range: {validator}"));
        let expected = if is_part { (206, "23") } else { (200, "0123456789") };
        assert_eq!((part.status, &*part.body), expected, "{validator}");
        let behind = digits.ask("GET", &format!("range: bytes=10-|if-range: {validator}"));
        assert_eq!(behind.status, if is_part { 416 } else { 200 }, "{validator}");
    }
}

/// It may change again and still have that date (section 8.8.2.2).
#[test]
fn a_date_does_not_decide_of_a_file_that_was_changed_in_this_second() {
    let digits = Digits::new("this-second");
    let is_whole = (0..100).any(|_| {
        let second = now();
        digits.write("0123456789", Duration::from_secs(second));
        let date = digits.ask("GET", "").field("last-modified").to_owned();
        let answer = digits.ask("GET", &format!("range: bytes=2-3|if-range: {date}"));
        let is_over = now() != second;
        assert!(is_over || answer.status == 200, "{answer:?}");
        !is_over
    });
    assert!(is_whole, "every try took more than a second");
}

#[test]
fn a_download_that_is_resumed_after_a_change_is_whole_again() {
    let digits = Digits::new("resumed");
    let tag = digits.tag();
    let resume = format!("range: bytes=5-|if-range: {tag}");
    let rest = digits.ask("GET", &resume);
    assert_eq!((rest.status, &*rest.body, rest.field("content-range")), (206, "56789", "bytes 5-9/10"));
    // Longer, shorter than what is there already, and of the same length.
    for (age, text) in ["abcdefghijkl", "abc", "abcdefghij"].into_iter().enumerate() {
        digits.write(text, Duration::from_secs(CHANGED + 1 + age as u64));
        let whole = digits.ask("GET", &resume);
        assert_eq!((whole.status, &*whole.body, whole.field("content-range")), (200, text, ""));
        assert_ne!(whole.field("etag"), tag);
    }
    // Another file in its place, changed at the same time but for a nanosecond.
    fs::write(digits.folder.file("new"), "9876543210").unwrap();
    let changed = SystemTime::from(UNIX_EPOCH + Duration::from_nanos(CHANGED * 1_000_000_000 + 500_000_001));
    File::options().append(true).open(digits.folder.file("new")).unwrap().set_modified(changed).unwrap();
    fs::rename(digits.folder.file("new"), digits.folder.file("digits.txt")).unwrap();
    let whole = digits.ask("GET", &resume);
    assert_eq!((whole.status, &*whole.body), (200, "9876543210"));
    fs::remove_file(digits.folder.file("digits.txt")).unwrap();
    assert_eq!(digits.ask("GET", &resume).status, 404);
}

#[test]
fn ranges_are_of_what_is_there() {
    let digits = Digits::new("ranges");
    let tag = digits.tag();
    let whole = (200, "", "0123456789");
    let behind = (416, "bytes */10", "");
    for (range, (status, content_range, body)) in [
        ("bytes=0-0", (206, "bytes 0-0/10", "0")),
        ("bytes=3-5", (206, "bytes 3-5/10", "345")),
        ("bytes=0-9", (206, "bytes 0-9/10", "0123456789")),
        ("bytes=0-", (206, "bytes 0-9/10", "0123456789")),
        ("bytes=03-05", (206, "bytes 3-5/10", "345")),
        ("Bytes=3-5", (206, "bytes 3-5/10", "345")),
        // At the end, and over it.
        ("bytes=9-", (206, "bytes 9-9/10", "9")),
        ("bytes=9-9", (206, "bytes 9-9/10", "9")),
        ("bytes=9-10", (206, "bytes 9-9/10", "9")),
        ("bytes=5-99", (206, "bytes 5-9/10", "56789")),
        ("bytes=5-18446744073709551615", (206, "bytes 5-9/10", "56789")),
        // Behind it.
        ("bytes=10-", behind),
        ("bytes=10-10", behind),
        ("bytes=11-12", behind),
        ("bytes=18446744073709551615-", behind),
        ("bytes=-0", behind),
        // The last so many.
        ("bytes=-1", (206, "bytes 9-9/10", "9")),
        ("bytes=-9", (206, "bytes 1-9/10", "123456789")),
        ("bytes=-10", (206, "bytes 0-9/10", "0123456789")),
        ("bytes=-11", (206, "bytes 0-9/10", "0123456789")),
        ("bytes=-18446744073709551615", (206, "bytes 0-9/10", "0123456789")),
        // Several: a server need not give them, nor refuse.
        ("bytes=0-1,3-4", whole),
        ("bytes=0-1, -1", whole),
        ("bytes=0-5,3-8", whole),
        ("bytes=0-1|range: bytes=3-4", whole),
        ("bytes=0-1,20-", (206, "bytes 0-1/10", "01")),
        ("bytes=10-,20-", behind),
        // No ranges, or none of bytes.
        ("bytes=5-3", whole),
        ("bytes=a-b", whole),
        ("bytes=-", whole),
        ("bytes=--1", whole),
        ("bytes=+1-2", whole),
        ("bytes=1", whole),
        ("bytes=", whole),
        ("bytes", whole),
        ("", whole),
        ("bytes=99999999999999999999-", whole),
        ("pages=1-2", whole),
        ("seconds=20-", whole),
    ] {
        let answer = digits.ask("GET", &format!("range: {range}"));
        let found = (answer.status, answer.field("content-range"), &*answer.body);
        assert_eq!(found, (status, content_range, body), "{range}");
        assert_eq!(answer.field("content-length"), body.len().to_string(), "{range}");
        assert_eq!((answer.field("etag"), answer.field("last-modified")), (&*tag, DATE), "{range}");
        assert_eq!(answer.field("accept-ranges"), "bytes", "{range}");
        let content_type = if status == 416 { "" } else { "text/plain; charset=utf-8" };
        assert_eq!(answer.field("content-type"), content_type, "{range}");
        // Of no other method (section 14.2).
        assert_eq!(digits.ask("HEAD", &format!("range: {range}")).status, 200, "{range}");
    }
    // As many as fit.
    let many = format!("range: bytes={}", vec!["0-0"; 5000].join(","));
    assert_eq!(digits.ask("GET", &many).status, 200);
}

#[test]
fn an_empty_file_has_no_parts() {
    let digits = Digits::new("empty");
    digits.write("", Duration::from_secs(CHANGED));
    for (range, status, content_range) in [
        ("bytes=0-", 416, "bytes */0"),
        ("bytes=0-0", 416, "bytes */0"),
        ("bytes=5-", 416, "bytes */0"),
        ("bytes=-5", 200, ""),
    ] {
        let answer = digits.ask("GET", &format!("range: {range}"));
        assert_eq!(
            (answer.status, answer.field("content-range"), &*answer.body),
            (status, content_range, ""),
            "{range}"
        );
    }
}

/// Players and download managers ask so first.
#[test]
fn head_says_what_get_says_without_the_body() {
    let digits = Digits::new("head");
    let tag = digits.tag();
    let targets = [
        (digits.link.clone(), String::new(), 200),
        (digits.link.clone(), format!("if-none-match: {tag}"), 304),
        (digits.link.clone(), r#"if-match: "other""#.to_owned(), 412),
        (digits.link.replace("signature=", "signature=0"), String::new(), 403),
        ("/storage/digits.txt".to_owned(), String::new(), 400),
        (signed("/storage/missing.txt"), String::new(), 404),
        (signed("/storage/digits.txt?upload=1"), String::new(), 403),
    ];
    for (target, lines, status) in targets {
        let [mut get, mut head] =
            ["GET", "HEAD"].map(|method| Answer::to(&digits.server, method, &target, &lines));
        assert_eq!((get.status, head.status, &*head.body), (status, status, ""), "{target}");
        for answer in [&mut get, &mut head] {
            answer.fields.retain(|(name, _)| name != "date"); // the second may have changed
            // A length of nothing may be left out (section 8.6).
            answer.fields.retain(|field| *field != ("content-length".to_owned(), "0".to_owned()));
            answer.fields.sort();
        }
        assert_eq!(get.fields, head.fields, "{target}");
    }
    assert_eq!(digits.ask("HEAD", "").field("content-length"), "10");
}

/// Text is in UTF-8. What can hold a script may do nothing, nor may what nobody knows.
#[test]
fn each_type_is_named_and_may_do_what_it_needs() {
    let digits = Digits::new("types");
    let nothing = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    let played = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'";
    for (name, content_type, policy) in [
        ("a.txt", "text/plain; charset=utf-8", nothing),
        ("a.csv", "text/csv; charset=utf-8", nothing),
        ("a.css", "text/css; charset=utf-8", nothing),
        ("a.md", "text/markdown; charset=utf-8", nothing),
        ("a.js", "text/javascript; charset=utf-8", nothing),
        ("a.vtt", "text/vtt; charset=utf-8", nothing),
        ("a.ics", "text/calendar; charset=utf-8", nothing),
        ("a.html", "text/html; charset=utf-8", nothing),
        ("a.HTM", "text/html; charset=utf-8", nothing),
        ("a.xml", "text/xml; charset=utf-8", nothing),
        ("a.xsl", "application/xml", nothing),
        ("a.xhtml", "application/xhtml+xml", nothing),
        ("a.rss", "application/rss+xml", nothing),
        ("a.svg", "image/svg+xml", nothing),
        ("a.SVGZ", "image/svg+xml", nothing),
        ("a.json", "application/json", nothing),
        ("a.zip", "application/zip", nothing),
        ("a", "application/octet-stream", nothing),
        ("a.unknown", "application/octet-stream", nothing),
        ("a.png", "image/png", played),
        ("a.JPG", "image/jpeg", played),
        ("a.webp", "image/webp", played),
        ("a.pdf", "application/pdf", played),
        ("a.mp4", "video/mp4", played),
        ("a.webm", "video/webm", played),
        ("a.mp3", "audio/mpeg", played),
        ("a.wav", "audio/wav", played),
    ] {
        fs::write(digits.folder.file(name), "<script>").unwrap();
        let link = signed(&format!("/storage/{name}"));
        for (lines, status) in [("", 200), ("range: bytes=1-2", 206)] {
            let answer = Answer::to(&digits.server, "GET", &link, lines);
            assert_eq!((answer.status, answer.field("content-type")), (status, content_type), "{name}");
            assert_eq!(answer.field("content-security-policy"), policy, "{name}");
        }
    }
}
