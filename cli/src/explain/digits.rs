//! Hex, base64 and base32, read leniently.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::bytes::hex_pair;

/// The bytes of hex; an odd digit at the end is half of one that was cut.
pub fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let whole = &digits[..digits.len() & !1];
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit) && !whole.is_empty();
    is_hex.then(|| whole.chunks_exact(2).filter_map(hex_pair).collect())
}

/// How base64 was written.
#[derive(Clone, Copy)]
pub enum Form {
    Standard,
    UrlSafeUnpadded,
    StandardUnpadded,
    UrlSafePadded,
    Spaces,
}

impl Form {
    pub fn cause(self, sent_as: &str) -> String {
        match self {
            Self::Standard | Self::UrlSafeUnpadded => String::new(),
            Self::StandardUnpadded => format!("the padding (`=`) of the {sent_as}'s base64 is missing"),
            Self::UrlSafePadded => format!("the {sent_as} is in base64url with padding (`=`)"),
            Self::Spaces => format!("each `+` in the {sent_as}'s base64 was not escaped, and became a space"),
        }
    }
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of base64 in whichever variant.
pub fn from_base64(text: &[u8]) -> Option<(Vec<u8>, Form)> {
    let has = |wanted: &[u8]| text.iter().any(|byte| wanted.contains(byte));
    let text: Vec<u8> = text.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
    let unpadded = without_padding(&text);
    let is_padded = unpadded.len() < text.len();
    let standard = |byte: &u8| match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        other => *other,
    };
    let mut standard: Vec<u8> = unpadded.iter().map(standard).collect();
    if standard.len() % 4 == 1 {
        standard.pop();
    }
    let bytes = LENIENT.decode(&standard).ok()?;
    let form = match () {
        () if has(b" ") => Form::Spaces,
        () if has(b"-_") && is_padded => Form::UrlSafePadded,
        () if !has(b"+/") && !is_padded => Form::UrlSafeUnpadded,
        () if !is_padded && bytes.len() % 3 != 0 => Form::StandardUnpadded,
        () => Form::Standard,
    };
    Some((bytes, form))
}

fn without_padding(text: &[u8]) -> &[u8] {
    &text[..text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1)]
}

pub fn from_base32(text: &[u8]) -> Option<Vec<u8>> {
    let text = without_padding(text).to_ascii_uppercase();
    let mut bits = 0_u64;
    let mut held = 0;
    let mut bytes = Vec::new();
    for digit in text {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5 | u64::from(value)) & 0xffff;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}

/// Where the longest run of such bytes begins and ends.
pub fn longest_run(text: &[u8], is_in: impl Fn(u8) -> bool) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut start = 0;
    for run in text.split(|byte| !is_in(*byte)) {
        if run.len() > longest.1 - longest.0 {
            longest = (start, start + run.len());
        }
        start += run.len() + 1;
    }
    longest
}
