//! A URL read as a signed one: which parameter is the signature, and the lists of
//! parameters that may have been signed.

use super::{
    choice::{Choice, Departure, Side},
    edits::edits,
    parameters::{Parameter, as_php_reads, as_sent},
    scheme::{Role, Scheme},
    spelling,
    written::Natural,
};
use crate::request::Request;

/// How many signatures of one URL are looked at, besides the last.
const MANY: usize = 8;

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
            .take(MANY)
            .collect();
        let reading = Self { request: request.clone(), parameters, signature: last.value };
        let cost = departures.len();
        let mut all = vec![Choice { value: reading, departures, cost }];
        for signature in earlier {
            let cause = format!(
                "`{}` is in the URL more than once, and the right one is not the last",
                scheme.signature
            );
            let change = "send one signature only, that of the URL as it is sent";
            let reading = Self { signature, ..all[0].value.clone() };
            all.push(
                all[0].with(&Choice::departing((), Departure::new(cause, Side::Signer, change)), |_, ()| {
                    reading
                }),
            );
        }
        all
    }

    /// Visits the lists of parameters that may have been signed, at most this far from right, and
    /// how each should be written; the right one comes first. Each ends in an empty signature,
    /// which `signed` may choose. Lists are made one at a time, since there may be hundreds.
    pub fn lists(
        &self,
        scheme: &Scheme,
        most: usize,
        visit: &mut dyn FnMut(&Choice<Vec<Parameter>>, Natural) -> bool,
    ) -> bool {
        let query = self.request.query.as_deref().unwrap_or_default();
        let name =
            &self.parameters.iter().rfind(|one| one.role == Role::Signature).expect("a reading has one").name;
        let raw = [&name[..], b"="].concat();
        let empty = Parameter { name: name.clone(), value: Vec::new(), raw, role: Role::Signature };
        let mut visit = |mut list: Choice<Vec<Parameter>>, natural: Natural| {
            list.value.push(empty.clone());
            list.cost > most || visit(&list, natural)
        };
        let mut sent = as_sent(query, scheme);
        for one in &mut sent {
            if one.name == *name {
                one.role = Role::Signature;
            }
        }
        let is_same = sent.len() == self.parameters.len()
            && sent.iter().zip(&self.parameters).all(|(a, b)| a.name == b.name && a.value == b.value);
        let natural = scheme.natural();
        let is_read = !is_same && natural != Natural::Raw;
        let right = if is_read { &self.parameters } else { &sent };
        let mut is_on = visit(Choice::right(right.clone()), natural);
        if is_read {
            let cause =
                "the query was signed as it was sent, with names or arrays that PHP reads differently";
            let change =
                "sign what PHP reads (`a_b` for `a.b`, `a[0]` for `a[]`, and the last of two values)";
            let departure = Departure::new(cause, Side::Signer, change);
            is_on = is_on && visit(Choice::departing(sent.clone(), departure), Natural::Either);
        }
        is_on && (most == 0 || edits(right).all(|list| visit(list, natural)))
    }
}
