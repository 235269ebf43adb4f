//! The pairs of classes, and their measurements.

use std::{hint::black_box, ops::Range};

use dudect_bencher::{BenchRng, Class, CtRunner, rand::RngExt as _};

use signed_query::Key;

use crate::messages::{IsValid, MESSAGES, Messages, keys_in_both_orders};

/// Measurements of both classes together.
const SAMPLES: usize = 2_200_000;

impl Messages {
    /// A message with a signature that has the first digits of that of one message and the
    /// others of that of another.
    fn crossed(&self, message: usize, [first, second]: [usize; 2], digits: usize) -> String {
        let Range { start, end } = self.signature;
        let split = start + digits;
        let signed = |nth: usize| &self.signed[nth % MESSAGES];
        let [message, first, second] = [signed(message), signed(first), signed(second)];
        [&message[..start], &first[start..split], &second[split..end], &message[end..]].concat()
    }

    fn compare(&self, runner: &mut CtRunner, rng: &mut BenchRng, classes: [Vec<String>; 2]) {
        assert!(classes.iter().flatten().all(|message| !(self.is_valid)(message)));
        compare(runner, rng, |class, nth| &classes[class][nth], |_| &self.is_valid);
    }

    /// Digits that are right by chance, or all but the last.
    pub fn how_many(&self, runner: &mut CtRunner, rng: &mut BenchRng) {
        let digits = self.signature.len() - 1;
        let last = |nth: usize| self.signed[nth % MESSAGES].as_bytes()[self.signature.start + digits];
        // Another one that ends in another digit.
        let other = |nth: usize| (nth + 1..).find(|other| last(*other) != last(nth)).unwrap();
        let class = |ahead: usize| {
            (0..MESSAGES).map(|nth| self.crossed(nth + ahead, [nth, other(nth)], digits)).collect()
        };
        self.compare(runner, rng, [class(MESSAGES / 2), class(0)]);
    }

    /// The first half right, or the second.
    pub fn which(&self, runner: &mut CtRunner, rng: &mut BenchRng) {
        let half = self.signature.len() / 2;
        let class =
            |ahead: usize| (0..MESSAGES).map(|nth| self.crossed(nth + ahead, [nth, nth + 1], half)).collect();
        self.compare(runner, rng, [class(0), class(1)]);
    }
}

/// Times verifications of messages of two classes, made in advance, by what is made for
/// each class.
fn compare<'m, V: Fn(&str) -> bool>(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    message: impl Fn(usize, usize) -> &'m String,
    is_valid: impl Fn(usize) -> V,
) {
    let mut copied = String::with_capacity(512);
    for _ in 0..SAMPLES {
        let (class, nth) = (usize::from(rng.random_bool(0.5)), rng.random_range(0..MESSAGES));
        copied.clear();
        copied.push_str(message(class, nth));
        let is_valid = is_valid(class);
        let class = [Class::Left, Class::Right][class];
        runner.run_one(class, || black_box(is_valid(black_box(&copied))));
    }
}

/// Valid by the first key, or by the second. Both classes submit the same messages, to
/// verifiers that have the keys in one order or in the other. Each is made anew for each
/// measurement: where it stands in memory takes a difference in time, too.
pub fn which_key(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    Messages { signed, .. }: Messages,
    verified_with: fn([Key; 2]) -> IsValid,
) {
    let orders = keys_in_both_orders();
    let is_valid = |order: usize| verified_with(orders[order].clone());
    assert!([0, 1].into_iter().all(|order| signed.iter().all(|message| is_valid(order)(message))));
    compare(runner, rng, |_, nth| &signed[nth], is_valid);
}
