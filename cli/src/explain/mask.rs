//! Hides secrets in the output, as they are and as URLs, JSON and HTML spell them.

use super::{choice::show, json::quote};

/// A shorter one may be a part of any text.
const SHORTEST: usize = 6;

/// A text with `[secret]` in place of each secret, however its characters are spelled.
pub fn masked(text: &str, secrets: &[&[u8]]) -> String {
    let secrets: Vec<Vec<Vec<String>>> = secrets
        .iter()
        .filter(|secret| secret.len() >= SHORTEST)
        .map(|secret| String::from_utf8_lossy(secret).chars().map(spellings).collect())
        .collect();
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // The longest one, where one secret begins with another.
        match secrets.iter().filter_map(|secret| length(rest, secret)).max() {
            Some(length) => {
                masked.push_str("[secret]");
                rest = &rest[length..];
            }
            None => {
                masked.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    masked
}

/// How long the secret is that a text begins with.
fn length(text: &str, secret: &[Vec<String>]) -> Option<usize> {
    let mut rest = text.as_bytes();
    for spellings in secret {
        // In escapes, the case of digits makes no difference.
        let is_it = |spelling: &&String| match spelling.len() {
            1 => rest.starts_with(spelling.as_bytes()),
            length => rest.get(..length).is_some_and(|start| start.eq_ignore_ascii_case(spelling.as_bytes())),
        };
        rest = &rest[spellings.iter().find(is_it)?.len()..];
    }
    Some(text.len() - rest.len())
}

/// The ways to write a character, the long ones first.
fn spellings(char: char) -> Vec<String> {
    let plain = char.to_string();
    let escaped: String = plain.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let units: String = char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    let quoted = [false, true].map(|escapes| quote(&plain, escapes, escapes));
    let mut all = vec![
        escaped.replace('%', "%25"),
        escaped,
        units,
        format!("&#{};", u32::from(char)),
        format!("&#0{};", u32::from(char)),
        format!("&#x{:x};", u32::from(char)),
        show(plain.as_bytes()),
        plain,
    ];
    all.extend(quoted.map(|quoted| quoted[1..quoted.len() - 1].to_owned()));
    all.extend(match char {
        ' ' => vec!["+".to_owned()],
        '&' => vec!["&amp;".to_owned()],
        '<' => vec!["&lt;".to_owned()],
        '>' => vec!["&gt;".to_owned()],
        '"' => vec!["&quot;".to_owned()],
        '\'' => vec!["&apos;".to_owned(), r"\'".to_owned()],
        _ => Vec::new(),
    });
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    all
}
