//! The text as a whole: how parameters are joined, and what was done to it then.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    bytes::{decode, lower_escapes, replace},
    choice::{Choice, Departure, Side},
    nested::{Arrays, JAVASCRIPT, PHP, PYTHON, json},
    parameters::Parameter,
    written::Piece,
};

/// What a text is made of: the parameters as they are written, and decoded.
pub struct Parts<'a> {
    pub pieces: Vec<&'a Piece>,
    pub parameters: Vec<&'a Parameter>,
}

/// How parameters are joined, and what is done to the text then.
#[derive(Clone, Copy)]
pub struct Shape {
    join: fn(&Parts<'_>) -> Vec<u8>,
    change: Option<Change>,
}

type Change = fn(&[u8]) -> Option<Vec<u8>>;

impl Shape {
    /// The text, if this can be made of it.
    pub fn text(&self, parts: &Parts<'_>) -> Option<Vec<u8>> {
        let text = (self.join)(parts);
        match self.change {
            Some(change) => change(&text),
            None => Some(text),
        }
    }
}

type Join = (&'static str, fn(&Parts<'_>) -> Vec<u8>);

/// How signers join parameters, the right way first.
const JOINS: &[Join] = &[
    ("", |parts| pairs(parts, "&", "=")),
    ("the signed parameters are separated by `;` instead of `&`", |parts| pairs(parts, ";", "=")),
    ("the signed parameters are separated by `,` instead of `&`", |parts| pairs(parts, ",", "=")),
    ("the signed parameters are separated by `|` instead of `&`", |parts| pairs(parts, "|", "=")),
    ("the signed parameters are separated by a line ending instead of `&`", |parts| pairs(parts, "\n", "=")),
    ("the signed parameters are separated by a space instead of `&`", |parts| pairs(parts, " ", "=")),
    ("the signed parameters are separated by `:` instead of `&`", |parts| pairs(parts, ":", "=")),
    ("nothing separates the signed parameters", |parts| pairs(parts, "", "=")),
    ("the signed parameters are separated by `&amp;` instead of `&`", |parts| pairs(parts, "&amp;", "=")),
    ("the signed parameters are separated by `&#38;` instead of `&`", |parts| pairs(parts, "&#38;", "=")),
    ("the signed parameters are separated by `&#038;` instead of `&`", |parts| pairs(parts, "&#038;", "=")),
    ("the signed parameters are separated by `&#x26;` instead of `&`", |parts| pairs(parts, "&#x26;", "=")),
    (r"the signed parameters are separated by `\u0026` instead of `&`", |parts| pairs(parts, r"\u0026", "=")),
    ("the signed parameters are separated by `%26` instead of `&`", |parts| pairs(parts, "%26", "=")),
    ("names and values are separated by `:` instead of `=`", |parts| pairs(parts, "&", ":")),
    ("`:` and `,` are used instead of `=` and `&` in the signed text", |parts| pairs(parts, ",", ":")),
    ("`:` and line endings are used instead of `=` and `&` in the signed text", |parts| {
        pairs(parts, "\n", ":")
    }),
    ("`:` and `;` are used instead of `=` and `&` in the signed text", |parts| pairs(parts, ";", ":")),
    ("names and values were signed without `=` and `&`", |parts| pairs(parts, "", "")),
    ("names and values were signed decoded, without `=` and `&`", |parts| {
        parts.parameters.iter().flat_map(|one| [&one.name[..], &one.value]).collect::<Vec<_>>().concat()
    }),
    ("only the values were signed, one after the other", |parts| values(parts, "")),
    ("only the values were signed, with `&` between", |parts| values(parts, "&")),
    ("only the values were signed, with `,` between", |parts| values(parts, ",")),
    ("only the values were signed, with `|` between", |parts| values(parts, "|")),
    ("only the values were signed, with `:` between", |parts| values(parts, ":")),
    ("only the values were signed, with `;` between", |parts| values(parts, ";")),
    ("only the values were signed, with `.` between", |parts| values(parts, ".")),
    ("only the values were signed, with `-` between", |parts| values(parts, "-")),
    ("only the values were signed, with `_` between", |parts| values(parts, "_")),
    ("only the values were signed, with a space between", |parts| values(parts, " ")),
    ("only the values were signed, with line endings between", |parts| values(parts, "\n")),
    ("the parameters were signed as JSON written by PHP's json_encode", |parts| {
        json(parts, &PHP, Arrays::Flat, false)
    }),
    ("the parameters were signed as JSON written by PHP's json_encode, with the time as a number", |parts| {
        json(parts, &PHP, Arrays::Flat, true)
    }),
    (
        "the parameters were signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`) written by PHP's json_encode",
        |parts| json(parts, &PHP, Arrays::Nested, false),
    ),
    (
        "the parameters were signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`) written by PHP's json_encode, with the time as a number",
        |parts| json(parts, &PHP, Arrays::Nested, true),
    ),
    ("the parameters were signed as JSON written by JSON.stringify", |parts| {
        json(parts, &JAVASCRIPT, Arrays::Flat, false)
    }),
    ("the parameters were signed as JSON written by JSON.stringify, with the time as a number", |parts| {
        json(parts, &JAVASCRIPT, Arrays::Flat, true)
    }),
    (
        "the parameters were signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`) written by JSON.stringify",
        |parts| json(parts, &JAVASCRIPT, Arrays::Nested, false),
    ),
    (
        "the parameters were signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`) written by JSON.stringify, with the time as a number",
        |parts| json(parts, &JAVASCRIPT, Arrays::Nested, true),
    ),
    ("the parameters were signed as JSON written by Python's json.dumps", |parts| {
        json(parts, &PYTHON, Arrays::Flat, false)
    }),
    (
        "the parameters were signed as JSON written by Python's json.dumps, with the time as a number",
        |parts| json(parts, &PYTHON, Arrays::Flat, true),
    ),
    (
        "the parameters were signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`) written by Python's json.dumps",
        |parts| json(parts, &PYTHON, Arrays::Nested, false),
    ),
    (
        "the parameters were signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`) written by Python's json.dumps, with the time as a number",
        |parts| json(parts, &PYTHON, Arrays::Nested, true),
    ),
];

