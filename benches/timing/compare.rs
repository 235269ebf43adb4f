//! The pairs of classes, and their measurements.

use std::{env, hint::black_box, ops::Range};

use dudect_bencher::{BenchRng, Class, CtRunner, rand::RngExt as _};

use crate::{
    SHORT,
    messages::{MESSAGES, Messages},
};

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
        compare(runner, rng, |class, nth| &classes[class][nth], |_, message| (self.is_valid)(message));
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

/// Times verifications of messages of two classes, made in advance.
fn compare<'m>(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    message: impl Fn(usize, usize) -> &'m String,
    verify: impl Fn(usize, &str) -> bool,
) {
    let mut copied = String::with_capacity(512);
    let is_short = env::args().any(|argument| argument == SHORT);
    for _ in 0..if is_short { SAMPLES / 10 } else { SAMPLES } {
        let (class, nth) = (usize::from(rng.random_bool(0.5)), rng.random_range(0..MESSAGES));
        copied.clear();
        copied.push_str(message(class, nth));
        let of = [Class::Left, Class::Right][class];
        runner.run_one(of, || black_box(verify(class, black_box(&copied))));
    }
}

/// Valid by the first key, or by the second: both classes submit the same messages, to
/// verifiers that have the keys in the one order and in the other.
pub fn which_key(runner: &mut CtRunner, rng: &mut BenchRng, orders: [Messages; 2]) {
    let [first, second] = &orders;
    assert_eq!(first.signed, second.signed);
    compare(runner, rng, |_, nth| &first.signed[nth], |order, message| (orders[order].is_valid)(message));
}
