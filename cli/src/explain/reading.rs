//! A URL read as a signed one: which parameter is the signature, and the lists of
//! parameters that may have been signed.

use super::{
    choice::{Choice, Departure, Side},
    parameters::{Parameter, as_php_reads, as_sent},
    scheme::{Role, Scheme},
    spelling,
    written::Natural,
};
use crate::request::Request;

/// A URL that has a signature.
#[derive(Clone)]
pub struct Reading {
    pub request: Request,
    /// As PHP has them.
    pub parameters: Vec<Parameter>,
    pub signature: Vec<u8>,
}

impl Reading {
    /// The parameters of a URL and its signature, under whatever name; more than one
    /// reading where there is more than one signature.
    pub fn of(request: &Request, scheme: &Scheme) -> Vec<Choice<Self>> {
        let Some(query) = &request.query else { return Vec::new() };
        let sent = as_sent(query, scheme);
        let mut parameters = as_php_reads(query, scheme).unwrap_or_else(|| sent.clone());
        let is_signature = |one: &Parameter| one.role == Role::Signature;
        let mut departures = Vec::new();
        let place = parameters.iter().rposition(is_signature).or_else(|| {
            let place = spelling::misspelt(&parameters, Role::Signature, scheme)?;
            parameters[place].role = Role::Signature;
            Some(place)
        });
        let Some(place) = place else { return Vec::new() };
        let last = parameters[place].clone();
        if last.name != scheme.signature.as_bytes() {
            departures.push(spelling::departure(&last, &scheme.signature));
        }
        let earlier: Vec<Vec<u8>> = sent
            .into_iter()
            .filter(|one| is_signature(one) && one.value != last.value)
            .map(|one| one.value)
            .collect();
        let reading = Self { request: request.clone(), parameters, signature: last.value };
        let cost = departures.len();
        let mut all = vec![Choice { value: reading, departures, cost }];
        for signature in earlier {
            let cause = format!(
                "`{}` is in the URL more than once, and the right one is not the last",
                scheme.signature
            );
            let change = "send one signature, that of the URL as it is sent";
            let reading = Self { signature, ..all[0].value.clone() };
            all.push(
                all[0].with(&Choice::departing((), Departure::new(cause, Side::Signer, change)), |_, ()| {
                    reading
                }),
            );
        }
        all
    }

    /// The lists of parameters that may have been signed, and how each is written by
    /// rights; the right one first. Each ends in an empty signature, which `signed`
    /// may choose.
    pub fn lists(&self, scheme: &Scheme) -> Vec<Choice<(Vec<Parameter>, Natural)>> {
        let query = self.request.query.as_deref().unwrap_or_default();
        let name =
            &self.parameters.iter().rfind(|one| one.role == Role::Signature).expect("a reading has one").name;
        let mut sent = as_sent(query, scheme);
        for one in &mut sent {
            if one.name == *name {
                one.role = Role::Signature;
            }
        }
        let is_same = sent.len() == self.parameters.len()
            && sent.iter().zip(&self.parameters).all(|(a, b)| a.name == b.name && a.value == b.value);
        let natural = scheme.natural();
        let mut lists = Vec::new();
        match natural {
            Natural::Encoded | Natural::Rfc3986 if !is_same => {
                lists.push(Choice::right((self.parameters.clone(), natural)));
                let cause = "the query is signed as it was sent: names, arrays or repeated names are not as PHP reads them";
                let change =
                    "sign what PHP reads: `a_b` for `a.b`, `a[0]` for `a[]`, and of two values the last";
                let departure = Departure::new(cause, Side::Signer, change);
                lists.push(Choice::departing((sent, Natural::Either), departure));
            }
            _ => lists.push(Choice::right((sent, natural))),
        }
        let right = lists[0].value.0.clone();
        for (cause, change, edit) in EDITS {
            let edited: Vec<Parameter> = right.iter().cloned().map(|one| edited(one, *edit)).collect();
            if edited != right {
                lists.push(Choice::departing(
                    (edited, natural),
                    Departure::new(*cause, Side::Signer, *change),
                ));
            }
        }
        let raw = [&name[..], b"="].concat();
        let empty = Parameter { name: name.clone(), value: Vec::new(), raw, role: Role::Signature };
        for list in &mut lists {
            list.value.0.push(empty.clone());
        }
        lists
    }
}

type Edit = fn(&mut Parameter);