/// What signers do to a whole text, the right thing first: nothing.
const CHANGES: &[(&str, Option<Change>)] = &[
    ("", None),
    ("the text was signed decoded, without escapes", Some(|text| Some(decode(text, true)))),
    ("the text was signed decoded, but with `+` for spaces", Some(|text| Some(decode(text, false)))),
    (
        "the signed text was encoded twice (`%25…`), unless what came was decoded once too often in transit",
        Some(|text| Some(replace(text, b"%", b"%25"))),
    ),
    (
        "the signed text was encoded twice, with its `%` and `+` escaped again (`%25…`, `%2B`)",
        Some(|text| Some(replace(&replace(text, b"%", b"%25"), b"+", b"%2B"))),
    ),
    (
        "the whole text was encoded again before signing, including `=` and `&` (`%3D`, `%26`)",
        Some(|text| Some(form_urlencoded::byte_serialize(text).collect::<String>().into())),
    ),
    (
        "the whole text was encoded again before signing, including `=` and `&`, in lower case (`%3d`, `%26`)",
        Some(|text| {
            let encoded: String = form_urlencoded::byte_serialize(text).collect();
            Some(lower_escapes(encoded.as_bytes()))
        }),
    ),
    ("the escapes in the signed text are in lower case", Some(|text| Some(lower_escapes(text)))),
    ("the text was signed in lower case", Some(|text| Some(text.to_ascii_lowercase()))),
    ("the text was signed in upper case", Some(|text| Some(text.to_ascii_uppercase()))),
    ("the base64 of the text was signed", Some(|text| Some(BASE64_STANDARD.encode(text).into()))),
    ("the hex of the text was signed", Some(|text| Some(hex::encode(text).into()))),
    (
        "the text was signed with `&` written as `&amp;`, as in HTML",
        Some(|text| Some(replace(text, b"&", b"&amp;"))),
    ),
    ("the text was signed in quotes", Some(|text| Some([b"\"", text, b"\""].concat()))),
    (
        "the text was signed in UTF-16",
        Some(|text| Some(str::from_utf8(text).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect())),
    ),
    (
        "the text was signed in UTF-16 (big-endian)",
        Some(|text| Some(str::from_utf8(text).ok()?.encode_utf16().flat_map(u16::to_be_bytes).collect())),
    ),
    (
        "non-ASCII characters were signed in Latin-1 instead of UTF-8",
        Some(|text| {
            let text = str::from_utf8(text).ok().filter(|text| !text.is_ascii())?;
            text.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
        }),
    ),
    (
        "the text was signed decoded, in Latin-1 instead of UTF-8",
        Some(|text| {
            let decoded = String::from_utf8(decode(text, true)).ok().filter(|text| !text.is_ascii())?;
            decoded.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
        }),
    ),
    ("the signed text has `\\` in front of each `/`", Some(|text| Some(replace(text, b"/", br"\/")))),
];

const CHANGE: &str = "sign the query as it is sent, up to the signature";

/// All shapes that a text may have had when it was signed; the right one first.
pub static SHAPES: LazyLock<Vec<Choice<Shape>>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (join_cause, join) in JOINS {
        for (change_cause, change) in CHANGES {
            let causes = [*join_cause, *change_cause].into_iter().filter(|cause| !cause.is_empty());
            let departures: Vec<Departure> =
                causes.map(|cause| Departure::new(cause, Side::Signer, CHANGE)).collect();
            let cost = departures.len();
            all.push(Choice { value: Shape { join: *join, change: *change }, departures, cost });
        }
    }
    all.sort_by_key(|choice| choice.cost);
    all
});

fn pairs(parts: &Parts<'_>, between: &str, equals: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(256);
    for (nth, piece) in parts.pieces.iter().enumerate() {
        if nth > 0 {
            text.extend_from_slice(between.as_bytes());
        }
        text.extend_from_slice(&piece.name);
        if piece.has_equals {
            text.extend_from_slice(equals.as_bytes());
        }
        text.extend_from_slice(&piece.value);
    }
    text
}

fn values(parts: &Parts<'_>, between: &str) -> Vec<u8> {
    parts.parameters.iter().map(|one| &one.value[..]).collect::<Vec<_>>().join(between.as_bytes())
}
