//! Encoders: what they escape, and how.

use super::{
    charsets::Values,
    choice::{Choice, Departure, RARE, Side, Text},
    written::{Piece, Right},
};

/// What a space is written as.
const SPACES: [&str; 3] = ["+", "%20", " "];

/// Encoders: what each is called, what it writes for a space, and what it leaves
/// alone that PHP escapes. A signer that used one departs in one way, not in as many
/// as there are characters.
const ENCODERS: &[(&str, &str, &[u8])] = &[
    ("rawurlencode and RFC 3986", "%20", b"~"),
    ("JavaScript's encodeURIComponent", "%20", b"!~*'()"),
    ("JavaScript's encodeURI", "%20", b"!~*'();,/?:@&=+$#"),
    ("JavaScript's escape", "%20", b"@*+/"),
    ("URLSearchParams and Java's URLEncoder", "+", b"*"),
    ("Python's quote", "%20", b"~/"),
    ("Python's urlencode and Go's url.Values", "+", b"~"),
    ("Go's url.PathEscape", "%20", b"~$&+:=@"),
    (".NET's UrlEncode", "+", b"!*()"),
    (".NET's older HttpUtility.UrlEncode", "+", b"!*()'"),
    (".NET's EscapeUriString", "%20", b"!~*'();,/?:@&=+$#[]"),
    ("the query characters of RFC 3986", "%20", b"~!$'()*,;:@/?"),
    ("the query characters of RFC 3986, with `+` for a space", "+", b"~!$'()*,;:@/?"),
    ("a browser's address bar", "%20", b"~!$'()*,;:@/?[]{}|^`\\"),
];

/// What some encoder may leave alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Item {
    Byte(u8),
    /// The brackets in the names of arrays.
    Brackets,
    /// Whatever is not ASCII.
    Beyond,
}

/// Up to this many characters, every choice of them is tried.
const FEW: usize = 8;

/// How an encoder writes.
#[derive(Clone)]
pub struct Encoder {
    space: &'static str,
    pub left: Vec<Item>,
    /// What it escapes though PHP does not.
    escaped: Vec<u8>,
    lower: bool,
}

impl Encoder {
    /// One that leaves alone what PHP does.
    pub fn plain(space: &'static str) -> Self {
        Self { space, left: Vec::new(), escaped: Vec::new(), lower: false }
    }

    /// PHP's with `PHP_QUERY_RFC3986`.
    pub fn rfc3986() -> Self {
        Self { left: vec![Item::Byte(b'~')], ..Self::plain("%20") }
    }

    pub fn write(&self, values: &Values) -> Vec<Piece> {
        let mut left = [false; 256];
        for item in &self.left {
            match item {
                Item::Byte(byte) => left[usize::from(*byte)] = true,
                Item::Beyond => left[0x80..].fill(true),
                Item::Brackets => {}
            }
        }
        let mut left_in_names = left;
        for bracket in b"[]" {
            left_in_names[usize::from(*bracket)] = self.left.contains(&Item::Brackets);
        }
        let piece = |(name, value): &(Vec<u8>, Vec<u8>)| Piece {
            name: self.encode(name, &left_in_names),
            value: self.encode(value, &left),
            has_equals: true,
        };
        values.iter().map(piece).collect()
    }

