//! Random links: origins, routes, parameters and URLs.

use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::queries;

/// Origins as the frameworks write them.
pub fn origin() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "https://app.example",
            "http://localhost",
            "http://localhost:8000",
            "https://xn--bcher-kva.example:8443",
            "http://127.0.0.1:443",
            "https://[::1]",
            "https://a_b.c-d.example",
        ][..],
    )
}

/// Laravel's `APP_KEY`s, and other secrets.
pub fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".to_owned()),
        "[ -~]{1,80}",
        ".{1,20}",
    ]
}

/// Seconds, few of them far from a usual time.
pub fn expires() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![
        1 => Just(None),
        1 => select(&[0, 1, 9, 10, 9_999_999_999, 200_000_000_000][..]).prop_map(Some),
        4 => (1_600_000_000_u64..2_000_000_000).prop_map(Some),
    ]
}

/// The routes in `frameworks.php`.
pub fn route() -> impl Strategy<Value = &'static str> {
    select(&["root", "plain", "item", "two", "opt", "file", "odd"][..])
}

/// Parameters for any of the routes, and more that end up in the query.
pub fn parameters() -> impl Strategy<Value = Value> {
    let path = prop::collection::btree_map(select(&["id", "x", "y", "path"][..]), piece(), 0..5);
    let query = prop::collection::vec((name(), value()), 0..5);
    (path, query).prop_map(|(path, query)| {
        let path = path.into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
        Value::Object(path.chain(query).collect::<Map<_, _>>())
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z_]{1,8}", piece().prop_filter("names a parameter", |name| !name.is_empty())]
}

fn value() -> impl Strategy<Value = Value> {
    let flat = prop_oneof![6 => piece().prop_map(Value::from), 1 => Just(Value::Null), 1 => any::<u16>().prop_map(Value::from)];
    flat.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-c0-9]{1,2}|é|a b", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A piece of text with what has a meaning in URLs.
fn piece() -> impl Strategy<Value = String> {
    let token = select(
        &[
            "a",
            "b",
            "/",
            "/",
            ".",
            "..",
            "?",
            "#",
            "&",
            "=",
            "%",
            "%41",
            "+",
            " ",
            "é",
            "日",
            "😀",
            "[",
            "]",
            "[]",
            "~",
            "*",
            "'",
            "\"",
            "<",
            "\\",
            "|",
            ":",
            "@",
            ";",
            ",",
            "!",
            "1",
            "0",
            "index.php",
            "expires",
            "signature",
            "_hash",
            "\u{7f}",
            "\t",
        ][..],
    );
    prop_oneof!["[a-zA-Z0-9]{0,10}", prop::collection::vec(token, 0..4).prop_map(|tokens| tokens.concat())]
}

/// A path to put behind an origin, of what a URL may hold.
pub fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        4 => "[a-zA-Z0-9._~!$'()*,;:@+-]{0,6}",
        1 => select(&["%C3%A9", "%2F", "%41", "%zz", "%", "..", ".", "index.php", "%69ndex.php", "index.phpx"][..])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(segment, 0..4)
        .prop_map(|segments| segments.iter().map(|segment| format!("/{segment}")).collect())
}

/// A query to sign, as odd as they come.
pub fn query() -> impl Strategy<Value = String> {
    let usual = prop::collection::vec(("[a-zA-Z0-9_]{1,6}", "[a-zA-Z0-9+-]{0,6}"), 0..5).prop_map(|pairs| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    });
    prop_oneof![3 => usual, 1 => queries::odd(), 1 => queries::orderly(), 1 => queries::nested()]
}

/// A URL without its origin.
pub fn target() -> impl Strategy<Value = String> {
    (path(), query())
        .prop_map(|(path, query)| if query.is_empty() { path } else { format!("{path}?{query}") })
}

/// The target with another byte at a place.
pub fn with_byte(target: &str, at: prop::sample::Index, byte: u8) -> Option<String> {
    let mut bytes = target.to_owned().into_bytes();
    let at = at.index(bytes.len());
    if bytes[at] == byte || !bytes[at].is_ascii() {
        return None;
    }
    bytes[at] = byte;
    String::from_utf8(bytes).ok()
}
