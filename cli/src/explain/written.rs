//! The parameters written how: in which character set, by which encoder, or as they were sent.

use super::{
    bytes::rewriting,
    charsets::{Values, charsets},
    choice::{Choice, Departure, Side, distinct, product},
    encoder::{Encoder, encoders},
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

const CHANGE: &str = "write the query as PHP's http_build_query does (letters, digits, `-`, `.` and `_` stay, a space \
                      becomes `+`, everything else is escaped in upper-case hex)";
const CHANGE_RFC3986: &str = "write the query as PHP's http_build_query does with PHP_QUERY_RFC3986 (letters, digits, `-`, `.`, `_` and `~` stay, \
                              everything else is escaped in upper-case hex)";
const CHANGE_RAW: &str = "sign the query as it is sent, character for character";

/// What is written by rights: for a space, and what PHP otherwise escapes.
#[derive(Clone, Copy)]
pub struct Right {
    pub space: &'static str,
    pub left: &'static [u8],
    pub change: &'static str,
}

impl Right {
    pub fn of(natural: Natural) -> Self {
        match natural {
            Natural::Rfc3986 => Self { space: "%20", left: b"~", change: CHANGE_RFC3986 },
            _ => Self { space: "+", left: b"", change: CHANGE },
        }
    }
}

/// All ways in which the parameters may have been written, at most this far from right;
/// the right one comes first. At most `largest` bytes are written over all ways.
pub fn writings(
    parameters: &[Parameter],
    natural: Natural,
    most: usize,
    largest: usize,
) -> Vec<Choice<Vec<Piece>>> {
    let raw = parameters.iter().map(|one| raw(&one.raw)).collect();
    let pairs = |values: &Values, encoder: &Encoder| (values.clone(), encoder.clone());
    let right = Right::of(natural);
    let mut encoded =
        product(&charsets(parameters), most, |values, most| encoders(values, right, most), pairs);
    encoded.sort_by_key(|one| one.cost);
    let bytes: usize = 64 + parameters.iter().map(|one| 64 + one.raw.len()).sum::<usize>();
    encoded.truncate(1 + largest / bytes);
    let encoded: Vec<_> =
        encoded.into_iter().map(|one| one.map(|(values, encoder)| encoder.write(&values))).collect();
    let mut all = match natural {
        Natural::Encoded | Natural::Rfc3986 => {
            let cause =
                "the query was signed as it was sent, but PHP's http_build_query writes it differently";
            let departure = Departure::new(cause, Side::Signer, right.change);
            [encoded, vec![Choice::departing(raw, departure)]].concat()
        }
        Natural::Either => [vec![Choice::right(raw)], encoded].concat(),
        Natural::Raw => {
            let cause = "the query was signed as PHP's http_build_query writes it, not as it was sent";
            let anew = Choice::departing((), Departure::new(cause, Side::Signer, CHANGE_RAW));
            let encoded = encoded.iter().map(|one| one.with(&anew, |pieces, ()| pieces.clone()));
            // Laravel writes its links so: where this was signed, something else came of it.
            let own = Encoder::rfc3986();
            let values = charsets(parameters).swap_remove(0).value;
            let own = own.write(&values);
            let rewritten = rewriting(&joined(&own), &joined(&raw)).map(|cause| {
                let change =
                    "pass the query on unchanged, character for character, since Laravel signs it as sent";
                Choice::departing(own, Departure::new(cause, Side::Way, change))
            });
            [vec![Choice::right(raw)], rewritten.into_iter().collect(), encoded.collect()].concat()
        }
    };
    for one in all.clone() {
        let bare: Vec<Piece> = one.value.iter().map(without_equals).collect();
        if bare != one.value && one.cost < most.min(2) {
            let cause = "an empty parameter was signed without its `=`";
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
