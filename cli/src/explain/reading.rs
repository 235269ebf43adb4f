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
        lists.extend(edits(&right).into_iter().map(|edited| edited.map(|list| (list, natural))));
        let raw = [&name[..], b"="].concat();
        let empty = Parameter { name: name.clone(), value: Vec::new(), raw, role: Role::Signature };
        for list in &mut lists {
            list.value.0.push(empty.clone());
        }
        lists
    }
}