const SAME: &str = "sign the values that are sent";
const ARRAYS: &str = "write arrays as PHP does, each element as `name[0]`, `name[1]`";

/// What signers sign in other words than they send.
const EDITS: &[(&str, &str, Edit)] = &[
    ("arrays are signed raw, without their indices (`a[]` for `a[0]`)", ARRAYS, |one| {
        one.name = rename(&one.name, |index| {
            if index.iter().all(u8::is_ascii_digit) { b"[]".to_vec() } else { bracketed(index) }
        });
    }),
    ("arrays are signed without brackets (`a` for `a[0]`)", ARRAYS, |one| {
        one.name = rename(&one.name, |_| Vec::new())
    }),
    ("arrays are signed with dots for brackets (`a.0` for `a[0]`)", ARRAYS, |one| {
        one.name = rename(&one.name, |index| [b".", index].concat());
    }),
    ("white space at the ends of values is not in what was signed", SAME, |one| {
        one.value = one.value.trim_ascii().into()
    }),
    ("the expiry is signed in seconds, and was sent in milliseconds", SAME, |one| {
        scale(one, |expires| expires / 1000)
    }),
    ("the expiry is signed in milliseconds, and was sent in seconds", SAME, |one| {
        scale(one, |expires| expires.saturating_mul(1000));
    }),
    ("line ends in values are signed as LF, and were sent as CR LF", SAME, |one| {
        one.value = super::bytes::replace(&one.value, b"\r\n", b"\n");
    }),
    ("line ends in values are signed as CR LF, and were sent as LF", SAME, |one| {
        one.value = super::bytes::replace(&one.value, b"\n", b"\r\n");
    }),
    ("values are signed with HTML entities (`&amp;`), as PHP's htmlspecialchars makes them", SAME, |one| {
        for (plain, entity) in
            [("&", "&amp;"), ("\"", "&quot;"), ("'", "&#039;"), ("<", "&lt;"), (">", "&gt;")]
        {
            one.value = super::bytes::replace(&one.value, plain.as_bytes(), entity.as_bytes());
        }
    }),
    ("values are signed with backslashes, as PHP's addslashes makes them", SAME, |one| {
        for plain in ["\\", "'", "\""] {
            one.value = super::bytes::replace(&one.value, plain.as_bytes(), format!("\\{plain}").as_bytes());
        }
    }),
    ("values are signed in lower case", SAME, |one| one.value.make_ascii_lowercase()),
    ("names are signed in lower case", SAME, |one| one.name.make_ascii_lowercase()),
    ("`true` and `false` are signed as PHP writes them, `1` and `0`", SAME, |one| match &one.value[..] {
        b"true" => one.value = b"1".into(),
        b"false" => one.value = b"0".into(),
        _ => {}
    }),
    ("`1` and `0` are signed as `true` and `false`", SAME, |one| match &one.value[..] {
        b"1" => one.value = b"true".into(),
        b"0" => one.value = b"false".into(),
        _ => {}
    }),
    ("an empty value is signed as `null`", SAME, |one| {
        if one.value.is_empty() {
            one.value = b"null".into();
        }
    }),
];

/// A parameter after an edit, which a signature is spared.
fn edited(mut one: Parameter, edit: Edit) -> Parameter {
    let before = (one.name.clone(), one.value.clone());
    if one.role != Role::Signature {
        edit(&mut one);
    }
    if (&one.name, &one.value) != (&before.0, &before.1) {
        let written: String = form_urlencoded::byte_serialize(&one.name)
            .chain(["="])
            .chain(form_urlencoded::byte_serialize(&one.value))
            .collect();
        one.raw = written.into();
    }
    one
}

fn rename(name: &[u8], bracket: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut parts = name.split(|byte| *byte == b'[');
    let first = parts.next().unwrap_or_default().to_vec();
    parts.fold(first, |name, index| [name, bracket(index.strip_suffix(b"]").unwrap_or(index))].concat())
}

fn bracketed(index: &[u8]) -> Vec<u8> {
    [b"[", index, b"]"].concat()
}

fn scale(one: &mut Parameter, change: fn(u64) -> u64) {
    let number = str::from_utf8(&one.value).ok().and_then(|text| text.parse().ok());
    if let (Role::Expires, Some(number)) = (one.role, number) {
        one.value = change(number).to_string().into();
    }
}
