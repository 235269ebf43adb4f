//! How the result was written: the bytes that a signature may stand for. They are read
//! from what came, once, and each MAC is compared with all of them.

use signed_query::Writing;

use super::{
    bytes::decode,
    choice::{Choice, Departure, Side, distinct, show},
    digits::{Form, from_base32, from_base64, from_hex, longest_run},
};

/// What a MAC is compared with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Digest {
    bytes: Vec<u8>,
    part: Part,
    /// How many bytes the MAC that this was made of has, at least.
    pub length: usize,
}

/// Which part of a MAC was sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Part {
    /// From the first byte on, and all of them if there are as many.
    Start,
    End,
    /// Hex in which the first digit of each byte is missing where it is 0.
    Unpadded,
}

impl Digest {
    fn start(bytes: Vec<u8>) -> Self {
        Self { length: bytes.len(), bytes, part: Part::Start }
    }

    /// How many hex digits of a MAC it tells.
    pub fn digits(&self) -> usize {
        match self.part {
            Part::Start | Part::End => 2 * self.bytes.len(),
            Part::Unpadded => self.bytes.len(),
        }
    }

    /// Whether this is what may be sent for a MAC.
    pub fn is_of(&self, mac: &[u8]) -> bool {
        match self.part {
            Part::Start => mac.starts_with(&self.bytes),
            Part::End => mac.len() > self.bytes.len() && mac.ends_with(&self.bytes),
            Part::Unpadded => unpadded(mac).eq(self.bytes.iter().copied()),
        }
    }
}

/// The digits of bytes that were each written as a number by itself.
fn unpadded(mac: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |value: u8| char::from_digit(value.into(), 16).map_or(b'0', |digit| digit as u8);
    mac.iter().flat_map(move |byte| {
        let high = (*byte > 0xf).then(|| digit(byte >> 4));
        high.into_iter().chain([digit(byte & 0xf)])
    })
}

/// What to change, by how the MAC should be written.
fn change_to(right: Writing) -> &'static str {
    match right {
        Writing::Hex => "write the MAC in lower-case hex and nothing else",
        Writing::UpperHex => "write the MAC in upper-case hex and nothing else",
        Writing::Base64 => "write the MAC in base64 and nothing else, and escape it for the query",
        Writing::Base64Url => "write the MAC in base64url without padding and nothing else",
    }
}

fn name_of(writing: Writing) -> &'static str {
    match writing {
        Writing::Hex => "hex",
        Writing::UpperHex => "upper-case hex",
        Writing::Base64 => "base64",
        Writing::Base64Url => "base64url",
    }
}

/// All that a signature or a hash may stand for, which `sent_as` says; what it is by the rules
/// comes first.
pub fn decodings(sent: &[u8], right: &[Writing], sent_as: &str) -> Vec<Choice<Digest>> {
    let change = change_to(right[0]);
    let mut found = Vec::new();
    for core in cores(sent, change, sent_as) {
        for decoded in read(&core.value, right, change, sent_as) {
            found.push(core.with(&decoded, |_, digest| digest.clone()));
        }
    }
    found.retain(|choice| choice.value.bytes.len() >= SHORTEST);
    let ends: Vec<_> = found.iter().filter(|one| one.value.part == Part::Start).map(end_of_mac).collect();
    found.extend(ends);
    distinct(found)
}

/// With fewer bytes a match would say nothing, however few MACs are tried.
const SHORTEST: usize = 4;

fn end_of_mac(choice: &Choice<Digest>) -> Choice<Digest> {
    let cause = "only the end of the MAC was sent";
    let departure = Departure::new(cause, Side::Signer, "send the whole MAC");
    choice.with(&Choice::departing((), departure), |digest, ()| Digest { part: Part::End, ..digest.clone() })
}

/// A signature with and without what is around it.
fn cores(sent: &[u8], change: &'static str, sent_as: &str) -> Vec<Choice<Vec<u8>>> {
    let mut cores = vec![Choice::right(sent.to_vec())];
    // Of base64 it may be a `+` that was not escaped, which is tried as it is.
    let compact: Vec<u8> = sent.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let sent = if compact.len() < sent.trim_ascii().len() {
        let departure = Departure::new(
            format!("white space got into the {sent_as}"),
            Side::Way,
            "copy all of it and nothing else",
        );
        cores.push(Choice::departing(compact.clone(), departure));
        // What is left of it where it ends was not cut off.
        if compact.iter().all(u8::is_ascii_hexdigit) { return cores } else { sent }
    } else {
        sent
    };
    let around = |core: &[u8], front: &[u8], behind: &[u8]| {
        let mut choice = Choice::right(core.to_vec());
        for (part, place) in [(front, "precedes"), (behind, "follows")] {
            if !part.is_empty() {
                let cause = format!("{} {place} the {sent_as}", quoted(part));
                choice.departures.push(Departure::new(cause, Side::Signer, change));
                choice.cost += 1;
            }
        }
        choice
    };
    if sent.contains(&b'%') {
        let departure =
            Departure::new(format!("the {sent_as} was escaped twice"), Side::Signer, "escape it once");
        cores.push(Choice::departing(decode(sent, false), departure));
    }
    let (start, end) = longest_run(sent, |byte| byte.is_ascii_hexdigit());
    if end - start >= 2 * SHORTEST_AMONG_OTHERS {
        cores.push(around(&sent[start..end], &sent[..start], &sent[end..]));
    }
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_= ".contains(&byte);
    let (mut start, end) = longest_run(sent, is_base64);
    // What is padding at the start is the end of a prefix, as in `sha256=`.
    if let Some(equals) = sent[start..end].iter().position(|byte| *byte == b'=')
        && equals < LONGEST_PREFIX
    {
        start += equals + 1;
    }
    let blank = |part: &[u8]| part.len() - part.trim_ascii().len();
    if end - start > blank(&sent[start..end]) {
        start += sent[start..end].len() - sent[start..end].trim_ascii_start().len();
        let end = start + sent[start..end].trim_ascii_end().len();
        cores.push(around(&sent[start..end], &sent[..start], &sent[end..]));
    }
    distinct(cores)
}

