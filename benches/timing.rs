//! Whether the time of a verification tells how much of a signature is right, in
//! the manner of dudect: `cargo bench --bench timing`.
//!
//! Each run draws a class at random and times one verification; Welch's t-test
//! then tells whether the two classes differ. |t| below 4.5 is no evidence of a
//! leak. The last bench compares byte by byte and stops at the first difference,
//! on purpose: a test that does not find that one could find nothing.

use std::{hint::black_box, ops::Range};

use dudect_bencher::{
    BenchRng, Class, CtRunner,
    ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console},
    rand::RngExt as _,
};
use signed_query::{
    Key, Verifier, laravel,
    symfony::{self, Alphabet},
    webhook::{self, HASH_HEADER, HOOK_ID_HEADER, Receiver},
};

const NOW: u64 = 1_500_472_622;
const ORIGIN: &str = "https://app.example";
/// Measurements of both classes together.
const SAMPLES: usize = 2_200_000;

/// A message that is signed, and whether one with another signature is good.
struct Scheme {
    good: String,
    /// Where the signature stands in it.
    signature: Range<usize>,
    /// The digits of a signature. For base64 only those that may also come last, where a
    /// digit has fewer bits.
    digits: &'static [u8],
    is_good: Box<dyn Fn(&str) -> bool>,
}

const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"AEIMQUYcgkosw048";

fn key() -> Key {
    Key::new("changeme!").unwrap()
}

/// Where the value after a label stands, up to the next parameter.
fn behind(label: &str, good: &str) -> Range<usize> {
    let start = good.find(label).unwrap() + label.len();
    start..good[start..].find('&').map_or(good.len(), |length| start + length)
}

fn platform() -> Scheme {
    let good = key().sign([("q", "red")], NOW).unwrap();
    let verifier = Verifier::new(key());
    let is_good = Box::new(move |query: &str| verifier.verify_at(query, NOW).is_ok());
    Scheme { signature: behind("&sig=", &good), good, digits: HEX, is_good }
}

fn of_laravel() -> Scheme {
    let good = laravel::sign(&key(), "/verify/7?a=1", Some(NOW)).unwrap();
    let verifier = laravel::Verifier::relative(key());
    let is_good = Box::new(move |target: &str| verifier.verify_at(target, NOW).is_ok());
    Scheme { signature: behind("&signature=", &good), good, digits: HEX, is_good }
}

fn of_symfony() -> Scheme {
    let url = format!("{ORIGIN}/verify?id=7");
    let good = symfony::sign(&key(), &url, Some(NOW), Alphabet::UrlSafe).unwrap()[ORIGIN.len()..].to_owned();
    let verifier = symfony::Verifier::absolute(key(), ORIGIN).unwrap();
    let is_good = Box::new(move |target: &str| verifier.verify_at(target, NOW - 1).is_ok());
    let mut signature = behind("_hash=", &good);
    signature.end = signature.start + good[signature.clone()].trim_end_matches(['=', '%', '3', 'D']).len();
    Scheme { signature, good, digits: BASE64, is_good }
}

/// The message is the hash; the body stays.
fn of_webhooks() -> Scheme {
    const BODY: &[u8] = b"{}";
    let good = webhook::hash(&key(), BODY);
    let receiver = Receiver::new(key());
    let is_good = Box::new(move |hash: &str| {
        let header = |name: &str| match name {
            HOOK_ID_HEADER => Some(b"6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55".as_slice()),
            HASH_HEADER => Some(hash.as_bytes()),
            _ => None,
        };
        receiver.verify(BODY, header).is_ok()
    });
    Scheme { signature: 0..good.len(), good, digits: HEX, is_good }
}

/// A comparison that leaks: this one is to be found.
fn leaky() -> Scheme {
    let scheme = platform();
    let (signature, expected) = (scheme.signature.clone(), scheme.good[scheme.signature.clone()].to_owned());
    let is_good = Box::new(move |query: &str| {
        let submitted = &query[signature.clone()];
        submitted.bytes().zip(expected.bytes()).all(|(a, b)| black_box(a) == black_box(b))
    });
    Scheme { is_good, ..scheme }
}

impl Scheme {
    /// The message with these digits of the signature wrong, by any other digit.
    fn wrong(&self, rng: &mut BenchRng, wrong: Range<usize>) -> String {
        let mut message = self.good.clone().into_bytes();
        for digit in &mut message[self.signature.clone()][wrong] {
            let right = *digit;
            while *digit == right {
                *digit = self.digits[rng.random_range(0..self.digits.len())];
            }
        }
        String::from_utf8(message).unwrap()
    }

    /// Times verifications of messages of two classes, made in advance: with these
    /// digits wrong, and with those.
    fn compare(&self, runner: &mut CtRunner, rng: &mut BenchRng, wrong: [Range<usize>; 2]) {
        assert!((self.is_good)(&self.good));
        // Few messages, so that neither class is the one that is in the cache.
        let pools = wrong.map(|wrong| Vec::from_iter((0..64).map(|_| self.wrong(rng, wrong.clone()))));
        let mut copied = String::with_capacity(256);
        for _ in 0..SAMPLES {
            let (class, nth) = (rng.random_bool(0.5), rng.random_range(0..64));
            copied.clear();
            copied.push_str(&pools[usize::from(class)][nth]);
            let class = if class { Class::Right } else { Class::Left };
            runner.run_one(class, || black_box((self.is_good)(black_box(&copied))));
        }
    }

    /// No digit right, or all but the last.
    fn how_many(&self, runner: &mut CtRunner, rng: &mut BenchRng) {
        let digits = self.signature.len();
        self.compare(runner, rng, [0..digits, digits - 1..digits]);
    }

    /// The first half right, or the second.
    fn which(&self, runner: &mut CtRunner, rng: &mut BenchRng) {
        let digits = self.signature.len();
        self.compare(runner, rng, [digits / 2..digits, 0..digits / 2]);
    }
}

// The library's own `ctbench_main` does not take the argument with which cargo
// starts a bench.
fn main() {
    let bench = |name, benchfn| BenchMetadata { name: BenchName(name), seed: None, benchfn };
    let benches = vec![
        bench("platform: how many digits", |runner, rng| platform().how_many(runner, rng)),
        bench("platform: which digits", |runner, rng| platform().which(runner, rng)),
        bench("laravel: how many digits", |runner, rng| of_laravel().how_many(runner, rng)),
        bench("laravel: which digits", |runner, rng| of_laravel().which(runner, rng)),
        bench("symfony: how many digits", |runner, rng| of_symfony().how_many(runner, rng)),
        bench("symfony: which digits", |runner, rng| of_symfony().which(runner, rng)),
        bench("webhook: how many digits", |runner, rng| of_webhooks().how_many(runner, rng)),
        bench("webhook: which digits", |runner, rng| of_webhooks().which(runner, rng)),
        bench("leaky: how many digits", |runner, rng| leaky().how_many(runner, rng)),
    ];
    run_benches_console(BenchOpts::default(), benches).unwrap();
}
