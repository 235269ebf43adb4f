//! The links example over real sockets: conditional requests, RFC 9110, section 13.

mod common;

use std::{
    fs::{self, File},
    thread,
    time::{Duration, UNIX_EPOCH},
};

use common::{
    links::{AFTER, BEFORE, CHANGED, DATE, Digits},
    server::now,
};

/// Tries lines, in which `TAG` is the file's entity tag, with both methods.
fn assert_statuses(digits: &Digits, cases: &[(&str, u16)]) {
    let tag = digits.tag();
    for (lines, status) in cases {
        for method in ["GET", "HEAD"] {
            let answer = digits.ask(method, &lines.replace("TAG", &tag));
            assert_eq!(answer.status, *status, "{method}, {lines}");
            if *status == 304 {
                assert_eq!((answer.field("etag"), answer.field("last-modified")), (&*tag, DATE));
            }
            let is_whole = *status == 200 && method == "GET";
            assert_eq!(answer.body, if is_whole { "0123456789" } else { "" }, "{method}, {lines}");
        }
    }
}

#[test]
fn each_precondition_decides_by_itself() {
    let digits = Digits::new("precondition");
    assert_statuses(
        &digits,
        &[
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
        ],
    );
}

/// In the order of section 13.2.2, and an entity tag decides over a date.
#[test]
fn of_two_preconditions_the_one_that_counts_decides() {
    let digits = Digits::new("preconditions");
    let old = r#""other""#;
    assert_statuses(
        &digits,
        &[
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
        ],
    );
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
    let changed = UNIX_EPOCH + Duration::from_nanos(CHANGED * 1_000_000_000 + 500_000_001);
    File::options().append(true).open(digits.folder.file("new")).unwrap().set_modified(changed).unwrap();
    fs::rename(digits.folder.file("new"), digits.folder.file("digits.txt")).unwrap();
    let whole = digits.ask("GET", &resume);
    assert_eq!((whole.status, &*whole.body), (200, "9876543210"));
    fs::remove_file(digits.folder.file("digits.txt")).unwrap();
    assert_eq!(digits.ask("GET", &resume).status, 404);
}

/// Whenever the change comes.
#[test]
fn a_part_is_of_the_version_that_its_entity_tag_names() {
    let digits = Digits::new("changing");
    let (path, new) = (digits.folder.file("digits.txt"), digits.folder.file("new"));
    thread::scope(|scope| {
        let downloads = scope.spawn(|| {
            for _ in 0..200 {
                let whole = digits.ask("GET", "");
                let rest = digits.ask("GET", &format!("range: bytes=2-|if-range: {}", whole.field("etag")));
                if rest.status == 206 {
                    assert_eq!(rest.field("etag"), whole.field("etag"));
                    assert_eq!(rest.body, whole.body[2..]);
                } else {
                    assert_eq!((rest.status, rest.field("content-range")), (200, ""), "{rest:?}");
                }
            }
        });
        // Versions are put in place whole, and differ in length: the clock of a file system
        // may be slower than this.
        for text in ["aaaaaaaaaa", "bbbbbbbbbbbb"].into_iter().cycle() {
            fs::write(&new, text).unwrap();
            fs::rename(&new, &path).unwrap();
            if downloads.is_finished() {
                break;
            }
        }
    });
}
