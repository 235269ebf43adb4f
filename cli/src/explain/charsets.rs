//! Character sets: what may be made of text before it is encoded.

use std::rc::Rc;

use super::{
    choice::{Choice, Departure, Side},
    parameters::Parameter,
};

/// Names and values, decoded.
pub type Values = Rc<Vec<(Vec<u8>, Vec<u8>)>>;

type Recode = fn(&[u8]) -> Option<Vec<u8>>;

/// Other character sets, and what is made of characters beyond ASCII.
const CHARSETS: &[(&str, Recode)] = &[
    ("the text was signed in Latin-1 instead of UTF-8", |text| {
        str::from_utf8(text).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
    }),
    ("the text was signed in UTF-8, but sent in Latin-1", |text| {
        let is_latin = str::from_utf8(text).is_err();
        (is_latin || text.is_ascii())
            .then(|| text.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    ("the text was encoded as UTF-8 twice before it was signed", |text| {
        str::from_utf8(text).ok()?;
        Some(text.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    ("the text was encoded as UTF-8 twice (by way of Windows-1252) before it was signed", |text| {
        str::from_utf8(text).ok()?;
        Some(text.iter().map(|byte| windows_1252(*byte)).collect::<String>().into())
    }),
    ("the text was encoded as UTF-8 twice before it was sent", |text| {
        let once: Option<Vec<u8>> =
            str::from_utf8(text).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
        once.filter(|once| str::from_utf8(once).is_ok())
    }),
    ("non-ASCII characters were signed as `\\u…` escapes", |text| {
        let escape = |char: char| match char.is_ascii() {
            true => char.to_string(),
            false => char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        };
        Some(str::from_utf8(text).ok()?.chars().map(escape).collect::<String>().into())
    }),
    ("each non-ASCII character was signed as `?`", |text| {
        let ascii = |char: char| if char.is_ascii() { char } else { '?' };
        Some(str::from_utf8(text).ok()?.chars().map(ascii).collect::<String>().into())
    }),
    ("each non-ASCII character was signed as an HTML entity", |text| {
        let entity = |char: char| match char.is_ascii() {
            true => char.to_string(),
            false => format!("&#{};", u32::from(char)),
        };
        Some(str::from_utf8(text).ok()?.chars().map(entity).collect::<String>().into())
    }),
];

/// What Windows takes a byte for.
fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    if (0x80..0xa0).contains(&byte) { FROM_80[usize::from(byte) - 0x80] } else { char::from(byte) }
}

pub fn charsets(parameters: &[Parameter]) -> Vec<Choice<Values>> {
    let values: Vec<_> = parameters.iter().map(|one| (one.name.clone(), one.value.clone())).collect();
    let values = Rc::new(values);
    let mut all = vec![Choice::right(values.clone())];
    if values.iter().all(|(name, value)| name.is_ascii() && value.is_ascii()) {
        return all;
    }
    for (cause, recode) in CHARSETS {
        let recoded = values.iter().map(|(name, value)| Some((recode(name)?, recode(value)?)));
        if let Some(recoded) = recoded.collect::<Option<Vec<_>>>() {
            let change = "use UTF-8 throughout, and encode once";
            all.push(Choice::departing(Rc::new(recoded), Departure::new(*cause, Side::Signer, change)));
        }
    }
    all
}
