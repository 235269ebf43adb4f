//! Other forms of a value: numbers, words, dates, JSON and entities.

use super::json::{Style, rewrite};

pub fn renamed(name: &[u8], bracket: impl Fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let mut parts = name.split(|byte| *byte == b'[');
    let first = parts.next().unwrap_or_default().to_vec();
    let rename = |name, index: &[u8]| [name, bracket(index.strip_suffix(b"]").unwrap_or(index))].concat();
    Some(parts.fold(first, rename))
}

pub fn entities(value: &str, apostrophe: &str) -> String {
    let entities = [("&", "&amp;"), ("\"", "&quot;"), ("'", apostrophe), ("<", "&lt;"), (">", "&gt;")];
    entities.iter().fold(value.to_owned(), |value, (plain, entity)| value.replace(plain, entity))
}

/// A value that is digits, perhaps with a point.
pub fn number(value: &str) -> Option<&str> {
    let is_number =
        value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && value.matches('.').count() < 2;
    (is_number && value.bytes().any(|byte| byte.is_ascii_digit())).then_some(value)
}

pub fn with_decimals(value: &str, count: usize) -> Option<String> {
    let (whole, decimals) = number(value)?.split_once('.').unwrap_or((value, ""));
    (decimals.len() < count).then(|| format!("{whole}.{decimals:0<count$}"))
}

pub fn word(value: &str, words: &[(&str, &str)]) -> Option<String> {
    words.iter().find(|(from, _)| *from == value).map(|(_, to)| (*to).to_owned())
}

pub fn json(
    value: &str,
    colon: &'static str,
    comma: &'static str,
    escapes_slash: bool,
    escapes_unicode: bool,
) -> Option<String> {
    let is_json = value.starts_with(['{', '[']);
    let style = Style { colon, comma, indent: None, escapes_slash, escapes_unicode };
    is_json.then(|| rewrite(value.as_bytes(), style)).flatten().and_then(|json| String::from_utf8(json).ok())
}

/// A date and a time of day with a space between.
pub fn date(value: &str) -> Option<[&str; 2]> {
    let (day, time) = value.split_once(' ')?;
    (day.len() == 10 && time.len() == 8 && day.contains('-') && time.contains(':')).then_some([day, time])
}
