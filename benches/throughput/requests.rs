//! The usual requests, each by everyone who can verify it: the bare MAC, ring, this crate,
//! the plain way, and PHP.

use std::{hint::black_box, time::Duration};

use criterion::Criterion;
use signed_query::{Scheme, UNSIGNED_BY_PLATFORM, laravel, symfony};

use crate::{
    NOW, SECRET, bare_key, key,
    peers::{self, Frameworks, Names, Php},
    signed_part,
};

pub const ORIGIN: &str = "https://app.example";

/// What the platform adds to an iframe request behind the signature.
const ADDED_TO_IFRAME: &str = "&message_social_network_type=TWITTER\
    &message_social_network_id=1234567890123456789&message_author_social_network_id=987654321\
    &message_sentiment=positive&message_language_code=en\
    &message_socialsignin_id=5f2b3c4d5e6f7a8b9c0d1e2f\
    &message_socialsignin_url=https%3A%2F%2Fapp.socialsignin.net%2F%23%2Finbox%2F5f2b3c4d5e6f7a8b9c0d1e2f\
    &message_author_socialsignin_id=5f2b3c4d5e6f7a8b9c0d1e30";

/// The names of the groups, in the order of the table.
pub const NAMES: [&str; 6] = [EXAMPLE, "iframe", "ten parameters", "Laravel", "Symfony", "own scheme"];
/// The platform's example.
pub const EXAMPLE: &str = "example";

const PLATFORM: Names = Names { signature: "sig", time: "expires", unsigned: &[] };
const IFRAME: Names = Names { unsigned: UNSIGNED_BY_PLATFORM, ..PLATFORM };
const OWN: Names = Names { signature: "hash", time: "exp", unsigned: &[] };

/// Measures all, and gives what is to be installed to measure more.
pub fn measure(criterion: &mut Criterion) -> Vec<String> {
    let (mut php, mut frameworks) = (Php::start(), Frameworks::start());
    let requests = [example(), iframe(), ten_parameters(), laravel_link(), symfony_link(), own_scheme()];
    for (name, request) in NAMES.into_iter().zip(requests) {
        let in_php: Option<Box<dyn FnMut(u64) -> Duration>> = match request.known_as {
            KnownAs::Query(names) => {
                let sent = &request.sent;
                php.as_mut().ok().map(|php| Box::new(move |times| php.verify(times, names, sent)) as _)
            }
            KnownAs::Link(of) => {
                let url = format!("{ORIGIN}{}", request.sent);
                frameworks.as_mut().ok().map(|php| Box::new(move |times| php.verify(times, of, &url)) as _)
            }
        };
        request.measure(criterion, name, in_php);
    }
    let mut missing: Vec<_> = [php.err(), frameworks.err()].into_iter().flatten().collect();
    // Without PHP, both say the same.
    missing.dedup();
    missing
}

/// A request and how it is signed and verified.
struct Request {
    known_as: KnownAs,
    sent: String,
    /// The text whose MAC its signature is.
    signed: String,
    sign: Box<dyn Fn() -> String>,
    verify: Box<dyn Fn(&str) -> u64>,
}

/// What others have to be told.
#[derive(Clone, Copy)]
enum KnownAs {
    Query(Names),
    /// The plain way to verify a link is its framework.
    Link(&'static str),
}

impl Request {
    fn measure(
        &self,
        criterion: &mut Criterion,
        name: &str,
        in_php: Option<Box<dyn FnMut(u64) -> Duration + '_>>,
    ) {
        let mut group = criterion.benchmark_group(format!("requests/{name}"));
        let (bare_key, signed) = (bare_key(), self.signed.as_bytes());
        group.bench_function("bare MAC", |bencher| {
            bencher.iter(|| peers::bare(&bare_key, black_box(signed)));
        });
        let ring_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
        group.bench_function("ring", |bencher| {
            bencher.iter(|| ring::hmac::sign(&ring_key, black_box(signed)));
        });
        group.bench_function("verify_at", |bencher| bencher.iter(|| (self.verify)(black_box(&self.sent))));
        group.bench_function("sign", |bencher| bencher.iter(|| (self.sign)()));
        if let KnownAs::Query(names) = self.known_as {
            let plain = |sent| assert!(peers::plain(names, SECRET.as_bytes(), sent, NOW));
            group.bench_function("plain way", |bencher| bencher.iter(|| plain(black_box(&self.sent))));
        }
        if let Some(mut in_php) = in_php {
            group.bench_function("PHP", |bencher| bencher.iter_custom(&mut in_php));
        }
        group.finish();
    }

