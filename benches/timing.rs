//! Whether the time of a verification tells how much of a signature is right, in
//! the manner of dudect: `cargo bench --bench timing`.
//!
//! Each run draws a class at random and times one verification; Welch's t-test
//! then tells whether the two classes differ. |t| below 4.5 is no evidence of a
//! leak. The last ones compare byte by byte and stop at the first difference, on
//! purpose: a test that does not find those could find nothing.
//!
//! How long a submitted signature takes to decode depends on its digits, which are no
//! secret. So both classes submit the same signatures, each with another message: with
//! one for which it is mostly right, or with one for which it is not.

use std::{collections::HashMap, hint::black_box, ops::Range};

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
/// Few messages, so that all stay in the cache.
const MESSAGES: usize = 64;

/// Messages of one length, each signed, and whether one is good.
struct Messages {
    signed: Vec<String>,
    /// Where the digits of the signature stand in each.
    signature: Range<usize>,
    is_good: Box<dyn Fn(&str) -> bool>,
}

fn key() -> Key {
    Key::new("changeme!").unwrap()
}

/// The messages of numbers, with the signature behind a label.
fn messages(label: &str, sign: impl Fn(u32) -> String, is_good: impl Fn(&str) -> bool + 'static) -> Messages {
    let signature = |signed: &str| {
        let start = signed.find(label).unwrap() + label.len();
        // Up to the next parameter, or the escape of the padding.
        start..signed[start..].find(['&', '%']).map_or(signed.len(), |length| start + length)
    };
    // None whose digits have to be escaped.
    let signed = (1000..).map(sign).filter(|signed| !signed.contains("%2"));
    let signed: Vec<_> = signed.take(MESSAGES).collect();
    let place = signature(&signed[0]);
    assert!(signed.iter().all(|signed| is_good(signed) && signature(signed) == place));
    Messages { signed, signature: place, is_good: Box::new(is_good) }
}

fn platform() -> Messages {
    let verifier = Verifier::new(key());
    let sign = |nth: u32| key().sign([("q", nth.to_string())], NOW).unwrap();
    messages("&sig=", sign, move |query| verifier.verify_at(query, NOW).is_ok())
}

/// Queries by a scheme that writes its signature so, by SHA-256 or SHA-512.
fn written_as(writing: Writing, key: Key) -> Messages {
    let scheme = Scheme::new("hash").unwrap().written_as(writing);
    let verifier = scheme.clone().verifier(key.clone());
    let sign = |nth: u32| scheme.sign(&key, [("q", nth.to_string())], None).unwrap();
    messages("&hash=", sign, move |query| verifier.verify_at(query, NOW).is_ok())
}

fn of_laravel() -> Messages {
    let verifier = laravel::Verifier::relative(key());
    let sign = |nth: u32| laravel::sign(&key(), &format!("/verify/{nth}?a=1"), Some(NOW)).unwrap();
    messages("&signature=", sign, move |target| verifier.verify_at(target, NOW).is_ok())
}

fn of_symfony() -> Messages {
    let verifier = symfony::Verifier::absolute(key(), ORIGIN).unwrap();
    let sign = |nth: u32| {
        let url = format!("{ORIGIN}/verify?id={nth}");
        symfony::sign(&key(), &url, Some(NOW), Alphabet::UrlSafe).unwrap()[ORIGIN.len()..].to_owned()
    };
    messages("_hash=", sign, move |target| verifier.verify_at(target, NOW - 1).is_ok())
}

/// A body, with its hash behind a space.
fn of_webhooks() -> Messages {
    let receiver = Receiver::new(key());
    let sign = |nth: u32| format!("{{{nth}}} {}", webhook::hash(&key(), format!("{{{nth}}}").as_bytes()));
    messages(" ", sign, move |message| {
        let (body, hash) = message.split_once(' ').unwrap();
        let header = |name: &str| match name {
            HOOK_ID_HEADER => Some(b"6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55".as_slice()),
            HASH_HEADER => Some(hash.as_bytes()),
            _ => None,
        };
        receiver.verify(body.as_bytes(), header).is_ok()
    })
}

/// A comparison that leaks: this one is to be found.
fn leaky() -> Messages {
    let Messages { signed, signature, .. } = platform();
    let split = signature.start;
    let expected: HashMap<_, _> = signed
        .iter()
        .map(|signed| signed.split_at(split))
        .map(|(message, signature)| (message.to_owned(), signature.to_owned()))
        .collect();
    let is_good = Box::new(move |query: &str| {
        let (message, submitted) = query.split_at(split);
        submitted.bytes().zip(expected[message].bytes()).all(|(a, b)| black_box(a) == black_box(b))
    });
    Messages { signed, signature, is_good }
}

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

    /// Times verifications of messages of two classes, made in advance.
    fn compare(&self, runner: &mut CtRunner, rng: &mut BenchRng, classes: [Vec<String>; 2]) {
        assert!(classes.iter().flatten().all(|message| !(self.is_good)(message)));
        let mut copied = String::with_capacity(512);
        for _ in 0..SAMPLES {
            let (class, nth) = (rng.random_bool(0.5), rng.random_range(0..MESSAGES));
            copied.clear();
            copied.push_str(&classes[usize::from(class)][nth]);
            let class = if class { Class::Right } else { Class::Left };
            runner.run_one(class, || black_box((self.is_good)(black_box(&copied))));
        }
    }

    /// Digits that are right by chance, or all but the last.
    fn how_many(&self, runner: &mut CtRunner, rng: &mut BenchRng) {
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
    fn which(&self, runner: &mut CtRunner, rng: &mut BenchRng) {
        let half = self.signature.len() / 2;
        let class =
            |ahead: usize| (0..MESSAGES).map(|nth| self.crossed(nth + ahead, [nth, nth + 1], half)).collect();
        self.compare(runner, rng, [class(0), class(1)]);
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
        "upper-case hex": written_as(Writing::UpperHex, key()),
        "base64": written_as(Writing::Base64, key()),
        "base64url": written_as(Writing::Base64Url, key()),
        "SHA-512": written_as(Writing::Hex, Key::sha512("changeme!").unwrap()),
        "laravel": of_laravel(),
        "symfony": of_symfony(),
        "webhook": of_webhooks(),
        "leaky": leaky(),
    ];
    run_benches_console(BenchOpts::default(), benches).unwrap();
}
