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
    ("`;` stands between the parameters that are signed, and not `&`", |parts| pairs(parts, ";", "=")),
    ("`,` stands between the parameters that are signed, and not `&`", |parts| pairs(parts, ",", "=")),
    ("`|` stands between the parameters that are signed, and not `&`", |parts| pairs(parts, "|", "=")),
    ("a line end stands between the parameters that are signed, and not `&`", |parts| {
        pairs(parts, "\n", "=")
    }),
    ("a space stands between the parameters that are signed, and not `&`", |parts| pairs(parts, " ", "=")),
    ("`:` stands between the parameters that are signed, and not `&`", |parts| pairs(parts, ":", "=")),
    ("nothing stands between the parameters that are signed", |parts| pairs(parts, "", "=")),
    ("`&amp;` stands between the parameters that are signed, and not `&`", |parts| {
        pairs(parts, "&amp;", "=")
    }),
    ("`&#38;` stands between the parameters that are signed, and not `&`", |parts| {
        pairs(parts, "&#38;", "=")
    }),
    ("`&#038;` stands between the parameters that are signed, and not `&`", |parts| {
        pairs(parts, "&#038;", "=")
    }),
    ("`&#x26;` stands between the parameters that are signed, and not `&`", |parts| {
        pairs(parts, "&#x26;", "=")
    }),
    (r"`\u0026` stands between the parameters that are signed, and not `&`", |parts| {
        pairs(parts, r"\u0026", "=")
    }),
    ("`%26` stands between the parameters that are signed, and not `&`", |parts| pairs(parts, "%26", "=")),
    ("`:` stands between name and value, and not `=`", |parts| pairs(parts, "&", ":")),
    ("`:` and `,` stand between names and values, and not `=` and `&`", |parts| pairs(parts, ",", ":")),
    ("`:` and line ends stand between names and values, and not `=` and `&`", |parts| {
        pairs(parts, "\n", ":")
    }),
    ("`:` and `;` stand between names and values, and not `=` and `&`", |parts| pairs(parts, ";", ":")),
    ("names and values are signed without `=` and `&`", |parts| pairs(parts, "", "")),
    ("names and values are signed, decoded, without `=` and `&`", |parts| {
        parts.parameters.iter().flat_map(|one| [&one.name[..], &one.value]).collect::<Vec<_>>().concat()
    }),
    ("only the values are signed, one after the other", |parts| values(parts, "")),
    ("only the values are signed, with `&` between", |parts| values(parts, "&")),
    ("only the values are signed, with `,` between", |parts| values(parts, ",")),
    ("only the values are signed, with `|` between", |parts| values(parts, "|")),
    ("only the values are signed, with `:` between", |parts| values(parts, ":")),
    ("only the values are signed, with `;` between", |parts| values(parts, ";")),
    ("only the values are signed, with `.` between", |parts| values(parts, ".")),
    ("only the values are signed, with `-` between", |parts| values(parts, "-")),
    ("only the values are signed, with `_` between", |parts| values(parts, "_")),
    ("only the values are signed, with a space between", |parts| values(parts, " ")),
    ("only the values are signed, with line ends between", |parts| values(parts, "\n")),
    ("the parameters are signed as JSON, by PHP's json_encode", |parts| {
        json(parts, &PHP, Arrays::Flat, false)
    }),
    ("the parameters are signed as JSON, by PHP's json_encode, with the expiry as a number", |parts| {
        json(parts, &PHP, Arrays::Flat, true)
    }),
    (
        "the parameters are signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`), by PHP's json_encode",
        |parts| json(parts, &PHP, Arrays::Nested, false),
    ),
    (
        "the parameters are signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`), by PHP's json_encode, with the expiry as a number",
        |parts| json(parts, &PHP, Arrays::Nested, true),
    ),
    ("the parameters are signed as JSON, by JSON.stringify", |parts| {
        json(parts, &JAVASCRIPT, Arrays::Flat, false)
    }),
    ("the parameters are signed as JSON, by JSON.stringify, with the expiry as a number", |parts| {
        json(parts, &JAVASCRIPT, Arrays::Flat, true)
    }),
    (
        "the parameters are signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`), by JSON.stringify",
        |parts| json(parts, &JAVASCRIPT, Arrays::Nested, false),
    ),
    (
        "the parameters are signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`), by JSON.stringify, with the expiry as a number",
        |parts| json(parts, &JAVASCRIPT, Arrays::Nested, true),
    ),
    ("the parameters are signed as JSON, by Python's json.dumps", |parts| {
        json(parts, &PYTHON, Arrays::Flat, false)
    }),
    ("the parameters are signed as JSON, by Python's json.dumps, with the expiry as a number", |parts| {
        json(parts, &PYTHON, Arrays::Flat, true)
    }),
    (
        "the parameters are signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`), by Python's json.dumps",
        |parts| json(parts, &PYTHON, Arrays::Nested, false),
    ),
    (
        "the parameters are signed as nested JSON (`{\"a\":{\"b\":…}}` for `a[b]`), by Python's json.dumps, with the expiry as a number",
        |parts| json(parts, &PYTHON, Arrays::Nested, true),
    ),
];