    fn encode(&self, text: &[u8], left: &[bool; 256]) -> Vec<u8> {
        let mut encoded = Vec::with_capacity(text.len() + 16);
        let digits = if self.lower { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
        for byte in text {
            let stays = byte.is_ascii_alphanumeric() || b"-._".contains(byte) || left[usize::from(*byte)];
            match byte {
                b' ' => encoded.extend_from_slice(self.space.as_bytes()),
                _ if stays && !self.escaped.contains(byte) => encoded.push(*byte),
                _ => encoded.extend([b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]),
            }
        }
        encoded
    }
}

/// All that may have written these, at most this far from right.
pub fn encoders(values: &Values, right: Right, most: usize) -> Vec<Choice<Encoder>> {
    let items = items(values);
    let has_space = values.iter().any(|(name, value)| name.contains(&b' ') || value.contains(&b' '));
    let own: Vec<Item> = items.iter().copied().filter(|item| is_left(right.left, *item)).collect();
    let mut all = Vec::new();
    for space in SPACES.into_iter().filter(|space| has_space || *space == right.space) {
        for left in sets(&items) {
            let mut departures = Vec::new();
            let mut cost = 0;
            let encoder = encoder_of(space, has_space, &left, &items);
            if space != right.space {
                let cause = match space {
                    " " => format!("a space is not escaped, but should be `{}`", right.space),
                    _ => format!("a space is written as `{space}` instead of `{}`", right.space),
                };
                departures.push(Departure::new(cause, Side::Signer, right.change));
                cost += 1;
            }
            let more: Vec<Item> = left.iter().copied().filter(|item| !own.contains(item)).collect();
            if !more.is_empty() {
                departures.push(Departure::new(left_cause(&more, encoder), Side::Signer, right.change));
                cost +=
                    if more.len() == 1 || left.len() == items.len() || encoder.is_some() { 1 } else { RARE };
            }
            if own.iter().any(|item| !left.contains(item)) {
                let cause = "`~` is escaped, but should be left alone";
                departures.push(Departure::new(cause, Side::Signer, right.change));
                cost += 1;
            }
            // One encoder is one departure, however much is seen of it.
            if encoder.is_some() {
                cost = cost.min(1);
            }
            if cost > most {
                continue;
            }
            let encoder = Encoder { left, ..Encoder::plain(space) };
            all.push(Choice { value: encoder, departures, cost });
        }
    }
    let escapes = |text: &[u8]| -> bool {
        text.iter().any(|byte| !byte.is_ascii_alphanumeric() && !b"-._ ".contains(byte))
    };
    if values.iter().any(|(name, value)| escapes(name) || escapes(value)) {
        let departure = Departure::new(
            "escapes are in lower case (`%c3`) instead of upper case (`%C3`)",
            Side::Signer,
            right.change,
        );
        let lower = Choice::departing((), departure);
        let lower = all
            .iter()
            .filter(|one| one.cost < most)
            .map(|one| one.with(&lower, |encoder, ()| Encoder { lower: true, ..encoder.clone() }));
        all.extend(lower.collect::<Vec<_>>());
    }
    for byte in [b'.', b'-', b'_'] {
        if values.iter().any(|(name, value)| name.contains(&byte) || value.contains(&byte)) {
            let cause = format!("`{}` is escaped, but should be left alone", char::from(byte));
            let escaped = Choice::departing((), Departure::new(cause, Side::Signer, right.change));
            let near = all.iter().filter(|one| one.cost < most.min(2));
            let more = near.map(|one| {
                one.with(&escaped, |encoder, ()| Encoder {
                    escaped: [&encoder.escaped[..], &[byte]].concat(),
                    ..encoder.clone()
                })
            });
            all.extend(more.collect::<Vec<_>>());
        }
    }
    all
}

/// What there is that some encoder may leave alone.
fn items(values: &Values) -> Vec<Item> {
    let mut seen = [false; 256];
    let mut items = Vec::new();
    for (name, value) in values.iter() {
        if name.contains(&b'[') && !items.contains(&Item::Brackets) {
            items.push(Item::Brackets);
        }
        let names = name.iter().filter(|byte| !b"[]".contains(byte));
        for byte in names.chain(value) {
            seen[usize::from(*byte)] = true;
        }
    }
    let is_special = |byte: &u8| byte.is_ascii_punctuation() && !b"-._".contains(byte);
    items.extend((0..=0x7f).filter(|byte| seen[usize::from(*byte)]).filter(is_special).map(Item::Byte));
    if seen[0x80..].contains(&true) {
        items.push(Item::Beyond);
    }
    items
}

/// The sets of what may be left alone, the small ones first.
fn sets(items: &[Item]) -> Vec<Vec<Item>> {
    let mut sets: Vec<Vec<Item>> = if items.len() <= FEW {
        let chosen = |set: u32| (0..items.len()).filter(move |nth| set >> nth & 1 == 1);
        (0_u32..1 << items.len()).map(|set| chosen(set).map(|nth| items[nth]).collect()).collect()
    } else {
        let mut sets = vec![Vec::new(), items.to_vec()];
        sets.extend(items.iter().map(|item| vec![*item]));
        for (_, _, left) in ENCODERS {
            let set: Vec<Item> = items.iter().copied().filter(|item| is_left(left, *item)).collect();
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        sets
    };
    sets.sort_by_key(Vec::len);
    sets
}

fn is_left(left: &[u8], item: Item) -> bool {
    match item {
        Item::Byte(byte) => left.contains(&byte),
        Item::Brackets => left.contains(&b'['),
        Item::Beyond => false,
    }
}

/// The encoder that writes so, where there is one.
fn encoder_of(space: &str, has_space: bool, left: &[Item], items: &[Item]) -> Option<&'static str> {
    let writes_so = |(_, own, leaves): &&(&str, &str, &[u8])| {
        (*own == space || !has_space)
            && items.iter().all(|item| is_left(leaves, *item) == left.contains(item))
    };
    ENCODERS.iter().find(writes_so).map(|(name, ..)| *name)
}

fn left_cause(left: &[Item], encoder: Option<&str>) -> Text {
    let names: Vec<String> = left
        .iter()
        .map(|item| match item {
            Item::Byte(byte) => format!("`{}`", char::from(*byte)),
            Item::Brackets => "array brackets (`[` and `]`)".into(),
            Item::Beyond => "non-ASCII characters".into(),
        })
        .collect();
    let as_encoder = match encoder {
        Some(encoder) if left.len() > 1 => format!(", as with {encoder}"),
        _ => String::new(),
    };
    let are = if matches!(left, [Item::Byte(_)]) { "is" } else { "are" };
    format!("{} {are} left unescaped{as_encoder}", names.join(" ")).into()
}
