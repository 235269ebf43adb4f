//! The links example over real sockets: ranges (RFC 9110, section 14), HEAD, and types.

mod common;

use std::{fs, time::Duration};

use common::links::{Answer, CHANGED, DATE, Digits, signed};

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
        ("a.xsl", "text/xml; charset=utf-8", nothing),
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
