//! Whether the time of a verification tells how much of a signature is right, in
//! the manner of dudect: `cargo bench --bench timing`.
//!
//! Each run draws a class at random and times one verification; Welch's t-test
//! then tells whether the two classes differ. |t| below 4.5 is no evidence of a
//! leak. The last ones compare byte by byte and stop at the first difference, on
//! purpose: a test that does not find those could find nothing.

use std::{hint::black_box, ops::Range};

use dudect_bencher::{
    BenchRng, Class, CtRunner,
    ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console},
    rand::RngExt as _,
};
use signed_query::{
    Key, Scheme, Verifier, Writing, laravel,
    symfony::{self, Alphabet},
    webhook::{self, HASH_HEADER, HOOK_ID_HEADER, Receiver},
};

const NOW: u64 = 1_500_472_622;
const ORIGIN: &str = "https://app.example";
/// Measurements of both classes together.
const SAMPLES: usize = 2_200_000;

/// A message that is signed, and whether one with another signature is good.
struct Message {
    good: String,
    /// Where the signature stands in it.
    signature: Range<usize>,
    /// The digits of a signature. For base64 only those that may also come last, where a
    /// digit has fewer bits.
    digits: &'static [u8],
    is_good: Box<dyn Fn(&str) -> bool>,
}

const HEX: &[u8] = b"0123456789abcdef";
const UPPER_HEX: &[u8] = b"0123456789ABCDEF";
const BASE64: &[u8] = b"AEIMQUYcgkosw048";

fn key() -> Key {
    Key::new("changeme!").unwrap()
}

/// Where the value after a label stands, up to the next parameter or the first escape.
fn behind(label: &str, good: &str) -> Range<usize> {
    let start = good.find(label).unwrap() + label.len();
    start..good[start..].find(['&', '%']).map_or(good.len(), |length| start + length)
}

fn platform() -> Message {
    let good = key().sign([("q", "red")], NOW).unwrap();
    let verifier = Verifier::new(key());
    let is_good = Box::new(move |query: &str| verifier.verify_at(query, NOW).is_ok());
    Message { signature: behind("&sig=", &good), good, digits: HEX, is_good }
}

/// A query by a scheme that writes its signature so, by SHA-256 or SHA-512.
fn written_as(writing: Writing, key: Key, digits: &'static [u8]) -> Message {
    let scheme = Scheme::new("hash").unwrap().written_as(writing);
    let signed = |nth: u32| scheme.sign(&key, [("q", nth.to_string())], None).unwrap();
    // One whose only escape is that of the padding.
    let good = (0..).map(signed).find(|good| !good.contains("%2")).unwrap();
    let verifier = scheme.verifier(key);
    let is_good = Box::new(move |query: &str| verifier.verify_at(query, NOW).is_ok());
    Message { signature: behind("&hash=", &good), good, digits, is_good }
}

fn of_laravel() -> Message {
    let good = laravel::sign(&key(), "/verify/7?a=1", Some(NOW)).unwrap();
    let verifier = laravel::Verifier::relative(key());
    let is_good = Box::new(move |target: &str| verifier.verify_at(target, NOW).is_ok());
    Message { signature: behind("&signature=", &good), good, digits: HEX, is_good }
}

fn of_symfony() -> Message {
    let url = format!("{ORIGIN}/verify?id=7");
    let good = symfony::sign(&key(), &url, Some(NOW), Alphabet::UrlSafe).unwrap()[ORIGIN.len()..].to_owned();
    let verifier = symfony::Verifier::absolute(key(), ORIGIN).unwrap();
    let is_good = Box::new(move |target: &str| verifier.verify_at(target, NOW - 1).is_ok());
    Message { signature: behind("_hash=", &good), good, digits: BASE64, is_good }
}

/// The message is the hash; the body stays.
fn of_webhooks() -> Message {
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
    Message { signature: 0..good.len(), good, digits: HEX, is_good }
}

/// A comparison that leaks: this one is to be found.
fn leaky() -> Message {
    let message = platform();
    let (signature, expected) =
        (message.signature.clone(), message.good[message.signature.clone()].to_owned());
    let is_good = Box::new(move |query: &str| {
        let submitted = &query[signature.clone()];
        submitted.bytes().zip(expected.bytes()).all(|(a, b)| black_box(a) == black_box(b))
    });
    Message { is_good, ..message }
}

impl Message {
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

/// Both comparisons of each kind of message.
macro_rules! both {
    ($($label:literal: $message:expr,)*) => {
        vec![$(
            bench(concat!($label, ": how many digits"), |runner, rng| $message.how_many(runner, rng)),
            bench(concat!($label, ": which digits"), |runner, rng| $message.which(runner, rng)),
        )*]
    };
}

fn bench(name: &'static str, benchfn: fn(&mut CtRunner, &mut BenchRng)) -> BenchMetadata {
    BenchMetadata { name: BenchName(name), seed: None, benchfn }
}

// The library's own `ctbench_main` does not take the argument with which cargo
// starts a bench.
fn main() {
    let benches = both![
        "platform": platform(),
        "upper-case hex": written_as(Writing::UpperHex, key(), UPPER_HEX),
        "base64": written_as(Writing::Base64, key(), BASE64),
        "base64url": written_as(Writing::Base64Url, key(), BASE64),
        "SHA-512": written_as(Writing::Hex, Key::sha512("changeme!").unwrap(), HEX),
        "laravel": of_laravel(),
        "symfony": of_symfony(),
        "webhook": of_webhooks(),
        "leaky": leaky(),
    ];
    run_benches_console(BenchOpts::default(), benches).unwrap();
}
