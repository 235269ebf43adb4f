//! The texts that may have been signed, by how far from right they are.

use super::{
    choice::{Choice, Departure, distinct, product},
    envelope::{Envelope, envelopes},
    order::orders,
    parameters::Parameter,
    reading::Reading,
    scheme::{Role, Scheme},
    shape::{Parts, Shape, shapes},
    signed::{Places, selections},
    written::{Natural, Piece, writings},
};

/// What a text departs in, by the ways in which it may.
pub type Trail<'t> = [&'t [Departure]; 5];

/// All texts that may have been signed.
pub enum Texts {
    /// What can be made of lists of parameters.
    Query { sources: Vec<Choice<Source>>, shapes: Vec<Choice<Shape>> },
    /// Bodies, each written out.
    Bodies(Vec<Choice<Vec<u8>>>),
}

/// So many bytes are written at most of the right list, over all ways.
const LARGEST: usize = 1 << 22;

/// A list of parameters, and each way to go on from there.
pub struct Source {
    parameters: Vec<Parameter>,
    arrangements: Vec<Choice<Places>>,
    writings: Vec<Choice<Vec<Piece>>>,
    envelopes: Vec<Choice<Envelope>>,
}

impl Texts {
    /// The texts of a reading, up to so far from right.
    pub fn of(reading: &Reading, scheme: &Scheme, most: usize) -> Self {
        let has_query = reading.parameters.iter().any(|one| matches!(one.role, Role::Signed | Role::Expires));
        let signed = scheme.signed(&reading.request);
        let envelopes = envelopes(&signed, &reading.request, scheme.extent(), has_query);
        let source = |parameters: &Vec<Parameter>, natural: Natural, cost: usize| {
            let most = most - cost;
            let chosen = selections(parameters, most);
            let orders = |places: &Places, most: usize| orders(places, parameters, scheme.order(), most);
            let arrangements = distinct(product(&chosen, most, orders, |_, order| order.clone()));
            let largest = if cost == 0 { LARGEST } else { LARGEST / 64 };
            let writings = writings(parameters, natural, most, largest);
            let envelopes = envelopes.iter().filter(|one| one.cost <= most).cloned().collect();
            Source { parameters: parameters.clone(), arrangements, writings, envelopes }
        };
        let lists = reading.lists(scheme).into_iter().filter(|list| list.cost <= most);
        let sources = lists.map(|list| {
            let cost = list.cost;
            list.map(|(parameters, natural)| source(&parameters, natural, cost))
        });
        Self::Query { sources: sources.collect(), shapes: shapes() }
    }

    /// What it took to make the choices, in MACs of short texts.
    pub fn work(&self) -> usize {
        match self {
            Self::Bodies(bodies) => bodies.len(),
            Self::Query { sources, .. } => sources.iter().map(|source| source.value.work()).sum(),
        }
    }

    /// Visits the texts that are just so far from right, until told to stop.
    pub fn visit<'t>(&'t self, cost: usize, visit: &mut dyn FnMut(&[u8], Trail<'t>) -> bool) -> bool {
        match self {
            Self::Bodies(bodies) => {
                let mut all = bodies.iter().filter(|body| body.cost == cost);
                all.all(|body| visit(&body.value, [&body.departures, &[], &[], &[], &[]]))
            }
            Self::Query { sources, shapes } => sources
                .iter()
                .filter(|source| source.cost <= cost)
                .all(|source| source.value.visit(cost - source.cost, shapes, &source.departures, visit)),
        }
    }
}

impl Source {
    fn work(&self) -> usize {
        const WORK_OF_CHOICE: usize = 4;
        let size = 1 + self.parameters.len() / 2;
        let choices = size * (self.arrangements.len() + self.writings.len()) + self.envelopes.len();
        WORK_OF_CHOICE * choices
    }

    fn visit<'t>(
        &'t self,
        cost: usize,
        shapes: &'t [Choice<Shape>],
        list: &'t [Departure],
        visit: &mut dyn FnMut(&[u8], Trail<'t>) -> bool,
    ) -> bool {
        let mut text = Vec::new();
        for arrangement in far_first(&self.arrangements, cost) {
            let cost = cost - arrangement.cost;
            let chosen = || arrangement.value.iter().map(|place| usize::from(*place));
            let parameters: Vec<&Parameter> = chosen().map(|place| &self.parameters[place]).collect();
            let mut parts = Parts { pieces: Vec::new(), parameters };
            for writing in far_first(&self.writings, cost) {
                let cost = cost - writing.cost;
                parts.pieces = chosen().map(|place| &writing.value[place]).collect();
                for shape in far_first(shapes, cost) {
                    let cost = cost - shape.cost;
                    let Some(inner) = shape.value.text(&parts) else { continue };
                    for envelope in at(&self.envelopes, cost) {
                        text.clear();
                        text.extend_from_slice(&envelope.value.front);
                        text.extend_from_slice(&inner);
                        text.extend_from_slice(&envelope.value.behind);
                        let trail: Trail<'t> = [
                            list,
                            &arrangement.departures,
                            &writing.departures,
                            &shape.departures,
                            &envelope.departures,
                        ];
                        if !visit(&text, trail) {
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
