//! The parameters written how: the encoder, its characters and its escapes.

use std::rc::Rc;

use super::{
    bytes::rewriting,
    choice::{Choice, Departure, RARE, Side, Text, distinct, product},
    parameters::Parameter,
};

/// A parameter as it stands in a text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Piece {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    /// Without it a parameter is only a name.
    pub has_equals: bool,
}

/// How parameters are to be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Natural {
    /// By PHP's `http_build_query`.
    Encoded,
    /// The same with `PHP_QUERY_RFC3986`.
    Rfc3986,
    /// As they were sent.
    Raw,
    /// Either, which is the case where the list itself is not what it should be.
    Either,
}

const CHANGE: &str = "write the query as PHP's http_build_query does: letters, digits, `-`, `.` and `_` stay, a space is `+`, and all \
                      else is escaped, in capitals";
const CHANGE_RFC3986: &str = "write the query as PHP's http_build_query does with PHP_QUERY_RFC3986: letters, digits, `-`, `.`, `_` and `~` stay, \
                              and all else is escaped, in capitals";
const CHANGE_RAW: &str = "sign the query as it is sent, character for character";

/// What is written by rights: for a space, and what PHP otherwise escapes.
#[derive(Clone, Copy)]
struct Right {
    space: &'static str,
    left: &'static [u8],
    change: &'static str,
}

impl Right {
    fn of(natural: Natural) -> Self {
        match natural {
            Natural::Rfc3986 => Self { space: "%20", left: b"~", change: CHANGE_RFC3986 },
            _ => Self { space: "+", left: b"", change: CHANGE },
        }
    }
}

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
enum Item {
    Byte(u8),
    /// The brackets in the names of arrays.
    Brackets,
    /// Whatever is not ASCII.
    Beyond,
}

/// Up to so many characters, every choice of them is tried.
const FEW: usize = 8;

/// All ways in which the parameters may have been written, up to so far from right;
/// the right one first. So many bytes are written at most, over all ways.
pub fn writings(
    parameters: &[Parameter],
    natural: Natural,
    most: usize,
    largest: usize,
) -> Vec<Choice<Vec<Piece>>> {
    let raw = parameters.iter().map(|one| raw(&one.raw)).collect();
    let pairs = |values: &Values, encoder: &Encoder| (values.clone(), encoder.clone());
    let right = Right::of(natural);
    let mut encoded = product(&charsets(parameters), most, |values, _| encoders(values, right), pairs);
    encoded.sort_by_key(|one| one.cost);
    let bytes: usize = 64 + parameters.iter().map(|one| 64 + one.raw.len()).sum::<usize>();
    encoded.truncate(1 + largest / bytes);
    let encoded: Vec<_> =
        encoded.into_iter().map(|one| one.map(|(values, encoder)| encoder.write(&values))).collect();
    let mut all = match natural {
        Natural::Encoded | Natural::Rfc3986 => {
            let cause = "the query is signed as it was sent, which PHP's http_build_query writes differently";
            let departure = Departure::new(cause, Side::Signer, right.change);
            [encoded, vec![Choice::departing(raw, departure)]].concat()
        }
        Natural::Either => [vec![Choice::right(raw)], encoded].concat(),
        Natural::Raw => {
            let cause = "the query is signed as PHP's http_build_query writes it, and not as it was sent";
            let anew = Choice::departing((), Departure::new(cause, Side::Signer, CHANGE_RAW));
            let encoded = encoded.iter().map(|one| one.with(&anew, |pieces, ()| pieces.clone()));
            // Laravel writes its links so: where this was signed, something else came of it.
            let own = Encoder { left: vec![Item::Byte(b'~')], ..Encoder::plain("%20") };
            let values = charsets(parameters).swap_remove(0).value;
            let own = own.write(&values);
            let rewritten = rewriting(&joined(&own), &joined(&raw)).map(|cause| {
                let change = "pass the query on as it is, character for character: Laravel signs it so";
                Choice::departing(own, Departure::new(cause, Side::Way, change))
            });
            [vec![Choice::right(raw)], rewritten.into_iter().collect(), encoded.collect()].concat()
        }
    };
    for one in all.clone() {
        let bare: Vec<Piece> = one.value.iter().map(without_equals).collect();
        if bare != one.value && one.cost < most.min(2) {
            let cause = "an empty parameter is signed without its `=`";
            let departure = Departure::new(cause, Side::Signer, "write `=` after each name");
            all.push(one.with(&Choice::departing((), departure), |_, ()| bare));
        }
    }
    all.retain(|one| one.cost <= most);
    distinct(all)
}

