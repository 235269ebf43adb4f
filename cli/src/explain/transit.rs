//! Undoes what happened to a URL in transit: the closure of `passages`, and its tools.

use super::{
    bytes::hex_pair,
    choice::{Choice, Departure, Side, closure},
    passages::PASSAGES,
};

/// What was done in transit, what to do about it, and the URLs that it may have been before.
pub struct Passage {
    pub cause: &'static str,
    pub change: &'static str,
    pub undo: Undo,
}

pub enum Undo {
    To(fn(&str) -> Option<String>),
    ToAnyOf(fn(&str) -> Vec<String>),
}

/// The URL as it came and as it may have been before, with what happened in between.
pub fn passages(url: &str) -> Vec<Choice<String>> {
    closure(url.to_owned(), MOST_PASSAGES, MANY.min(1 + LARGEST / (1 + url.len())), |url| {
        PASSAGES.iter().flat_map(move |passage| {
            let before = match passage.undo {
                Undo::To(undo) => undo(&url).into_iter().collect(),
                Undo::ToAnyOf(undo) => undo(&url),
            };
            let departure = Departure::new(passage.cause, Side::Way, passage.change);
            let short = before.into_iter().filter(|before| before.len() <= LONGEST);
            short.map(move |before| Choice::departing(before, departure.clone()))
        })
    })
}

/// How many things may have happened to one URL.
const MOST_PASSAGES: usize = 3;
const LONGEST: usize = 1 << 17;
pub const MANY: usize = 60;
/// How many bytes are kept of all URLs.
pub const LARGEST: usize = 1 << 20;

pub fn changed(from: &str, to: &str) -> Option<String> {
    (from != to && !to.is_empty()).then(|| to.to_owned())
}

pub fn decode_all(url: &str, entities: &[&str], plain: &str) -> String {
    entities.iter().fold(url.to_owned(), |url, entity| url.replace(entity, plain))
}

pub fn in_query(url: &str, change: impl Fn(&str) -> String) -> String {
    match url.split_once('?') {
        Some((front, query)) => format!("{front}?{}", change(query)),
        None => change(url),
    }
}

pub fn split_at_escape(url: &str) -> Option<(&str, &str)> {
    url.split_once("%3F").or_else(|| url.split_once("%3f"))
}

/// Decodes escapes that give ASCII.
pub fn unescape(text: &str, escape: &str) -> String {
    let mut parts = text.split(escape);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match hex_pair(part.as_bytes()).filter(u8::is_ascii) {
        Some(byte) => text + &char::from(byte).to_string() + &part[2..],
        None => text + escape + part,
    })
}

/// Decodes escapes that do not give ASCII, if text comes of it.
pub fn unescape_bytes(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = if *first == b'%' { hex_pair(behind).filter(|byte| !byte.is_ascii()) } else { None };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

pub fn escape_beyond(text: &str) -> String {
    let escape =
        |byte: u8| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

/// Undoes quoted-printable. A digit pair after a `=` may be a value as well, so
/// this is for what has `=3D` or a soft line break.
pub fn quoted_printable(url: &str) -> Option<String> {
    let joined = url.replace("=\r\n", "").replace("=\n", "");
    let has_escape = joined.contains("=3D") || joined.contains("=3d");
    if !has_escape && joined == url {
        return None;
    }
    if !has_escape {
        return changed(url, &joined);
    }
    let mut parts = joined.split('=');
    let first = parts.next().unwrap_or_default().to_owned();
    let decoded = parts.fold(first, |text, part| {
        let is_escape = |byte: &u8| byte.is_ascii_punctuation() || *byte == b' ';
        match hex_pair(part.as_bytes()).filter(is_escape) {
            Some(byte) => text + &char::from(byte).to_string() + &part[2..],
            None => text + "=" + part,
        }
    });
    changed(url, &decoded)
}

/// Makes a parameter anew that has no `=`: given what may be its name and the rest. All of
/// them in one URL are made so at once, where each has a known name or one of letters; and
/// else the one at each place where it may be split.
pub fn parameters_anew(url: &str, make: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    const LONGEST_NAME: usize = 24;
    let (front, query) = url.split_once('?').unwrap_or(("", url));
    let joint = if front.is_empty() && !url.starts_with('?') { "" } else { "?" };
    // A URL without a query is none that lost something.
    if !query.contains(['&', '=']) {
        return Vec::new();
    }
    let parts: Vec<&str> = query.split('&').collect();
    let is_odd = |part: &&str| !part.contains('=') && part.len() > 1 && !part.starts_with('/');
    if !parts.iter().any(is_odd) || parts.iter().filter(|part| is_odd(part)).count() > 4 {
        return Vec::new();
    }
    let end_of_name = |part: &str| part.find(|char: char| !char.is_ascii_lowercase() && char != '_');
    let whole = |make_part: &dyn Fn(&str) -> String| {
        format!("{front}{joint}{}", parts.iter().map(|part| make_part(part)).collect::<Vec<_>>().join("&"))
    };
    let at = |part: &str, place: usize| {
        let split = part.split_at_checked(place).filter(|(name, rest)| !name.is_empty() && !rest.is_empty());
        split.and_then(|(name, rest)| make(name, rest)).unwrap_or_else(|| part.to_owned())
    };
    let known = |part: &str| {
        let name = ["expires", "signature", "_expiration", "_hash", "sig"]
            .iter()
            .find(|name| part.starts_with(**name));
        name.map(|name| name.len()).or_else(|| end_of_name(part)).unwrap_or(0)
    };
    let mut made = vec![whole(&|part| if is_odd(&part) { at(part, known(part)) } else { part.to_owned() })];
    if parts.iter().filter(|part| is_odd(part)).count() == 1 {
        made.extend(
            (1..LONGEST_NAME)
                .map(|place| whole(&|part| if is_odd(&part) { at(part, place) } else { part.to_owned() })),
        );
    }
    made.retain(|made| made != url);
    made.dedup();
    made
}
