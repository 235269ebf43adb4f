//! What signers sign in other words than they send: names and values, each by itself and all
//! together.

use unicode_normalization::UnicodeNormalization;

use super::{
    choice::{Choice, Departure, Side, show},
    json::{Style, rewrite},
    parameters::Parameter,
    scheme::Role,
};

/// What is signed for a value or a name, if it is another one.
enum Edit {
    Name(fn(&[u8]) -> Option<Vec<u8>>),
    Value(fn(&str) -> Option<String>),
    /// The same for the expiry alone.
    Expiry(fn(u64) -> u64),
}

const SAME: &str = "sign the values that are sent";
const ARRAYS: &str = "write arrays as PHP does, each element as `name[0]`, `name[1]`";

/// What signers do, in a sentence that follows the name of one, or "values" for more.
const EDITS: &[(&str, &str, Edit)] = &[
    (
        "arrays are signed raw, without their indices (`a[]` for `a[0]`)",
        ARRAYS,
        Edit::Name(|name| {
            renamed(name, |index| match index.iter().all(u8::is_ascii_digit) {
                true => b"[]".to_vec(),
                false => [b"[", index, b"]"].concat(),
            })
        }),
    ),
    (
        "arrays are signed without brackets (`a` for `a[0]`)",
        ARRAYS,
        Edit::Name(|name| renamed(name, |_| Vec::new())),
    ),
    (
        "arrays are signed with dots for brackets (`a.0` for `a[0]`)",
        ARRAYS,
        Edit::Name(|name| renamed(name, |index| [b".", index].concat())),
    ),
    (
        "arrays are signed with empty brackets (`a[]` for `a`)",
        ARRAYS,
        Edit::Name(|name| (!name.contains(&b'[')).then(|| [name, b"[]"].concat())),
    ),
    ("names are signed in lower case", SAME, Edit::Name(|name| Some(name.to_ascii_lowercase()))),
    ("the expiry is signed in seconds, and was sent in milliseconds", SAME, Edit::Expiry(|time| time / 1000)),
    (
        "the expiry is signed in milliseconds, and was sent in seconds",
        SAME,
        Edit::Expiry(|time| time.saturating_mul(1000)),
    ),
    (
        "white space at the ends is not in what was signed",
        SAME,
        Edit::Value(|value| Some(value.trim().into())),
    ),
    (
        "line ends are signed as LF, and were sent as CR LF",
        SAME,
        Edit::Value(|value| Some(value.replace("\r\n", "\n"))),
    ),
    (
        "line ends are signed as CR LF, and were sent as LF",
        SAME,
        Edit::Value(|value| Some(value.replace("\r\n", "\n").replace('\n', "\r\n"))),
    ),
    (
        "signed with HTML entities (`&amp;`), as PHP's htmlspecialchars makes them",
        SAME,
        Edit::Value(|value| Some(entities(value, "&#039;"))),
    ),
    (
        "signed with HTML entities (`&#39;`), as Python's and JavaScript's escapers make them",
        SAME,
        Edit::Value(|value| value.contains('\'').then(|| entities(value, "&#39;"))),
    ),
    (
        "sent with HTML entities (`&amp;`), and signed without",
        SAME,
        Edit::Value(|value| {
            const ENTITIES: [(&str, &str); 7] = [
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&quot;", "\""),
                ("&#039;", "'"),
                ("&#39;", "'"),
                ("&apos;", "'"),
                ("&amp;", "&"),
            ];
            Some(
                ENTITIES.iter().fold(value.to_owned(), |value, (entity, plain)| value.replace(entity, plain)),
            )
        }),
    ),
    (
        "signed with backslashes, as PHP's addslashes makes them (`O\\'Brien`)",
        SAME,
        Edit::Value(|value| {
            Some(
                ["\\", "'", "\""]
                    .iter()
                    .fold(value.to_owned(), |value, plain| value.replace(plain, &format!("\\{plain}"))),
            )
        }),
    ),
    (
        "sent with backslashes (`O\\'Brien`), as PHP's addslashes makes them, and signed without",
        SAME,
        Edit::Value(|value| {
            Some(
                ["'", "\"", "\\"]
                    .iter()
                    .fold(value.to_owned(), |value, plain| value.replace(&format!("\\{plain}"), plain)),
            )
        }),
    ),
    ("signed with escaped slashes (`\\/`)", SAME, Edit::Value(|value| Some(value.replace('/', "\\/")))),
    (
        "signed without its slash at the end",
        SAME,
        Edit::Value(|value| value.strip_suffix('/').map(Into::into)),
    ),
    (
        "signed with a slash at the end",
        SAME,
        Edit::Value(|value| value.contains("://").then(|| format!("{value}/"))),
    ),
    ("signed in lower case", SAME, Edit::Value(|value| Some(value.to_lowercase()))),
    ("signed in capitals", SAME, Edit::Value(|value| Some(value.to_uppercase()))),
    (
        "signed with a capital at its start",
        SAME,
        Edit::Value(|value| {
            let first = value.chars().next()?;
            Some(first.to_uppercase().collect::<String>() + &value[first.len_utf8()..])
        }),
    ),
    ("signed with composed characters (NFC)", SAME, Edit::Value(|value| Some(value.nfc().collect()))),
    ("signed with decomposed characters (NFD)", SAME, Edit::Value(|value| Some(value.nfd().collect()))),
    ("signed with compatible characters (NFKC)", SAME, Edit::Value(|value| Some(value.nfkc().collect()))),
    (
        "signed without accents",
        SAME,
        Edit::Value(|value| {
            Some(value.nfd().filter(|char| !('\u{300}'..='\u{36f}').contains(char)).collect())
        }),
    ),
    (
        "signed as a number without zeros at its end (`1234.5` for `1234.50`)",
        SAME,
        Edit::Value(|value| {
            let number = number(value).filter(|number| number.contains('.'))?;
            Some(number.trim_end_matches('0').trim_end_matches('.').into())
        }),
    ),
    (
        "signed as a number with one decimal (`10.0` for `10`)",
        SAME,
        Edit::Value(|value| with_decimals(value, 1)),
    ),
    (
        "signed as a number with two decimals (`1234.50` for `1234.5`)",
        SAME,
        Edit::Value(|value| with_decimals(value, 2)),
    ),
    (
        "signed as a number without zeros in front (`7` for `007`)",
        SAME,
        Edit::Value(|value| {
            let number = number(value)?.trim_start_matches('0');
            Some(if number.starts_with('.') || number.is_empty() {
                format!("0{number}")
            } else {
                number.into()
            })
        }),
    ),
    (
        "signed with zeros in front (`007` for `7`)",
        SAME,
        Edit::Value(|value| {
            number(value)
                .filter(|number| !number.contains('.') && number.len() < 3)
                .map(|number| format!("{number:0>3}"))
        }),
    ),
    (
        "signed with a zero in front (`07` for `7`)",
        SAME,
        Edit::Value(|value| {
            number(value).filter(|number| number.len() == 1).map(|number| format!("0{number}"))
        }),
    ),
    ("signed with a decimal comma", SAME, Edit::Value(|value| Some(number(value)?.replace('.', ",")))),
    ("signed without its `+` in front", SAME, Edit::Value(|value| value.strip_prefix('+').map(Into::into))),
    (
        "signed as PHP writes `true` and `false`, `1` and `0`",
        SAME,
        Edit::Value(|value| word(value, &[("true", "1"), ("false", "0")])),
    ),
    (
        "signed as PHP's string casts write `false`, as nothing",
        SAME,
        Edit::Value(|value| word(value, &[("true", "1"), ("false", ""), ("0", "")])),
    ),
    (
        "`1` and `0` are signed as `true` and `false`",
        SAME,
        Edit::Value(|value| word(value, &[("1", "true"), ("0", "false")])),
    ),
    (
        "signed as Python writes it, `True`, `False` and `None`",
        SAME,
        Edit::Value(|value| {
            word(
                value,
                &[
                    ("true", "True"),
                    ("false", "False"),
                    ("null", "None"),
                    ("1", "True"),
                    ("0", "False"),
                    ("", "None"),
                ],
            )
        }),
    ),
    (
        "signed as JavaScript writes it, `true`, `false` and `null`",
        SAME,
        Edit::Value(|value| word(value, &[("True", "true"), ("False", "false"), ("None", "null")])),
    ),
    ("an empty value is signed as `null`", SAME, Edit::Value(|value| word(value, &[("", "null")]))),
    ("an empty value is signed as `undefined`", SAME, Edit::Value(|value| word(value, &[("", "undefined")]))),
    (
        "a value `null` is signed as nothing",
        SAME,
        Edit::Value(|value| word(value, &[("null", ""), ("undefined", ""), ("None", ""), ("nil", "")])),
    ),
    (
        "JSON in it is signed in another form (compact)",
        SAME,
        Edit::Value(|value| json(value, "", "", false, false)),
    ),
    (
        "JSON in it is signed in another form (with spaces)",
        SAME,
        Edit::Value(|value| json(value, " ", " ", false, false)),
    ),
    (
        "JSON in it is signed in another form (with spaces and `\\u…`)",
        SAME,
        Edit::Value(|value| json(value, " ", " ", false, true)),
    ),
    (
        "JSON in it is signed in another form (with `\\u…`)",
        SAME,
        Edit::Value(|value| json(value, "", "", false, true)),
    ),
    (
        "JSON in it is signed in another form (with `\\/`)",
        SAME,
        Edit::Value(|value| json(value, "", "", true, false)),
    ),
    (
        "JSON in it is signed in another form (with `\\/` and `\\u…`)",
        SAME,
        Edit::Value(|value| json(value, "", "", true, true)),
    ),
    (
        "JSON in it is signed with its names sorted",
        SAME,
        Edit::Value(|value| {
            let read: serde_json::Value = serde_json::from_str(value).ok().filter(|_| value.contains('{'))?;
            serde_json::to_string(&read).ok()
        }),
    ),
    (
        "signed with a space after each comma",
        SAME,
        Edit::Value(|value| Some(value.replace(", ", ",").replace(',', ", "))),
    ),
    ("signed without spaces after commas", SAME, Edit::Value(|value| Some(value.replace(", ", ",")))),
    (
        "signed with single spaces for several",
        SAME,
        Edit::Value(|value| {
            Some(value.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
        }),
    ),
    (
        "signed with `T` and `Z` in its date",
        SAME,
        Edit::Value(|value| date(value).map(|[day, time]| format!("{day}T{time}Z"))),
    ),
    (
        "signed with typographic quotes and dashes made plain",
        SAME,
        Edit::Value(|value| {
            let plain = |char| match char {
                '‘' | '’' => '\'',
                '“' | '”' => '"',
                '–' | '—' | '−' => '-',
                '\u{a0}' | '\u{202f}' => ' ',
                other => other,
            };
            Some(value.chars().map(plain).collect())
        }),
    ),
    (
        "signed without invisible characters",
        SAME,
        Edit::Value(|value| {
            let is_unseen =
                |char: &char| matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
            Some(value.chars().filter(|char| !is_unseen(char)).collect())
        }),
    ),
];

