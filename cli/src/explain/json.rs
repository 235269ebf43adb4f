//! JSON rewritten: the same tokens, with other space and other escapes. The
//! order of names and the form of numbers stay, which a parser would lose.

/// A string in quotes.
pub fn quote(text: &str, escapes_slash: bool, escapes_unicode: bool) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '/' if escapes_slash => quoted.push_str("\\/"),
            '\0'..=' ' if char != ' ' => push_unicode(&mut quoted, char),
            _ if escapes_unicode && !char.is_ascii() => push_unicode(&mut quoted, char),
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

fn push_unicode(text: &mut String, char: char) {
    for unit in char.encode_utf16(&mut [0; 2]) {
        text.push_str(&format!("\\u{unit:04x}"));
    }
}

/// A piece of JSON.
enum Token {
    /// Decoded.
    String(String),
    /// A bracket, a comma or a colon.
    Mark(char),
    /// A number or a word.
    Other(String),
}

/// How to write JSON.
#[derive(Clone, Copy)]
pub struct Style {
    /// Between the colon and the value.
    pub colon: &'static str,
    /// After a comma, on one line.
    pub comma: &'static str,
    /// What each level is indented by; one line without.
    pub indent: Option<&'static str>,
    pub escapes_slash: bool,
    pub escapes_unicode: bool,
}

/// A text rewritten, if it is JSON.
pub fn rewrite(text: &[u8], style: Style) -> Option<Vec<u8>> {
    let text = str::from_utf8(text).ok()?;
    // Whether it is well formed is the parser's to say; what it read is not used.
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let tokens = tokens(text)?;
    let mut written = String::with_capacity(2 * text.len());
    let mut depth = 0_usize;
    let line = |written: &mut String, depth: usize| {
        if let Some(indent) = style.indent {
            written.push('\n');
            (0..depth).for_each(|_| written.push_str(indent));
        }
    };
    for (nth, token) in tokens.iter().enumerate() {
        let is_closed_at_once = matches!(tokens.get(nth + 1), Some(Token::Mark('}' | ']')));
        let was_opened_just_now = nth > 0 && matches!(tokens[nth - 1], Token::Mark('{' | '['));
        match token {
            Token::String(string) => {
                written.push_str(&quote(string, style.escapes_slash, style.escapes_unicode))
            }
            Token::Other(other) => written.push_str(other),
            Token::Mark(mark @ ('{' | '[')) => {
                written.push(*mark);
                depth += 1;
                if !is_closed_at_once {
                    line(&mut written, depth);
                }
            }
            Token::Mark(mark @ ('}' | ']')) => {
                depth = depth.saturating_sub(1);
                if !was_opened_just_now {
                    line(&mut written, depth);
                }
                written.push(*mark);
            }
            Token::Mark(':') => {
                written.push(':');
                written.push_str(style.colon);
            }
            Token::Mark(mark) => {
                written.push(*mark);
                match style.indent {
                    Some(_) => line(&mut written, depth),
                    None => written.push_str(style.comma),
                }
            }
        }
        // Deep nesting would make indentation quadratic.
        if written.len() > LONGEST {
            return None;
        }
    }
    Some(written.into())
}

const LONGEST: usize = 1 << 22;

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let length = string_length(rest)?;
                tokens.push(Token::String(serde_json::from_str(&rest[..length]).ok()?));
                length
            }
            '{' | '}' | '[' | ']' | ',' | ':' => {
                tokens.push(Token::Mark(first));
                1
            }
            _ => {
                let is_end = |char: char| char.is_ascii_whitespace() || "{}[],:\"".contains(char);
                let length = rest.find(is_end).unwrap_or(rest.len());
                tokens.push(Token::Other(rest[..length].to_owned()));
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

/// How long the string is that a text begins with, quotes included.
fn string_length(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(place + 1),
            _ => {}
        }
    }
    None
}

/// A text with other numbers, where they are not in strings.
pub fn numbers(text: &[u8], make: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    let mut rest = str::from_utf8(text).ok()?;
    let mut made = String::with_capacity(rest.len());
    let is_of_number = |char: char| char.is_ascii_digit() || ".eE+-".contains(char);
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit() || first == '-';
        let length = match first {
            '"' => string_length(rest).unwrap_or(rest.len()),
            _ if is_number => rest.find(|char| !is_of_number(char)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (piece, behind) = rest.split_at(length);
        let other = if is_number { make(piece) } else { None };
        made.push_str(other.as_deref().unwrap_or(piece));
        rest = behind;
    }
    Some(made.into())
}

/// A text with the digits of its escapes, `\\u…`, in another case.
pub fn recased_escapes(text: &[u8], recase: fn(&u8) -> u8) -> Vec<u8> {
    let mut recased = text.to_vec();
    for place in 0..text.len() {
        if text[place..].starts_with(br"\u") {
            let digits = place + 2..(place + 6).min(text.len());
            recased[digits.clone()].iter_mut().zip(&text[digits]).for_each(|(to, from)| *to = recase(from));
        }
    }
    recased
}