fn raw(text: &[u8]) -> Piece {
    let mut parts = text.splitn(2, |byte| *byte == b'=');
    let name = parts.next().unwrap_or_default().to_vec();
    let value = parts.next();
    Piece { name, value: value.unwrap_or_default().to_vec(), has_equals: value.is_some() }
}

fn without_equals(piece: &Piece) -> Piece {
    Piece { has_equals: piece.has_equals && !piece.value.is_empty(), ..piece.clone() }
}

fn joined(pieces: &[Piece]) -> Vec<u8> {
    let written = |piece: &Piece| {
        let equals: &[u8] = if piece.has_equals { b"=" } else { b"" };
        [&piece.name, equals, &piece.value].concat()
    };
    pieces.iter().map(written).collect::<Vec<_>>().join(&b"&"[..])
}

/// Names and values, decoded.
type Values = Rc<Vec<(Vec<u8>, Vec<u8>)>>;

type Recode = fn(&[u8]) -> Option<Vec<u8>>;

/// Other character sets, and what is made of characters beyond ASCII.
const CHARSETS: &[(&str, Recode)] = &[
    ("the text is signed in another character set, Latin-1 and not UTF-8", |text| {
        str::from_utf8(text).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
    }),
    ("the text is signed in UTF-8, and was sent in another character set, Latin-1", |text| {
        let is_latin = str::from_utf8(text).is_err();
        (is_latin || text.is_ascii())
            .then(|| text.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    ("the text is signed in UTF-8 that was encoded twice", |text| {
        str::from_utf8(text).ok()?;
        Some(text.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    ("the text is signed in UTF-8 that was encoded twice, as Windows-1252", |text| {
        str::from_utf8(text).ok()?;
        Some(text.iter().map(|byte| windows_1252(*byte)).collect::<String>().into())
    }),
    ("the text was encoded as UTF-8 twice before it was sent", |text| {
        let once: Option<Vec<u8>> =
            str::from_utf8(text).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
        once.filter(|once| str::from_utf8(once).is_ok())
    }),
    ("the text is signed in UTF-16 escapes, `\\u…`", |text| {
        let escape = |char: char| match char.is_ascii() {
            true => char.to_string(),
            false => char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        };
        Some(str::from_utf8(text).ok()?.chars().map(escape).collect::<String>().into())
    }),
    ("each character beyond ASCII is signed as `?`", |text| {
        let ascii = |char: char| if char.is_ascii() { char } else { '?' };
        Some(str::from_utf8(text).ok()?.chars().map(ascii).collect::<String>().into())
    }),
    ("each character beyond ASCII is signed as an HTML entity", |text| {
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

fn charsets(parameters: &[Parameter]) -> Vec<Choice<Values>> {
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

/// How an encoder writes.
#[derive(Clone)]
struct Encoder {
    space: &'static str,
    left: Vec<Item>,
    /// What it escapes though PHP does not.
    escaped: Vec<u8>,
    lower: bool,
}

impl Encoder {
    /// One that leaves alone what PHP does.
    fn plain(space: &'static str) -> Self {
        Self { space, left: Vec::new(), escaped: Vec::new(), lower: false }
    }

    fn write(&self, values: &Values) -> Vec<Piece> {
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

fn encoders(values: &Values, right: Right) -> Vec<Choice<Encoder>> {
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
                    " " => format!("a space is not encoded, where it should be `{}`", right.space),
                    _ => format!("a space is written as `{space}` and not as `{}`", right.space),
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
                let cause = "`~` is escaped, and should be left alone";
                departures.push(Departure::new(cause, Side::Signer, right.change));
                cost += 1;
            }
            // One encoder is one departure, however much is seen of it.
            if encoder.is_some() {
                cost = cost.min(1);
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
            "escapes are in lower case (`%c3`) and not in capitals (`%C3`)",
            Side::Signer,
            right.change,
        );
        let lower = Choice::departing((), departure);
        let lower =
            all.iter().map(|one| one.with(&lower, |encoder, ()| Encoder { lower: true, ..encoder.clone() }));
        all.extend(lower.collect::<Vec<_>>());
    }
    for byte in [b'.', b'-', b'_'] {
        if values.iter().any(|(name, value)| name.contains(&byte) || value.contains(&byte)) {
            let cause = format!("`{}` is escaped, and should be left alone", char::from(byte));
            let escaped = Choice::departing((), Departure::new(cause, Side::Signer, right.change));
            let near = all.iter().filter(|one| one.cost < 2);
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
            Item::Brackets => "the brackets of arrays (`[` and `]`)".into(),
            Item::Beyond => "characters beyond ASCII".into(),
        })
        .collect();
    let as_encoder = match encoder {
        Some(encoder) if left.len() > 1 => format!(", as by {encoder}"),
        _ => String::new(),
    };
    format!("left alone and not escaped: {}{as_encoder}", names.join(" ")).into()
}
