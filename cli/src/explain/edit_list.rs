//! What signers sign in another form than they send.

use unicode_normalization::UnicodeNormalization;

use super::edit_forms::{date, entities, json, number, with_decimals, word};

/// What is signed for a value or a name, if it is another one.
pub enum Edit {
    Name(fn(&[u8]) -> Option<Vec<u8>>),
    Value(fn(&str) -> Option<String>),
    /// The same for the time alone.
    Expiry(fn(u64) -> u64),
}

pub const SAME: &str = "sign the values that are sent";

const fn value(cause: &'static str, edit: fn(&str) -> Option<String>) -> (&'static str, &'static str, Edit) {
    (cause, SAME, Edit::Value(edit))
}

/// What signers do; in a cause it follows the name of a parameter and "was", or "values were".
pub const EDITS: &[(&str, &str, Edit)] = &[
    value("signed without the white space at the ends", |value| Some(value.trim().into())),
    value("signed with LF line endings, but sent with CR LF", |value| Some(value.replace("\r\n", "\n"))),
    value("signed with CR LF line endings, but sent with LF", |value| {
        Some(value.replace("\r\n", "\n").replace('\n', "\r\n"))
    }),
    value("signed with HTML entities (`&amp;`), as PHP's htmlspecialchars writes them", |value| {
        Some(entities(value, "&#039;"))
    }),
    value("signed with HTML entities (`&#39;`), as Python's and JavaScript's escapers write them", |value| {
        value.contains('\'').then(|| entities(value, "&#39;"))
    }),
    value("sent with HTML entities (`&amp;`), but signed without", |value| {
        const ENTITIES: [(&str, &str); 7] = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#039;", "'"),
            ("&#39;", "'"),
            ("&apos;", "'"),
            ("&amp;", "&"),
        ];
        Some(ENTITIES.iter().fold(value.to_owned(), |value, (entity, plain)| value.replace(entity, plain)))
    }),
    value("signed with backslashes (`O\\'Brien`), as PHP's addslashes adds them", |value| {
        Some(
            ["\\", "'", "\""]
                .iter()
                .fold(value.to_owned(), |value, plain| value.replace(plain, &format!("\\{plain}"))),
        )
    }),
    value(
        "sent with backslashes (`O\\'Brien`), as PHP's addslashes adds them, but signed without",
        |value| {
            Some(
                ["'", "\"", "\\"]
                    .iter()
                    .fold(value.to_owned(), |value, plain| value.replace(&format!("\\{plain}"), plain)),
            )
        },
    ),
    value("signed with escaped slashes (`\\/`)", |value| Some(value.replace('/', "\\/"))),
    value("signed without the trailing slash", |value| value.strip_suffix('/').map(Into::into)),
    value("signed with a trailing slash", |value| value.contains("://").then(|| format!("{value}/"))),
    value("signed as Python writes it (`True`, `False`, `None`)", |value| {
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
    value("signed as JavaScript writes it (`true`, `false`, `null`)", |value| {
        word(value, &[("True", "true"), ("False", "false"), ("None", "null")])
    }),
    value("signed in lower case", |value| Some(value.to_lowercase())),
    value("signed in upper case", |value| Some(value.to_uppercase())),
    value("signed with a capital first letter", |value| {
        let first = value.chars().next()?;
        Some(first.to_uppercase().collect::<String>() + &value[first.len_utf8()..])
    }),
    value("signed with composed characters (NFC)", |value| Some(value.nfc().collect())),
    value("signed with decomposed characters (NFD)", |value| Some(value.nfd().collect())),
    value("signed with compatibility characters (NFKC)", |value| Some(value.nfkc().collect())),
    value("signed without accents", |value| {
        Some(value.nfd().filter(|char| !('\u{300}'..='\u{36f}').contains(char)).collect())
    }),
    value("signed as a number without trailing zeros (`1234.5` for `1234.50`)", |value| {
        let number = number(value).filter(|number| number.contains('.'))?;
        Some(number.trim_end_matches('0').trim_end_matches('.').into())
    }),
    value("signed as a number with one decimal (`10.0` for `10`)", |value| with_decimals(value, 1)),
    value("signed as a number with two decimals (`1234.50` for `1234.5`)", |value| with_decimals(value, 2)),
    value("signed as a number without leading zeros (`7` for `007`)", |value| {
        let number = number(value)?.trim_start_matches('0');
        Some(if number.starts_with('.') || number.is_empty() { format!("0{number}") } else { number.into() })
    }),
    value("signed with leading zeros (`007` for `7`)", |value| {
        number(value)
            .filter(|number| !number.contains('.') && number.len() < 3)
            .map(|number| format!("{number:0>3}"))
    }),
    value("signed with a leading zero (`07` for `7`)", |value| {
        number(value).filter(|number| number.len() == 1).map(|number| format!("0{number}"))
    }),
    value("signed with a decimal comma", |value| Some(number(value)?.replace('.', ","))),
    value("signed without the leading `+`", |value| value.strip_prefix('+').map(Into::into)),
    value("signed as `1` or `0` for `true` or `false`, as PHP writes it", |value| {
        word(value, &[("true", "1"), ("false", "0")])
    }),
    value("signed as PHP casts it to a string (nothing for `false`)", |value| {
        word(value, &[("true", "1"), ("false", ""), ("0", "")])
    }),
    value("signed as `true` or `false` for `1` or `0`", |value| {
        word(value, &[("1", "true"), ("0", "false")])
    }),
    value("signed as `null` for an empty value", |value| word(value, &[("", "null")])),
    value("signed as `undefined` for an empty value", |value| word(value, &[("", "undefined")])),
    value("signed as nothing for `null`", |value| {
        word(value, &[("null", ""), ("undefined", ""), ("None", ""), ("nil", "")])
    }),
    value("signed with the JSON in another form (compact)", |value| json(value, "", "", false, false)),
    value("signed with the JSON in another form (with spaces)", |value| json(value, " ", " ", false, false)),
    value("signed with the JSON in another form (with spaces and `\\u…`)", |value| {
        json(value, " ", " ", false, true)
    }),
    value("signed with the JSON in another form (with `\\u…`)", |value| json(value, "", "", false, true)),
    value("signed with the JSON in another form (with `\\/`)", |value| json(value, "", "", true, false)),
    value("signed with the JSON in another form (with `\\/` and `\\u…`)", |value| {
        json(value, "", "", true, true)
    }),
    value("signed with the names in the JSON sorted", |value| {
        let mut read: serde_json::Value = serde_json::from_str(value).ok().filter(|_| value.contains('{'))?;
        read.sort_all_objects();
        serde_json::to_string(&read).ok()
    }),
    value("signed with a space after each comma", |value| Some(value.replace(", ", ",").replace(',', ", "))),
    value("signed without spaces after commas", |value| Some(value.replace(", ", ","))),
    value("signed with several spaces as one", |value| {
        Some(value.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }),
    value("signed with `T` and `Z` in the date", |value| {
        date(value).map(|[day, time]| format!("{day}T{time}Z"))
    }),
    value("signed with typographic quotes and dashes made plain", |value| {
        let plain = |char| match char {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            '–' | '—' | '−' => '-',
            '\u{a0}' | '\u{202f}' => ' ',
            other => other,
        };
        Some(value.chars().map(plain).collect())
    }),
    value("signed without invisible characters", |value| {
        let is_unseen =
            |char: &char| matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        Some(value.chars().filter(|char| !is_unseen(char)).collect())
    }),
];
