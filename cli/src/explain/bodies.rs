//! What a webhook's hash may have been made from, if not from the body that came.

use std::io::Read;

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;

use super::{
    bytes::{decode, replace},
    choice::{Choice, Departure, MOST, Side, closure},
    json::{Style, numbers, recased_escapes, rewrite},
};

type Before = fn(&[u8]) -> Option<Vec<u8>>;

const KEEP: &str = "verify the raw body, byte for byte as received, before anything parses it";
const HASH_SENT: &str = "hash exactly the bytes that are sent as the body";

const fn compact(escapes_slash: bool, escapes_unicode: bool) -> Style {
    Style { colon: "", comma: "", indent: None, escapes_slash, escapes_unicode }
}

const fn pretty(indent: &'static str, escapes_slash: bool, escapes_unicode: bool) -> Style {
    Style { colon: " ", comma: "", indent: Some(indent), escapes_slash, escapes_unicode }
}

/// What was hashed, for the body that came.
const CHANGES: &[(Side, &str, Before)] = &[
    (Side::Way, "a line ending was added to the body in transit", |body| {
        body.strip_suffix(b"\n").map(Into::into)
    }),
    (Side::Way, "a line ending (CR LF) was added to the body in transit", |body| {
        body.strip_suffix(b"\r\n").map(Into::into)
    }),
    (Side::Way, "the line ending of the body was lost in transit", |body| Some([body, b"\n"].concat())),
    (Side::Way, "the line ending (CR LF) of the body was lost in transit", |body| {
        Some([body, b"\r\n"].concat())
    }),
    (Side::Way, "white space was added around the body in transit", |body| Some(body.trim_ascii().into())),
    (Side::Way, "the line endings in the body changed from LF to CR LF in transit", |body| {
        Some(replace(body, b"\r\n", b"\n"))
    }),
    (Side::Way, "the line endings in the body changed from CR LF to LF in transit", |body| {
        Some(replace(&replace(body, b"\r\n", b"\n"), b"\n", b"\r\n"))
    }),
    (Side::Way, "a byte order mark was added in front of the body in transit", |body| {
        body.strip_prefix(BOM).map(Into::into)
    }),
    (Side::Way, "the byte order mark in front of the body was lost in transit", |body| {
        Some([BOM, body].concat())
    }),
    (Side::Way, r"escapes in the JSON changed from upper case (`\u00E9`) to lower case in transit", |body| {
        Some(recased_escapes(body, u8::to_ascii_uppercase))
    }),
    (Side::Way, r"escapes in the JSON changed from lower case (`\u00e9`) to upper case in transit", |body| {
        Some(recased_escapes(body, u8::to_ascii_lowercase))
    }),
    (Side::Way, "the JSON was rewritten in transit; it was compact", |body| {
        rewrite(body, compact(false, false))
    }),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was as PHP's json_encode writes it, with escaped slashes (`\\/`) and escaped characters (`\\u…`)",
        |body| rewrite(body, compact(true, true)),
    ),
    (Side::Way, "the JSON was rewritten in transit; it was compact, with escaped slashes (`\\/`)", |body| {
        rewrite(body, compact(true, false))
    }),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was compact, with escaped characters (unicode, `\\u…`)",
        |body| rewrite(body, compact(false, true)),
    ),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was as Python's json.dumps writes it, with spaces and escaped characters (`\\u…`)",
        |body| {
            rewrite(
                body,
                Style { colon: " ", comma: " ", indent: None, escapes_slash: false, escapes_unicode: true },
            )
        },
    ),
    (Side::Way, "the JSON was rewritten in transit; it had a space after each comma and colon", |body| {
        rewrite(
            body,
            Style { colon: " ", comma: " ", indent: None, escapes_slash: false, escapes_unicode: false },
        )
    }),
    (Side::Way, "the JSON was rewritten in transit; it was pretty printed, with four spaces", |body| {
        rewrite(body, pretty("    ", false, false))
    }),
    (Side::Way, "the JSON was rewritten in transit; it was pretty printed, with two spaces", |body| {
        rewrite(body, pretty("  ", false, false))
    }),
    (Side::Way, "the JSON was rewritten in transit; it was pretty printed, with tabs", |body| {
        rewrite(body, pretty("\t", false, false))
    }),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was pretty printed by PHP, with escaped slashes (`\\/`) and escaped characters (`\\u…`)",
        |body| rewrite(body, pretty("    ", true, true)),
    ),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was pretty printed, with escaped characters (`\\u…`)",
        |body| rewrite(body, pretty("  ", false, true)),
    ),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was pretty printed, with four spaces and escaped characters (`\\u…`)",
        |body| rewrite(body, pretty("    ", false, true)),
    ),
    (
        Side::Way,
        "the JSON was rewritten in transit; it was pretty printed by PHP, with escaped slashes (`\\/`)",
        |body| rewrite(body, pretty("    ", true, false)),
    ),
    (Side::Way, "the JSON was rewritten in transit; its names were sorted", |body| {
        let mut value: serde_json::Value = serde_json::from_slice(body).ok()?;
        value.sort_all_objects();
        serde_json::to_vec(&value).ok()
    }),
    (Side::Way, "slashes in the body were escaped (`\\/`), but no longer are", |body| {
        Some(replace(body, b"/", b"\\/"))
    }),
    (Side::Way, "slashes in the body were not escaped, but now are (`\\/`)", |body| {
        Some(replace(body, b"\\/", b"/"))
    }),
    (Side::Way, "the body was form-decoded (`%…`, `+`) in transit", |body| {
        Some(form_urlencoded::byte_serialize(body).collect::<String>().into())
    }),
    (Side::Way, "the body was form-encoded (`%…`, `+`) in transit", |body| Some(decode(body, true))),
    (Side::Way, "the body was put into a field of a form in transit", |body| {
        let equals = body.iter().position(|byte| *byte == b'=').filter(|equals| *equals < 40)?;
        Some(decode(&body[equals + 1..], true))
    }),
    (Side::Way, "the body's characters were encoded as UTF-8 twice in transit", |body| {
        str::from_utf8(body).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
    }),
    (Side::Way, "the body was sent in Latin-1, but hashed in UTF-8", |body| {
        Some(body.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    (Side::Way, "the body was quoted as a JSON string in transit", |body| {
        serde_json::from_slice::<String>(body).ok().map(Into::into)
    }),
    (Side::Way, "numbers in the JSON lost their `.0` in transit (`1.0` became `1`)", |body| {
        numbers(body, |number| {
            number.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{number}.0"))
        })
    }),
    (Side::Way, "whole numbers in the JSON gained a `.0` in transit (`1` became `1.0`)", |body| {
        numbers(body, |number| number.strip_suffix(".0").map(Into::into))
    }),
    (Side::Way, "trailing zeros of numbers in the JSON were lost in transit (`2.50` became `2.5`)", |body| {
        numbers(body, |number| number.contains('.').then(|| format!("{number}0")))
    }),
    (Side::Way, "entities in the body were decoded in transit (`&amp;` became `&`)", |body| {
        Some(ENTITIES.iter().fold(body.to_vec(), |body, (plain, entity)| replace(&body, plain, entity)))
    }),
    (Side::Way, "quotes in the body were entities (`&quot;`, `&#039;`), but no longer are", |body| {
        Some(replace(&replace(body, br#"\""#, b"&quot;"), b"'", b"&#039;"))
    }),
    (Side::Way, "entities were put into the body in transit (`&` became `&amp;`)", |body| {
        let plain =
            ENTITIES.iter().rev().fold(body.to_vec(), |body, (plain, entity)| replace(&body, entity, plain));
        Some(replace(&replace(&plain, b"&#039;", b"'"), b"&quot;", br#"\""#))
    }),
    (Side::Way, "the body is still compressed (gzip), but the hash is of its content", |body| {
        body.starts_with(&[0x1f, 0x8b]).then_some(())?;
        let mut content = Vec::new();
        GzDecoder::new(body).take(2 * LONGEST as u64 + 1).read_to_end(&mut content).ok()?;
        Some(content)
    }),
    (Side::Signer, "the hash is of the body quoted as a JSON string", |body| {
        Some(super::json::quote(str::from_utf8(body).ok()?, false, false).into())
    }),
    (Side::Signer, "the hash is of the base64 of the body", |body| Some(BASE64_STANDARD.encode(body).into())),
    (Side::Signer, "the body is base64, but the hash is of what it encodes", |body| {
        BASE64_STANDARD.decode(body.trim_ascii()).ok()
    }),
    (Side::Signer, "the hash is of the hex of the body", |body| Some(hex::encode(body).into())),
    (Side::Signer, "the hash is of an empty body", |_| Some(Vec::new())),
    (Side::Signer, "the hash is of `{}`, an empty object", |_| Some(b"{}".into())),
    (Side::Signer, "the hash is of `[]`, an empty array", |_| Some(b"[]".into())),
    (Side::Signer, "the hash is of the word `null`", |_| Some(b"null".into())),
    (Side::Signer, "the hash is of the text `[object Object]`", |_| Some(b"[object Object]".into())),
];

/// What HTML writes for what JSON leaves alone.
const ENTITIES: [(&[u8], &[u8]); 3] = [(b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;")];

const BOM: &[u8] = "\u{feff}".as_bytes();

/// All bodies that may have been hashed; the one that came is first.
pub fn bodies(body: &[u8]) -> Vec<Choice<Vec<u8>>> {
    let most = match body.len() {
        ..SHORT => MOST,
        SHORT..LONGEST => 1,
        _ => 0,
    };
    closure(body.to_vec(), most, MANY.min(1 + LARGEST / (1 + body.len())), |body| {
        let one = (0..if most > 1 { FEW } else { 0 }).filter_map({
            let body = body.clone();
            move |nth| {
                let cause = "a whole number in the JSON lost its `.0` in transit (`1.0` became `1`)";
                let before = with_decimal(&body, nth).filter(|before| *before != body)?;
                Some(Choice::departing(before, Departure::new(cause, Side::Way, KEEP)))
            }
        });
        let all = CHANGES.iter().filter_map(move |(side, cause, before)| {
            let before = before(&body).filter(|before| before.len() <= 2 * LONGEST)?;
            let change = if *side == Side::Signer { HASH_SENT } else { KEEP };
            Some(Choice::departing(before, Departure::new(*cause, *side, change)))
        });
        all.chain(one)
    })
}

/// A text whose nth number has a `.0`, if it is a whole one.
fn with_decimal(body: &[u8], nth: usize) -> Option<Vec<u8>> {
    let count = std::cell::Cell::new(0);
    numbers(body, |number| {
        let is_it = count.replace(count.get() + 1) == nth;
        (is_it && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("{number}.0"))
    })
}

/// How many numbers are changed one at a time.
const FEW: usize = 16;
/// Bodies of this length and more are changed in one way only.
pub const SHORT: usize = 1 << 14;
/// Bodies of this length and more are not changed at all; the server takes less.
pub const LONGEST: usize = 1 << 21;
/// How many are made at most; the farthest may be missing then.
pub const MANY: usize = 2000;
/// How many bytes are kept of all bodies.
const LARGEST: usize = 24 << 20;
