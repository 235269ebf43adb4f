//! The texts that may have been signed, by how far from right they are.

use super::{
    bodies::MANY,
    choice::{Choice, Departure, MOST, distinct, product},
    envelope::{Envelope, envelopes},
    order::orders,
    parameters::Parameter,
    reading::Reading,
    scheme::{Role, Scheme},
    search::Spent,
    shape::{Parts, SHAPES},
    signed::{Places, selections},
    written::{Natural, Piece, writings},
};

/// What a text departs in, by the ways in which it may.
pub type Trail<'t> = [&'t [Departure]; 5];

/// What is done with each text; whether to go on.
pub type Visit<'v> = &'v mut dyn FnMut(&[u8], Trail<'_>, &mut Spent) -> bool;

/// All texts that may have been signed. They are made anew for each visit, a list of
/// parameters at a time: all of them at once would fill hundreds of megabytes.
pub enum Texts<'r> {
    /// What can be made of the parameters that came.
    Query(&'r Reading, &'r Scheme),
    /// Bodies, each written out.
    Bodies(Vec<Choice<Vec<u8>>>),
}

/// How many bytes of the right list are written at most, over all ways.
const LARGEST: usize = 1 << 21;

/// A list of parameters, and each way to go on from there.
struct Source<'s> {
    parameters: &'s [Parameter],
    arrangements: Vec<Choice<Places>>,
    writings: Vec<Choice<Vec<Piece>>>,
    envelopes: &'s [Choice<Envelope>],
}

impl Texts<'_> {
    /// What that is called which was made of a text and sent.
    pub fn sent_as(&self) -> &'static str {
        match self {
            Self::Query(..) => "signature",
            Self::Bodies(_) => "hash",
        }
    }

    /// Visits the texts that are exactly this far from right, until told to stop.
    pub fn visit(&self, cost: usize, spent: &mut Spent, visit: Visit<'_>) -> bool {
        match self {
            Self::Bodies(bodies) => {
                spent.is_cut |= cost == MOST && bodies.len() >= MANY;
                let mut all = bodies.iter().filter(|body| body.cost == cost);
                all.all(|body| visit(&body.value, [&body.departures, &[], &[], &[], &[]], spent))
            }
            Self::Query(reading, scheme) => {
                let is_of_query = |one: &Parameter| matches!(one.role, Role::Signed | Role::Expires);
                let has_query = reading.parameters.iter().any(is_of_query);
                let signed = scheme.signed(&reading.request);
                let envelopes = envelopes(&signed, &reading.request, scheme.extent(), has_query, cost);
                spent.work += envelopes.len();
                reading.lists(scheme, cost, &mut |list, natural| {
                    let cost = cost - list.cost;
                    let largest = if list.cost == 0 { LARGEST } else { LARGEST / 32 };
                    let source = Source::of(&list.value, natural, scheme, &envelopes, cost, largest);
                    spent.work += source.work();
                    !spent.is_all() && source.visit(cost, &list.departures, spent, visit)
                })
            }
        }
    }
}

impl<'s> Source<'s> {
    /// What comes of a list, at most this far from right.
    fn of(
        parameters: &'s [Parameter],
        natural: Natural,
        scheme: &Scheme,
        envelopes: &'s [Choice<Envelope>],
        most: usize,
        largest: usize,
    ) -> Self {
        let orders = |places: &Places, most: usize| orders(places, parameters, scheme.order(), most);
        let arrangements =
            distinct(product(&selections(parameters, most), most, orders, |_, order| order.clone()));
        Self { parameters, arrangements, writings: writings(parameters, natural, most, largest), envelopes }
    }

    /// What it took to make the choices, in MACs of short texts.
    fn work(&self) -> usize {
        const WORK_OF_CHOICE: usize = 4;
        WORK_OF_CHOICE * (1 + self.parameters.len() / 2) * (self.arrangements.len() + self.writings.len())
    }

    fn visit(&self, cost: usize, list: &[Departure], spent: &mut Spent, visit: Visit<'_>) -> bool {
        let mut text = Vec::new();
        for arrangement in far_first(&self.arrangements, cost) {
            let cost = cost - arrangement.cost;
            let chosen = || arrangement.value.iter().map(|place| usize::from(*place));
            let parameters: Vec<&Parameter> = chosen().map(|place| &self.parameters[place]).collect();
            let mut parts = Parts { pieces: Vec::new(), parameters };
            for writing in far_first(&self.writings, cost) {
                let cost = cost - writing.cost;
                parts.pieces = chosen().map(|place| &writing.value[place]).collect();
                for shape in far_first(&SHAPES, cost) {
                    let cost = cost - shape.cost;
                    let Some(inner) = shape.value.text(&parts) else { continue };
                    for envelope in at(self.envelopes, cost) {
                        text.clear();
                        text.extend_from_slice(&envelope.value.front);
                        text.extend_from_slice(&inner);
                        text.extend_from_slice(&envelope.value.behind);
                        let trail: Trail<'_> = [
                            list,
                            &arrangement.departures,
                            &writing.departures,
                            &shape.departures,
                            &envelope.departures,
                        ];
                        if !visit(&text, trail, spent) {
                            return false;
                        }
                    }
                }
            }
        }
        true
    }
}

/// The choices of a sorted list that cost no more, the far ones first: where one text
/// comes of several choices, it is named by what is special and not by what is left.
fn far_first<T>(choices: &[Choice<T>], cost: usize) -> impl Iterator<Item = &Choice<T>> {
    (0..=cost).rev().flat_map(|cost| at(choices, cost))
}

/// The choices of a sorted list that cost so much.
fn at<T>(choices: &[Choice<T>], cost: usize) -> &[Choice<T>] {
    let up_to = |cost: usize| choices.partition_point(|choice| choice.cost < cost);
    &choices[up_to(cost)..up_to(cost + 1)]
}
