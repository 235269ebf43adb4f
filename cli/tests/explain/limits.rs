//! What it takes to explain the worst requests.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::{HOST, common::SECRET, explain, run, secret_of};

/// What a search may spend.
const MOST_MACS: usize = 4_000_000;

/// The bound is a count of MACs, not a time, so that every machine explains the same.
#[test]
fn a_search_ends_after_a_limited_number_of_macs() {
    let signature = "0123456789abcdef".repeat(4);
    let many: String = (0..990).map(|nth| format!("n{nth}=v+{nth}&")).collect();
    for query in [
        "q=red",
        "q=%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%7E+%C3%A9&a[]=x",
        "a=1&b=2&c=3&d=4&e=5&f=6&message_sentiment=1&message_language_code=2&message_socialsignin_id=3",
        &many,
        &format!("q={}", "%C3%A9+".repeat(6000)),
        &"a[][][]=+&amp;%25;?".repeat(300),
    ] {
        let url = format!("https://crm.example:8443/search/?{query}&expires=4102444800&sig={signature}");
        let explained = explain(SECRET, &url);
        assert_eq!(explained.code, 1);
        let before = explained.said.split_once(" MACs computed):").unwrap().0;
        let macs = before.rsplit_once('(').unwrap().1;
        let macs: usize = macs.replace(',', "").parse().unwrap();
        assert!(macs <= MOST_MACS, "{macs} MACs for {}", &url[..100]);
    }
}

/// `ulimit` counts addresses in KiB, of which resident memory is a part.
#[test]
#[cfg(target_os = "linux")]
fn no_request_needs_more_than_100_mb() {
    let signature = "0123456789abcdef".repeat(4);
    let special: String = (b' '..0x7f).filter(|byte| !byte.is_ascii_alphanumeric()).map(char::from).collect();
    let special: String = form_urlencoded::byte_serialize(special.as_bytes()).collect();
    let of = |each: &dyn Fn(usize) -> String, count: usize| -> String {
        (0..count).map(each).collect::<Vec<_>>().join("&")
    };
    let json = |items: usize| format!("[{}]", vec![r#"{"n":"é/ <b>&","x":1.0}"#; items].join(","));
    for (query, body) in [
        (of(&|nth| format!("p{nth}={special}"), 1), None),
        (of(&|nth| format!("p{nth}={special}"), 20), None),
        (of(&|nth| format!("a.b{nth}[x y][]=+%C3%A9"), 300), None),
        (of(&|nth| format!("K{nth}=%20A,1.50,%26amp;O%27Br%2Fien+%C3%A9"), 12), None),
        (of(&|nth| format!("sig={nth:064}"), 300), None),
        (format!("q={}", special.repeat(400)), None),
        (String::new(), Some(json(500))),
        (String::new(), Some(json(38_000))),
        (String::new(), Some(json(400_000))),
    ] {
        let url = format!("https://crm.example/search?{query}&expires=4102444800&sig={signature}");
        let args = if body.is_some() { vec!["--webhook", &signature] } else { vec![&*url] };
        let mut process = Command::new("sh")
            .args(["-c", r#"ulimit -v 97656 && exec "$0" explain "$@""#, env!("CARGO_BIN_EXE_signed-query")])
            .args(args)
            .env("SECRET", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = process.stdin.take().unwrap().write_all(body.unwrap_or_default().as_bytes());
        let output = process.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", url.chars().take(90).collect::<String>());
    }
}

#[test]
fn hostile_input_is_explained_without_a_panic() {
    for url in [
        "",
        "?",
        "&",
        "=",
        "?=&=",
        "%",
        "?%",
        "?sig",
        "?sig[]=1&expires[]=2",
        "https://",
        "://?a=b&sig=c",
        "https://[::1]:99999/?a=1&sig=2",
        "?\u{1b}[31m=\u{7}&sig=\u{202e}&expires=\u{1}1",
        "?é%=%é&sig=é&expires=é",
        "GET",
        "GET /",
        "\"GET /?",
        "https://urldefense.com/v3/__;**!",
        "?a=%u00e9&sig=%",
        "?expires=99999999999999999999999999&sig=0",
        "?expires=18446744073709551615&sig=aa",
        "http://é?é&sig=a=3D",
        "https://a.example/http%3A%2F%2Fé?sig=1",
    ] {
        let explained = run(&secret_of(SECRET), &["--", url], "");
        assert!([0, 1, 2].contains(&explained.code), "{url:?}: {}", explained.said);
        assert!(!explained.said.contains("panicked"), "{url:?}: {}", explained.said);
    }
    let nested = explain(SECRET, &format!("{HOST}?a{}=1", "[]".repeat(65)));
    assert!(nested.said.contains("64 levels") && nested.code == 1, "{}", nested.said);
}
