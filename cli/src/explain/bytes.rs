//! Percent-escapes: the reading of them, which all schemes share.

/// What stands for a byte in hex, if two digits do.
pub fn hex_pair(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}

/// Decodes escapes, and `+` where it stands for a space; a bad one is literal.
pub fn decode(text: &[u8], plus_is_space: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, hex_pair(behind)) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                rest = &behind[2..];
            }
            (b'+', _) if plus_is_space => decoded.push(b' '),
            _ => decoded.push(*first),
        }
    }
    decoded
}

/// Replaces every occurrence.
pub fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.first() {
        match rest.strip_prefix(from) {
            Some(behind) if !from.is_empty() => {
                replaced.extend_from_slice(to);
                rest = behind;
            }
            _ => {
                replaced.push(*first);
                rest = &rest[1..];
            }
        }
    }
    replaced
}
