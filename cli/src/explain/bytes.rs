//! Percent-escapes: the reading of them, which all schemes share.

/// What stands for a byte in hex, if two digits do.
pub fn hex_pair(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}

/// Decodes escapes, and `+` where it stands for a space; an invalid one is literal.
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
    let Some(first) = from.first() else { return text.to_vec() };
    let mut replaced = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.iter().position(|byte| byte == first) {
        let (before, behind) = rest.split_at(place);
        replaced.extend_from_slice(before);
        let (put, length) = if behind.starts_with(from) { (to, from.len()) } else { (&behind[..1], 1) };
        replaced.extend_from_slice(put);
        rest = &behind[length..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

/// The characters of a text, an escape being one.
fn characters(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = if rest.first() == Some(&b'%') && hex_pair(&rest[1..]).is_some() { 3 } else { 1 };
        let (first, behind) = rest.split_at_checked(length)?;
        rest = behind;
        Some(first)
    })
}

/// What a text became in transit, if the two differ only in how their characters are written.
pub fn rewriting(was: &[u8], came: &[u8]) -> Option<String> {
    let mut pairs: Vec<(&[u8], &[u8])> = Vec::new();
    for pair in characters(was).zip(characters(came)) {
        if pair.0 != pair.1 && !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    let same_length = characters(was).count() == characters(came).count();
    let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
    let shown: Vec<String> =
        pairs.iter().take(3).map(|(was, came)| format!("`{}` became `{}`", text(was), text(came))).collect();
    (same_length && !pairs.is_empty())
        .then(|| format!("the URL was re-encoded in transit ({})", shown.join(", ")))
}

/// With the digits of escapes in lower case.
pub fn lower_escapes(text: &[u8]) -> Vec<u8> {
    let mut lower = text.to_vec();
    for place in 0..text.len() {
        let is_in_escape = (1..3).any(|back| place >= back && text[place - back] == b'%');
        if is_in_escape {
            lower[place] = lower[place].to_ascii_lowercase();
        }
    }
    lower
}