/// What signers do to a whole text, the right thing first: nothing.
const CHANGES: &[(&str, Option<Change>)] = &[
    ("", None),
    ("the decoded text is signed, without escapes", Some(|text| Some(decode(text, true)))),
    (
        "the decoded text is signed, in which `+` still stands for a space",
        Some(|text| Some(decode(text, false))),
    ),
    (
        "the escapes are escaped again (`%25…`) in what was signed: encoded twice by the signer, or decoded once too often on the way",
        Some(|text| Some(replace(text, b"%", b"%25"))),
    ),
    (
        "the text that is signed is encoded twice: its escapes and `+` are escaped again (`%25…`, `%2B`)",
        Some(|text| Some(replace(&replace(text, b"%", b"%25"), b"+", b"%2B"))),
    ),
    (
        "the whole text is encoded again before it is signed, including `=` and `&` (`%3D`, `%26`)",
        Some(|text| Some(form_urlencoded::byte_serialize(text).collect::<String>().into())),
    ),
    (
        "the whole text is encoded again before it is signed, including `=` and `&`, in lower case (`%3d`, `%26`)",
        Some(|text| {
            let encoded: String = form_urlencoded::byte_serialize(text).collect();
            Some(lower_escapes(encoded.as_bytes()))
        }),
    ),
    ("escapes in the text that is signed are in lower case", Some(|text| Some(lower_escapes(text)))),
    ("the text is signed in lower case", Some(|text| Some(text.to_ascii_lowercase()))),
    ("the text is signed in capitals", Some(|text| Some(text.to_ascii_uppercase()))),
    ("the base64 of the text is signed", Some(|text| Some(BASE64_STANDARD.encode(text).into()))),
    ("the hex of the text is signed", Some(|text| Some(hex::encode(text).into()))),
    (
        "the text is signed with `&` written as `&amp;`, as in HTML",
        Some(|text| Some(replace(text, b"&", b"&amp;"))),
    ),
    ("the text is signed in quotes", Some(|text| Some([b"\"", text, b"\""].concat()))),
    (
        "the text is signed in UTF-16",
        Some(|text| Some(str::from_utf8(text).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect())),
    ),
    (
        "the text is signed in UTF-16 (big-endian)",
        Some(|text| Some(str::from_utf8(text).ok()?.encode_utf16().flat_map(u16::to_be_bytes).collect())),
    ),
    (
        "what is not ASCII in the text is signed in another character set, Latin-1 and not UTF-8",
        Some(|text| {
            let text = str::from_utf8(text).ok().filter(|text| !text.is_ascii())?;
            text.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
        }),
    ),
    (
        "the decoded text is signed in another character set, Latin-1 and not UTF-8",
        Some(|text| {
            let decoded = String::from_utf8(decode(text, true)).ok().filter(|text| !text.is_ascii())?;
            decoded.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
        }),
    ),
    ("the text that is signed has `\\` in front of each `/`", Some(|text| Some(replace(text, b"/", br"\/")))),
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