const SHORTEST_AMONG_OTHERS: usize = 8;
const LONGEST_PREFIX: usize = 16;

fn quoted(part: &[u8]) -> String {
    match part {
        b" " => "a space".into(),
        [b'\n'] | b"\r\n" => "a line ending".into(),
        _ if show(part).starts_with("\\u{") => format!("an invisible character, `{}`,", show(part)),
        _ => format!("`{}`", show(&part[..part.len().min(40)])),
    }
}

/// What a text may stand for, with nothing around it.
fn read(text: &[u8], right: &[Writing], change: &'static str, sent_as: &str) -> Vec<Choice<Digest>> {
    let departing = |bytes: Vec<u8>, cause: &str| {
        Choice::departing(Digest::start(bytes), Departure::new(cause.to_owned(), Side::Signer, change))
    };
    let written = |bytes: Vec<u8>, writing: Writing| match right.contains(&writing) {
        true => Choice::right(Digest::start(bytes)),
        false => {
            let cause = match (writing, right[0]) {
                (Writing::UpperHex, Writing::Hex) => format!("the {sent_as} is in upper-case hex"),
                (Writing::Hex, Writing::UpperHex) => format!("the {sent_as} is in lower-case hex"),
                (is, should) => {
                    format!("the {sent_as} is in {} instead of {}", name_of(is), name_of(should))
                }
            };
            departing(bytes, &cause)
        }
    };
    let mut found = Vec::new();
    if let Some(bytes) = from_hex(text) {
        let has = |is_it: fn(&u8) -> bool| text.iter().any(is_it);
        let is_right = right.iter().any(|right| match right {
            Writing::Hex => !has(u8::is_ascii_uppercase),
            Writing::UpperHex => !has(u8::is_ascii_lowercase),
            Writing::Base64 | Writing::Base64Url => false,
        });
        found.push(match has(u8::is_ascii_uppercase) {
            _ if is_right => Choice::right(Digest::start(bytes.clone())),
            true => written(bytes.clone(), Writing::UpperHex),
            false => written(bytes.clone(), Writing::Hex),
        });
        if let Some(inner) = from_hex(&bytes) {
            found.push(departing(inner, &format!("the {sent_as} is the hex of the hex")));
        }
        for length in LENGTHS.into_iter().filter(|length| (length + 1..2 * length).contains(&text.len())) {
            let departure = Departure::new(
                format!("the {sent_as} is in hex without leading zeros"),
                Side::Signer,
                change,
            );
            let padded = [&vec![b'0'; 2 * length - text.len()], text].concat();
            found.extend(
                from_hex(&padded).map(|bytes| Choice::departing(Digest::start(bytes), departure.clone())),
            );
            let unpadded = Digest { bytes: text.to_ascii_lowercase(), part: Part::Unpadded, length };
            found.push(Choice::departing(unpadded, departure));
        }
        return found;
    }
    let without: Vec<u8> = text.iter().copied().filter(|byte| !b"-:,".contains(byte)).collect();
    if let Some(bytes) = from_hex(&without) {
        found.push(departing(bytes, &format!("the {sent_as} is in hex with something between the digits")));
        return found;
    }
    if let Some((bytes, form)) = from_base64(text) {
        let is_of_base64 = right.iter().any(|right| matches!(right, Writing::Base64 | Writing::Base64Url));
        found.push(match form {
            Form::Standard => written(bytes.clone(), Writing::Base64),
            Form::UrlSafeUnpadded => written(bytes.clone(), Writing::Base64Url),
            _ if is_of_base64 => departing(bytes.clone(), &form.cause(sent_as)),
            _ => written(bytes.clone(), Writing::Base64),
        });
        if let Some(inner) = from_hex(&bytes) {
            found.push(departing(inner, &format!("the {sent_as} is the base64 of the hex")));
        }
    }
    if let Some(bytes) = from_base32(text) {
        found.push(departing(bytes, &format!("the {sent_as} is in base32")));
    }
    if text.iter().any(|byte| !byte.is_ascii_graphic()) {
        found.push(departing(text.to_vec(), &format!("the {sent_as} is the raw bytes of the MAC")));
    }
    found
}

/// The usual lengths of a MAC.
const LENGTHS: [usize; 2] = [32, 20];
