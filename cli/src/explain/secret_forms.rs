//! What signers and servers do to secrets.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};

use super::{
    bytes::{decode, replace},
    choice::Side,
};

/// What may have been made of a secret. In `cause`, `{}` is the variable's name.
pub struct Form {
    pub cause: &'static str,
    pub side: Side,
    pub make: fn(&[u8]) -> Option<Vec<u8>>,
}

pub const fn server(cause: &'static str, make: fn(&[u8]) -> Option<Vec<u8>>) -> Form {
    Form { cause, side: Side::Server, make }
}

pub const fn signer(cause: &'static str, make: fn(&[u8]) -> Option<Vec<u8>>) -> Form {
    Form { cause, side: Side::Signer, make }
}

/// What signers and servers do to secrets, two of which may come together.
pub const FORMS: &[Form] = &[
    server("{} has white space at its end, but the signer's secret does not", |s| {
        Some(s.trim_ascii_end().into())
    }),
    server("{} has white space at its start, but the signer's secret does not", |s| {
        Some(s.trim_ascii_start().into())
    }),
    server("{} has white space at both ends, but the signer's secret does not", |s| {
        Some(s.trim_ascii().into())
    }),
    server("{} has a byte order mark at its start, but the signer's secret does not", |s| {
        s.strip_prefix(BOM).map(Into::into)
    }),
    server("{} is in quotes, but the signer's secret is not", |s| match s {
        [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] | [b'`', inside @ .., b'`'] => {
            Some(inside.into())
        }
        _ => None,
    }),
    server("{} begins with a variable's name and `=`, but the signer's secret does not", |s| {
        let equals = s.iter().position(|byte| *byte == b'=')?;
        let is_name = s[..equals].iter().all(|byte| byte.is_ascii_alphanumeric() || b"_ ".contains(byte));
        (equals > 0 && is_name).then(|| s[equals + 1..].into())
    }),
    server("{} ends in a line ending written as `\\n`, but the signer's secret does not", |s| {
        s.strip_suffix(br"\n").map(Into::into)
    }),
    server("{} has backslashes, but the signer's secret does not", |s| {
        Some(s.iter().copied().filter(|byte| *byte != b'\\').collect())
    }),
    signer("the signer's secret has white space at its end (a line ending), but {} does not", |s| {
        behind(s, b"\n")
    }),
    signer("the signer's secret has white space at its end (a line ending, CR LF), but {} does not", |s| {
        behind(s, b"\r\n")
    }),
    signer("the signer's secret has white space at its end (a carriage return), but {} does not", |s| {
        behind(s, b"\r")
    }),
    signer("the signer's secret has white space at its end (a space), but {} does not", |s| behind(s, b" ")),
    signer("the signer's secret has white space at its end (a tab), but {} does not", |s| behind(s, b"\t")),
    signer("the signer's secret has white space at its start (a space), but {} does not", |s| front(b" ", s)),
    signer("the signer's secret has white space at its start (a line ending), but {} does not", |s| {
        front(b"\n", s)
    }),
    signer("the signer's secret has white space at its start (a tab), but {} does not", |s| front(b"\t", s)),
    signer("the signer's secret has white space at both ends (spaces), but {} does not", |s| around(b" ", s)),
    signer("the signer's secret has a byte order mark at its start, but {} does not", |s| front(BOM, s)),
    signer("the signer's secret has a byte order mark at its end, but {} does not", |s| behind(s, BOM)),
    signer("the signer's secret is in quotes (\"), but {} is not", |s| around(b"\"", s)),
    signer("the signer's secret is in quotes ('), but {} is not", |s| around(b"'", s)),
    signer("the signer's secret is in quotes (`), but {} is not", |s| around(b"`", s)),
    signer("the signer's secret has a quote (\") at its end, but {} does not", |s| behind(s, b"\"")),
    signer("the signer's secret has a quote (\") at its start, but {} does not", |s| front(b"\"", s)),
    signer("the signer's secret has `&` at its end, as OAuth 1 adds it, but {} does not", |s| {
        behind(s, b"&")
    }),
    server("{} has `&` at its end, as OAuth 1 adds it, but the signer's secret does not", |s| {
        s.strip_suffix(b"&").map(Into::into)
    }),
    signer("the signer's secret has an invisible character (U+200B) at its end, but {} does not", |s| {
        behind(s, "\u{200b}".as_bytes())
    }),
    signer("the signer's secret has an invisible character (U+200B) at its start, but {} does not", |s| {
        front("\u{200b}".as_bytes(), s)
    }),
    signer("the signer's secret has white space at its end (a no-break space), but {} does not", |s| {
        behind(s, "\u{a0}".as_bytes())
    }),
    signer("the signer's secret has an invisible character (a NUL) at its end, but {} does not", |s| {
        behind(s, b"\0")
    }),
    server("{} has an invisible character, but the signer's secret does not", |s| {
        let is_unseen = |char: &char| matches!(char, '\u{ad}' | '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\0');
        Some(str::from_utf8(s).ok()?.chars().filter(|char| !is_unseen(char)).collect::<String>().into())
    }),
    server(
        "{} has a dash that was made typographic (`–` for `-`), but the signer's secret does not",
        |s| {
            let plain =
                |char| if ('\u{2010}'..='\u{2015}').contains(&char) || char == '−' { '-' } else { char };
            Some(str::from_utf8(s).ok()?.chars().map(plain).collect::<String>().into())
        },
    ),
    server("{} has quotes that were made typographic, but the signer's secret does not", |s| {
        let plain = |char| match char {
            '‘' | '’' | '‚' => '\'',
            '“' | '”' | '„' => '"',
            other => other,
        };
        Some(str::from_utf8(s).ok()?.chars().map(plain).collect::<String>().into())
    }),
    signer("a dash in the signer's secret was made typographic (`–`), but {} has `-`", |s| dashed(s, "–")),
    signer("a dash in the signer's secret was made typographic (`—`), but {} has `-`", |s| dashed(s, "—")),
    signer("a dash in the signer's secret was made typographic (a hyphen, U+2010), but {} has `-`", |s| {
        dashed(s, "‐")
    }),
    signer("a dash in the signer's secret was made typographic (U+2011), but {} has `-`", |s| {
        dashed(s, "\u{2011}")
    }),
    signer(
        "a dash in the signer's secret was made typographic (a minus sign, U+2212), but {} has `-`",
        |s| dashed(s, "−"),
    ),
    signer("each `$` is written twice (`$$`) in the signer's secret, but once in {}", |s| doubled(s, b"$")),
    server("each `$` is written twice (`$$`) in {}, but once in the signer's secret", |s| {
        Some(replace(s, b"$$", b"$"))
    }),
    signer("each `%` is written twice (`%%`) in the signer's secret, but once in {}", |s| doubled(s, b"%")),
    server("each `%` is written twice (`%%`) in {}, but once in the signer's secret", |s| {
        Some(replace(s, b"%%", b"%"))
    }),
    signer("the signer's secret has a backslash before `!` (`\\!`), but {} does not", |s| {
        Some(replace(s, b"!", br"\!"))
    }),
    signer("the signer's secret has a backslash before `$` (`\\$`), but {} does not", |s| {
        Some(replace(s, b"$", br"\$"))
    }),
    signer("the signer's secret has `\\n` at its end, as two characters, but {} does not", |s| {
        behind(s, br"\n")
    }),
    signer("the signer's secret has a backslash before each special character, but {} does not", |s| {
        let escape = |byte: &u8| match byte.is_ascii_punctuation() {
            true => vec![b'\\', *byte],
            false => vec![*byte],
        };
        Some(s.iter().flat_map(escape).collect())
    }),
    signer("the signer decodes the secret from hex, but the server uses {} as text", |s| hex::decode(s).ok()),
    signer("the signer decodes the secret from base64, but the server uses {} as text", from_base64),
    signer("the signer decodes the secret after `base64:`, but the server uses {} as text", |s| {
        from_base64(s.strip_prefix(b"base64:")?)
    }),
    server("{} begins with `base64:`, but the signer's secret does not", |s| {
        s.strip_prefix(b"base64:").map(Into::into)
    }),
    signer("the signer's secret begins with `base64:`, but {} does not", |s| front(b"base64:", s)),
    signer("the signer uses the hex of the secret, but the server uses {} as it is", |s| {
        Some(hex::encode(s).into())
    }),
    signer("the signer uses the upper-case hex of the secret, but the server uses {} as it is", |s| {
        Some(hex::encode_upper(s).into())
    }),
    signer("the signer uses the base64 of the secret, but the server uses {} as it is", |s| {
        Some(BASE64_STANDARD.encode(s).into())
    }),
    signer(
        "the signer uses the base64 of the secret without padding, but the server uses {} as it is",
        |s| Some(BASE64_STANDARD_NO_PAD.encode(s).into()),
    ),
    signer("the signer uses the base64url of the secret, but the server uses {} as it is", |s| {
        Some(BASE64_URL_SAFE.encode(s).into())
    }),
    signer(
        "the signer uses the base64url of the secret without padding, but the server uses {} as it is",
        |s| Some(BASE64_URL_SAFE_NO_PAD.encode(s).into()),
    ),
    signer("the signer decodes escapes (`%…`) in the secret, but the server uses {} as it is", |s| {
        Some(decode(s, true))
    }),
    signer("the signer escapes the secret as in a URL, but the server uses {} as it is", |s| {
        Some(form_urlencoded::byte_serialize(s).collect::<String>().into())
    }),
    signer("the signer's secret is in lower case, but {} is not", |s| Some(s.to_ascii_lowercase())),
    signer("the signer's secret is in upper case, but {} is not", |s| Some(s.to_ascii_uppercase())),
    signer("the signer's secret begins with a capital, but {} does not", |s| {
        let (first, rest) = s.split_first()?;
        Some([&[first.to_ascii_uppercase()], rest].concat())
    }),
    signer("the signer's secret begins with a lower-case letter, but {} does not", |s| {
        let (first, rest) = s.split_first()?;
        Some([&[first.to_ascii_lowercase()], rest].concat())
    }),
    signer("the signer's secret has the upper and lower case of {} swapped", |s| {
        let swap = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
        Some(s.iter().map(swap).collect())
    }),
];

pub const BOM: &[u8] = "\u{feff}".as_bytes();

pub fn behind(secret: &[u8], end: &[u8]) -> Option<Vec<u8>> {
    Some([secret, end].concat())
}

pub fn front(start: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    Some([start, secret].concat())
}

pub fn around(quote: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    Some([quote, secret, quote].concat())
}

pub fn dashed(secret: &[u8], dash: &str) -> Option<Vec<u8>> {
    Some(replace(secret, b"-", dash.as_bytes()))
}

pub fn doubled(secret: &[u8], sign: &[u8]) -> Option<Vec<u8>> {
    Some(replace(secret, sign, &[sign, sign].concat()))
}

pub fn up_to(secret: &[u8], end: u8) -> Option<Vec<u8>> {
    let end = secret.iter().position(|byte| *byte == end)?;
    (end > 0).then(|| secret[..end].into())
}

pub fn from_base64(secret: &[u8]) -> Option<Vec<u8>> {
    let engines = [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD];
    engines.iter().find_map(|engine| engine.decode(secret).ok()).filter(|decoded| !decoded.is_empty())
}