/// With fewer parameters than this, each edit is tried on each one by itself.
const FEW: usize = 16;

/// The lists that come of an edit of all parameters, and of one.
pub fn edits(list: &[Parameter]) -> Vec<Choice<Vec<Parameter>>> {
    let mut lists: Vec<Choice<Vec<Parameter>>> = Vec::new();
    let mut add = |list: Vec<Parameter>, cause: String, change: &'static str| {
        lists.push(Choice::departing(list, Departure::new(cause, Side::Signer, change)));
    };
    for (cause, change, edit) in EDITS {
        let all: Vec<Parameter> = list.iter().cloned().map(|one| edited(one, edit)).collect();
        let changed: Vec<usize> = (0..list.len()).filter(|place| all[*place] != list[*place]).collect();
        let is_of_values = matches!(edit, Edit::Value(_));
        for place in changed.iter().filter(|_| list.len() < FEW && changed.len() > 1 && is_of_values) {
            let mut one = list.to_vec();
            one[*place] = all[*place].clone();
            add(one, format!("`{}`: {cause}", show(&list[*place].name)), change);
        }
        match &changed[..] {
            [] => {}
            [one] if is_of_values => {
                let name = show(&list[*one].name);
                add(all, format!("`{name}`: {cause}"), change);
            }
            _ if is_of_values => add(all, format!("values: {cause}"), change),
            _ => add(all, (*cause).to_owned(), change),
        }
    }
    for joined in joined(list) {
        add(joined, "an array is signed as one value with commas (`ids=1,2,3`)".to_owned(), ARRAYS);
    }
    for split in split(list) {
        add(split, "a value with commas is signed as an array (`ids[]`)".to_owned(), ARRAYS);
    }
    lists
}

