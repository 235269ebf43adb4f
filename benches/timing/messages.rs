//! Signed messages of every kind, and what verifies them.

use std::{collections::HashMap, hint::black_box, ops::Range};

use signed_query::{
    Key, Scheme, Verifier, Writing, laravel,
    symfony::{self, Alphabet},
    webhook::{self, HASH_HEADER, HOOK_ID_HEADER, Receiver},
};

const NOW: u64 = 1_500_472_622;
const ORIGIN: &str = "https://app.example";
/// Few messages, so that all stay in the cache.
pub const MESSAGES: usize = 64;

/// What tells whether a message is valid.
pub type IsValid = Box<dyn Fn(&str) -> bool>;

/// Messages of one length, each signed.
pub struct Messages {
    pub signed: Vec<String>,
    /// Where the digits of the signature stand in each.
    pub signature: Range<usize>,
    pub is_valid: IsValid,
}

pub fn key() -> Key {
    Key::new("changeme!").unwrap()
}

/// The key that signs, first and second beside one that signs nothing.
pub fn keys_in_both_orders() -> [[Key; 2]; 2] {
    let other = || Key::new("changeme too!").unwrap();
    [[key(), other()], [other(), key()]]
}

/// The messages of numbers, with the signature behind a label.
fn messages(
    label: &str,
    sign: impl Fn(u32) -> String,
    is_valid: impl Fn(&str) -> bool + 'static,
) -> Messages {
    let signature = |signed: &str| {
        let start = signed.find(label).unwrap() + label.len();
        // Up to the next parameter, or the escape of the padding.
        start..signed[start..].find(['&', '%']).map_or(signed.len(), |length| start + length)
    };
    // None whose digits have to be escaped.
    let signed = (1000..).map(sign).filter(|signed| !signed.contains("%2"));
    let signed: Vec<_> = signed.take(MESSAGES).collect();
    let place = signature(&signed[0]);
    assert!(signed.iter().all(|signed| is_valid(signed) && signature(signed) == place));
    Messages { signed, signature: place, is_valid: Box::new(is_valid) }
}

pub fn platform() -> Messages {
    let sign = |nth: u32| key().sign([("q", nth.to_string())], NOW).unwrap();
    messages("&sig=", sign, verified_by(Verifier::new(key())))
}

pub fn verified_by(verifier: Verifier) -> IsValid {
    Box::new(move |query| verifier.verify_at(query, NOW).is_ok())
}

/// Queries by a scheme that writes its signature so, by SHA-256 or SHA-512.
pub fn written_as(writing: Writing, key: Key) -> Messages {
    let scheme = Scheme::new("hash").unwrap().written_as(writing);
    let verifier = scheme.clone().verifier(key.clone());
    let sign = |nth: u32| scheme.sign(&key, [("q", nth.to_string())], None).unwrap();
    messages("&hash=", sign, move |query| verifier.verify_at(query, NOW).is_ok())
}

pub fn of_laravel() -> Messages {
    let verifier = laravel::Verifier::relative(key());
    let sign = |nth: u32| laravel::sign(&key(), &format!("/verify/{nth}?a=1"), Some(NOW)).unwrap();
    messages("&signature=", sign, move |target| verifier.verify_at(target, NOW).is_ok())
}

pub fn of_symfony() -> Messages {
    let verifier = symfony::Verifier::absolute(key(), ORIGIN).unwrap();
    let sign = |nth: u32| {
        let url = format!("{ORIGIN}/verify?id={nth}");
        symfony::sign(&key(), &url, Some(NOW), Alphabet::UrlSafe).unwrap()[ORIGIN.len()..].to_owned()
    };
    messages("_hash=", sign, move |target| verifier.verify_at(target, NOW - 1).is_ok())
}

/// A body, with its hash behind a space.
pub fn of_webhooks() -> Messages {
    let sign = |nth: u32| format!("{{{nth}}} {}", webhook::hash(&key(), format!("{{{nth}}}").as_bytes()));
    messages(" ", sign, received_by(Receiver::new(key())))
}

pub fn received_by(receiver: Receiver) -> IsValid {
    Box::new(move |message| {
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
pub fn leaky() -> Messages {
    let Messages { signed, signature, .. } = platform();
    let split = signature.start;
    let expected: HashMap<_, _> = signed
        .iter()
        .map(|signed| signed.split_at(split))
        .map(|(message, signature)| (message.to_owned(), signature.to_owned()))
        .collect();
    let is_valid = Box::new(move |query: &str| {
        let (message, submitted) = query.split_at(split);
        submitted.bytes().zip(expected[message].bytes()).all(|(a, b)| black_box(a) == black_box(b))
    });
    Messages { signed, signature, is_valid }
}

/// Tries one key, and the next only if that one does not match: this is to be found.
pub fn leaky_keys(keys: [Key; 2]) -> IsValid {
    let verifiers = keys.map(Verifier::new);
    Box::new(move |query| verifiers.iter().any(|verifier| verifier.verify_at(query, NOW).is_ok()))
}
