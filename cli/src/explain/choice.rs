//! A choice that a signer, or something in transit, may have made, and how it departs from the
//! right one.

use std::{
    borrow::Cow,
    collections::HashSet,
    hash::{BuildHasher, Hash, RandomState},
};

/// A text that is mostly written once, in a list.
pub type Text = Cow<'static, str>;

/// Where a departure has to be fixed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Signer,
    Server,
    /// Between the two: a mail program, a proxy, someone who copied the URL.
    Way,
    /// It can't be told which of the two.
    Both,
}

/// One thing that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Departure {
    pub cause: Text,
    pub side: Side,
    pub change: Text,
}

impl Departure {
    pub fn new(cause: impl Into<Text>, side: Side, change: impl Into<Text>) -> Self {
        Self { cause: cause.into(), side, change: change.into() }
    }
}

/// A value, how it departs from the right one, and what that costs the search.
#[derive(Clone, Debug)]
pub struct Choice<T> {
    pub value: T,
    pub departures: Vec<Departure>,
    /// How far from right it is: the search goes through the low ones first.
    pub cost: usize,
}

/// No list holds what is further from right than this by itself.
pub const MOST: usize = 3;

/// What one of hundreds of likewise unusual choices costs, such as any other order.
pub const RARE: usize = 2;

impl<T> Choice<T> {
    pub fn right(value: T) -> Self {
        Self { value, departures: Vec::new(), cost: 0 }
    }

    pub fn departing(value: T, departure: Departure) -> Self {
        Self { value, departures: vec![departure], cost: 1 }
    }

    pub fn costing(mut self, cost: usize) -> Self {
        self.cost = cost;
        self
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Choice<U> {
        Choice { value: change(self.value), departures: self.departures, cost: self.cost }
    }

    /// This choice and another one together.
    pub fn with<U, V>(&self, other: &Choice<U>, join: impl FnOnce(&T, &U) -> V) -> Choice<V> {
        Choice {
            value: join(&self.value, &other.value),
            departures: [&self.departures[..], &other.departures].concat(),
            cost: self.cost + other.cost,
        }
    }
}

/// Each choice of one list with each choice that `second` has for it, together at most this far
/// from right; `second` is told how far is left to it.
pub fn product<T, U, V>(
    first: &[Choice<T>],
    most: usize,
    second: impl Fn(&T, usize) -> Vec<Choice<U>>,
    join: impl Fn(&T, &U) -> V,
) -> Vec<Choice<V>> {
    let mut all = Vec::new();
    for one in first.iter().filter(|one| one.cost <= most) {
        let others = second(&one.value, most - one.cost);
        let near = others.iter().filter(|other| one.cost + other.cost <= most);
        all.extend(near.map(|other| one.with(other, &join)));
    }
    all
}

/// The nearest one of those that have the same value; the nearest first.
pub fn distinct<T: Hash>(mut choices: Vec<Choice<T>>) -> Vec<Choice<T>> {
    choices.sort_by_key(|choice| choice.cost);
    // Hashes are kept, and not values: those are large.
    let (mut seen, hasher) = (HashSet::new(), RandomState::new());
    choices.retain(|choice| seen.insert(hasher.hash_one(&choice.value)));
    choices
}

/// All that comes of changes to a value, made one after another, at most `most` of them.
pub fn closure<T: Clone + Hash, I: Iterator<Item = Choice<T>>>(
    value: T,
    most: usize,
    largest: usize,
    changes: impl Fn(T) -> I,
) -> Vec<Choice<T>> {
    let hasher = RandomState::new();
    let mut seen = HashSet::from([hasher.hash_one(&value)]);
    let mut all = vec![Choice::right(value)];
    let mut done = 0;
    while let Some(from) = all.get(done).filter(|_| all.len() < largest).cloned() {
        done += 1;
        if from.cost >= most {
            continue;
        }
        for change in changes(from.value.clone()) {
            let is_near = from.cost + change.cost <= most && all.len() < largest;
            if is_near && seen.insert(hasher.hash_one(&change.value)) {
                let departures = [&from.departures[..], &change.departures].concat();
                all.push(Choice { value: change.value, departures, cost: from.cost + change.cost });
            }
        }
    }
    all
}

/// Bytes as a text that is safe on a terminal.
pub fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().map(shown).collect()
}

fn shown(char: char) -> String {
    // Also what is invisible, or reverses the line.
    let is_unseen = matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if char.is_control() || is_unseen { char.escape_unicode().to_string() } else { char.to_string() }
}

/// Names between back quotes, with commas.
pub fn list<N: AsRef<[u8]>>(names: &[N]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", show(name.as_ref()))).collect();
    match &names[..] {
        [] => "none".into(),
        [.., _] if names.len() > 8 => format!("{} and {} more", names[..7].join(", "), names.len() - 7),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