/// A parameter after an edit, which a signature is spared.
fn edited(mut one: Parameter, edit: &Edit) -> Parameter {
    let text = str::from_utf8(&one.value).ok();
    match edit {
        _ if one.role == Role::Signature => return one,
        Edit::Name(edit) => {
            if let Some(name) = edit(&one.name).filter(|name| *name != one.name && one.role != Role::Expires)
            {
                one.name = name;
                one.write();
            }
        }
        Edit::Value(edit) => {
            let edit = |text| edit(text).filter(|value| value != text && one.role != Role::Expires);
            if let Some(value) = text.and_then(edit) {
                one.value = value.into();
                one.write();
            }
        }
        Edit::Expiry(edit) => {
            let time = text.and_then(|text| text.parse().ok()).filter(|_| one.role == Role::Expires);
            if let Some(time) = time {
                one.value = edit(time).to_string().into();
                one.write();
            }
        }
    }
    one
}

/// With the elements of each array in one value.
fn joined(list: &[Parameter]) -> Vec<Vec<Parameter>> {
    let mut joined: Vec<Parameter> = Vec::new();
    for one in list {
        match joined.last_mut() {
            Some(last) if one.name.contains(&b'[') && last.name == one.base() => {
                last.value = [&last.value, &b","[..], &one.value].concat();
                last.write();
            }
            _ => {
                let mut first = one.clone();
                first.name = one.base().to_vec();
                first.write();
                joined.push(first);
            }
        }
    }
    if joined.len() < list.len() { vec![joined] } else { Vec::new() }
}