    /// A query by a scheme.
    fn query(names: Names, scheme: Scheme, pairs: Vec<(String, String)>, added: &str) -> Self {
        let verifier = scheme.clone().verifier(key()).ignoring(names.unsigned).unwrap();
        let key = key();
        let sign = move || scheme.sign(&key, &pairs, Some(NOW)).unwrap();
        Self {
            known_as: KnownAs::Query(names),
            signed: signed_part(&sign(), names.signature).to_owned(),
            sent: sign() + added,
            sign: Box::new(sign),
            verify: Box::new(move |sent| verifier.verify_at(sent, NOW).unwrap().expires()),
        }
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn example() -> Request {
    let request = Request::query(PLATFORM, Scheme::default(), pairs(&[("q", "red")]), "");
    assert!(request.sent.ends_with("&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c"));
    request
}

/// A real iframe request, with the eight parameters that are not signed.
fn iframe() -> Request {
    Request::query(IFRAME, Scheme::default(), pairs(&[("id", "4711")]), ADDED_TO_IFRAME)
}

fn ten_parameters() -> Request {
    let pairs = (0..10).map(|nth| (format!("name{nth}"), format!("Susan Red {nth}"))).collect();
    Request::query(PLATFORM, Scheme::default(), pairs, "")
}

fn own_scheme() -> Request {
    let scheme = Scheme::new(OWN.signature).unwrap().expires(OWN.time).unwrap();
    Request::query(OWN, scheme, pairs(&[("name", "Susan Red"), ("page", "7"), ("user", "4711")]), "")
}

/// A link to verify an address, as Laravel makes it.
fn laravel_link() -> Request {
    let url = format!("{ORIGIN}/email/verify/7/da39a3ee5e6b4b0d3255bfef95601890afd80709");
    let (key, verifier) = (key(), laravel::Verifier::absolute(key(), ORIGIN).unwrap());
    let sign = move || laravel::sign(&key, &url, Some(NOW)).unwrap();
    Request {
        known_as: KnownAs::Link("laravel"),
        sent: sign()[ORIGIN.len()..].to_owned(),
        signed: signed_part(&sign(), "signature").to_owned(),
        sign: Box::new(sign),
        verify: Box::new(move |sent| verifier.verify_at(sent, NOW).unwrap().query().expires()),
    }
}

fn symfony_link() -> Request {
    let url = format!("{ORIGIN}/verify/email?id=7&token=9f86d081");
    let (key, verifier) = (key(), symfony::Verifier::absolute(key(), ORIGIN).unwrap());
    // Debian's Symfony is older than the other alphabet.
    let sign = move || symfony::sign(&key, &url, Some(NOW), symfony::Alphabet::Standard).unwrap();
    Request {
        known_as: KnownAs::Link("symfony"),
        sent: sign()[ORIGIN.len()..].to_owned(),
        signed: without_hash(&sign()),
        sign: Box::new(sign),
        verify: Box::new(move |sent| verifier.verify_at(sent, NOW - 1).unwrap().query().expires()),
    }
}

/// What Symfony signs of a link.
pub fn without_hash(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap();
    let signed: Vec<_> = query.split('&').filter(|parameter| !parameter.starts_with("_hash=")).collect();
    format!("{path}?{}", signed.join("&"))
}
