//! The wrappers that link scanners and redirectors put around a URL.

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{
    bytes::decode,
    choice::{Departure, Side},
};

pub const WRAPPED: &str = "a link scanner or redirector wrapped the URL in one of its own";
pub const UNWRAP: &str = "exempt these URLs from the link scanner, or call the wrapped URL";

pub fn departure() -> Departure {
    Departure::new(WRAPPED, Side::Way, UNWRAP)
}

/// The URL inside, if there is one.
pub fn unwrap(url: &str) -> Option<String> {
    urldefense_3(url)
        .or_else(|| urldefense_2(url))
        .or_else(|| in_parameter(url))
        .or_else(|| in_path(url))
        .filter(|inner| inner != url && inner.contains(['?', '=']))
}

/// A parameter that holds a whole URL (Safe Links' `url`, Google's `q`, Facebook's
/// `u`), escaped or in base64. It is not the signer's, if the URL inside has a
/// query and the one around it is no signed one.
fn in_parameter(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    query.split('&').find_map(|parameter| {
        let (_, value) = parameter.split_once('=')?;
        let value = String::from_utf8(decode(value.as_bytes(), false)).ok()?;
        let value = match BASE64_STANDARD_NO_PAD.decode(value.trim_end_matches('=')) {
            Ok(bytes) if bytes.starts_with(b"http") => String::from_utf8(bytes).ok()?,
            _ => value,
        };
        is_url(&value).then_some(value)
    })
}

/// A URL after another one in its path, as archives and some scanners write it.
fn in_path(url: &str) -> Option<String> {
    let behind = url.get(1..)?;
    let starts =
        ["https://", "http://", "https%3A%2F%2F", "http%3A%2F%2F", "https%3a%2f%2f", "http%3a%2f%2f"];
    let query = url.find('?').unwrap_or(url.len());
    let start = starts.iter().filter_map(|start| behind.find(start)).min().filter(|start| *start < query)?;
    is_url(url).then_some(())?;
    let inner = &behind[start..];
    let decoded = match inner.contains("://") {
        true => inner.to_owned(),
        false => String::from_utf8(decode(inner.as_bytes(), false)).ok()?,
    };
    let decoded = decoded.split("___").next().unwrap_or_default().to_owned();
    is_url(&decoded).then_some(decoded)
}

/// Proofpoint's second form: `-` for `%` and `_` for `/` in the parameter `u`.
fn urldefense_2(url: &str) -> Option<String> {
    if !url.contains("urldefense") {
        return None;
    }
    let (_, query) = url.split_once("?u=").or_else(|| url.split_once("&u="))?;
    let value = query.split('&').next().unwrap_or_default();
    let value = value.replace('-', "%").replace('_', "/");
    String::from_utf8(decode(value.as_bytes(), false)).ok().filter(|url| is_url(url))
}

/// Proofpoint's third form, `/v3/__URL__;BASE64!!…`: each `*` stands for a character
/// of those in base64, and `**` with a letter after it for several.
fn urldefense_3(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("/v3/__")?;
    let (inner, rest) = rest.rsplit_once("__;")?;
    let replaced = rest.split('!').next().unwrap_or_default();
    let replaced = BASE64_URL_SAFE_NO_PAD.decode(replaced.trim_end_matches('=')).ok()?;
    let replaced = String::from_utf8(replaced).ok()?;
    let mut characters = replaced.chars();
    let mut original = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(char) = rest.next() {
        if char != '*' {
            original.push(char);
        } else if rest.as_str().starts_with('*') {
            const LENGTHS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            rest.next();
            let length = 2 + LENGTHS.find(rest.next()?)?;
            original.extend(characters.by_ref().take(length));
        } else {
            original.push(characters.next().unwrap_or('*'));
        }
    }
    Some(original.replacen(":/", "://", 1).replacen(":///", "://", 1))
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