/// With the parts of each value with commas as elements, with their indices and without.
fn split(list: &[Parameter]) -> Vec<Vec<Parameter>> {
    let has_commas = |one: &Parameter| one.role == Role::Signed && one.value.contains(&b',');
    if !list.iter().any(has_commas) {
        return Vec::new();
    }
    let index = |nth: usize, is_raw: bool| if is_raw { "[]".to_owned() } else { format!("[{nth}]") };
    [true, false]
        .map(|is_raw| {
            let elements = |one: &Parameter| -> Vec<Parameter> {
                if !has_commas(one) {
                    return vec![one.clone()];
                }
                let parts = one.value.split(|byte| *byte == b',').enumerate();
                let element = |(nth, part): (usize, &[u8])| {
                    let mut element = one.clone();
                    element.name = [&one.name, index(nth, is_raw).as_bytes()].concat();
                    element.value = part.trim_ascii().to_vec();
                    element.write();
                    element
                };
                parts.map(element).collect()
            };
            list.iter().flat_map(elements).collect()
        })
        .into()
}

fn renamed(name: &[u8], bracket: impl Fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let mut parts = name.split(|byte| *byte == b'[');
    let first = parts.next().unwrap_or_default().to_vec();
    let rename = |name, index: &[u8]| [name, bracket(index.strip_suffix(b"]").unwrap_or(index))].concat();
    Some(parts.fold(first, rename))
}

fn entities(value: &str, apostrophe: &str) -> String {
    let entities = [("&", "&amp;"), ("\"", "&quot;"), ("'", apostrophe), ("<", "&lt;"), (">", "&gt;")];
    entities.iter().fold(value.to_owned(), |value, (plain, entity)| value.replace(plain, entity))
}

/// A value that is digits, perhaps with a point.
fn number(value: &str) -> Option<&str> {
    let is_number =
        value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && value.matches('.').count() < 2;
    (is_number && value.bytes().any(|byte| byte.is_ascii_digit())).then_some(value)
}

fn with_decimals(value: &str, count: usize) -> Option<String> {
    let (whole, decimals) = number(value)?.split_once('.').unwrap_or((value, ""));
    (decimals.len() < count).then(|| format!("{whole}.{decimals:0<count$}"))
}

fn word(value: &str, words: &[(&str, &str)]) -> Option<String> {
    words.iter().find(|(from, _)| *from == value).map(|(_, to)| (*to).to_owned())
}

fn json(
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
fn date(value: &str) -> Option<[&str; 2]> {
    let (day, time) = value.split_once(' ')?;
    (day.len() == 10 && time.len() == 8 && day.contains('-') && time.contains(':')).then_some([day, time])
}
