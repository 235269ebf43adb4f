//! How fast requests are verified and signed, beside the MAC alone and beside
//! other ways to do it: `cargo bench --bench throughput`.

extern crate alloc;

// The library's own, so that what is made to collide does.
#[path = "../src/canonical/colliding.rs"]
mod colliding;
#[path = "../src/canonical/hash.rs"]
mod hash;
mod peers;

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{KeyInit, block_api::HmacCore};
use signed_query::{
    Error, Key, Scheme, UNSIGNED_BY_PLATFORM, Verifier, Writing, canonicalize, laravel, symfony,
};

const SECRET: &str = "changeme!";
const NOW: u64 = 1_500_472_622;
const EXAMPLE: &str =
    "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";

fn key() -> Key {
    Key::new(SECRET).unwrap()
}

/// What is signed of a query that ends in `&sig=…`.
fn signed_part(raw: &str) -> &str {
    raw.split_once("&sig=").unwrap().0
}

/// The platform's example request, by everyone.
fn example(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("example");
    group.throughput(Throughput::Elements(1));

    let bare_key = peers::bare_key(SECRET.as_bytes());
    let signed = signed_part(EXAMPLE);
    group.bench_function("bare hmac", |bencher| {
        bencher.iter(|| peers::bare(&bare_key, black_box(signed).as_bytes()))
    });

    let block_key = HmacCore::new_from_slice(SECRET.as_bytes()).unwrap();
    group.bench_function("bare hmac, by blocks", |bencher| {
        bencher.iter(|| peers::blocks(&block_key, black_box(signed).as_bytes()))
    });

    let verifier = Verifier::new(key());
    let verify = |raw| verifier.verify_at(raw, NOW).unwrap().expires();
    group.bench_function("verify_at", |bencher| bencher.iter(|| verify(black_box(EXAMPLE))));

    let ignoring = Verifier::new(key()).ignoring(UNSIGNED_BY_PLATFORM).unwrap();
    group.bench_function("verify_at, ignoring", |bencher| {
        bencher.iter(|| ignoring.verify_at(black_box(EXAMPLE), NOW).unwrap().expires());
    });

    group.bench_function("canonicalize", |bencher| {
        bencher.iter(|| canonicalize(black_box(signed)).unwrap().len());
    });

    let ring_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    group.bench_function("bare ring", |bencher| {
        bencher.iter(|| ring::hmac::sign(&ring_key, black_box(signed).as_bytes()))
    });

    let plain = |raw| assert!(peers::plain(SECRET.as_bytes(), raw, NOW));
    group.bench_function("plain way", |bencher| bencher.iter(|| plain(black_box(EXAMPLE))));

    if let Some(mut php) = peers::Php::start("peers/verify.php") {
        group.bench_function("php", |bencher| bencher.iter_custom(|times| php.verify(times, EXAMPLE)));
    }

    let query = verifier.verify_at(EXAMPLE, NOW).unwrap();
    group.bench_function("get", |bencher| bencher.iter(|| query.get(black_box("q")).unwrap().len()));

    let key = key();
    group
        .bench_function("sign", |bencher| bencher.iter(|| key.sign(black_box([("q", "red")]), NOW).unwrap()));
    group.finish();
}

/// What the platform adds to an iframe request behind the signature.
const ADDED_TO_IFRAME: &str = "&message_social_network_type=TWITTER\
    &message_social_network_id=1234567890123456789&message_author_social_network_id=987654321\
    &message_sentiment=positive&message_language_code=en\
    &message_socialsignin_id=5f2b3c4d5e6f7a8b9c0d1e2f\
    &message_socialsignin_url=https%3A%2F%2Fapp.socialsignin.net%2F%23%2Finbox%2F5f2b3c4d5e6f7a8b9c0d1e2f\
    &message_author_socialsignin_id=5f2b3c4d5e6f7a8b9c0d1e30";

/// A real iframe request, with the eight parameters that are not signed.
fn iframe(criterion: &mut Criterion) {
    let signed = key().sign([("id", "4711")], NOW).unwrap();
    let sent = signed.clone() + ADDED_TO_IFRAME;
    let verifier = Verifier::new(key()).ignoring(UNSIGNED_BY_PLATFORM).unwrap();
    compare(criterion, "iframe", signed_part(&signed), || {
        verifier.verify_at(black_box(&sent), NOW).unwrap().expires()
    });
}

/// Schemes of other applications, each with three parameters.
fn schemes(criterion: &mut Criterion) {
    let hash = || Scheme::new("hash").unwrap();
    let age = Duration::from_secs(300);
    for (name, scheme, time) in [
        ("hash and exp", hash().expires("exp").unwrap(), Some(NOW)),
        ("sorted, RFC 3986", hash().sorted().rfc3986(), None),
        ("a timestamp, base64", hash().issued_at("ts", age).unwrap().written_as(Writing::Base64), Some(NOW)),
        ("only what is named", hash().only(["user", "name", "page"]).unwrap(), None),
    ] {
        let pairs = [("name", "Susan Red"), ("page", "7"), ("user", "4711")];
        let sent = scheme.sign(&key(), pairs, time).unwrap();
        let verifier = scheme.verifier(key());
        let signed = verifier.verify_at(&sent, NOW).unwrap().canonical().to_owned();
        compare(criterion, &format!("schemes/{name}"), &signed, || {
            verifier.verify_at(black_box(&sent), NOW).unwrap().expires()
        });
    }
}

/// A verification beside the bare MAC of what is signed.
fn compare(criterion: &mut Criterion, name: &str, signed: &str, verify: impl Fn() -> u64) {
    let mut group = criterion.benchmark_group(name);
    let bare_key = peers::bare_key(SECRET.as_bytes());
    group.bench_function("bare hmac", |bencher| {
        bencher.iter(|| peers::bare(&bare_key, black_box(signed.as_bytes())));
    });
    group.bench_function("verify_at", |bencher| bencher.iter(&verify));
    group.finish();
}

/// Ten parameters that need rewriting, in each of the ways that there are.
fn rewriting(criterion: &mut Criterion) {
    let queries = [
        ("canonical", parameters(10, |nth| format!("name{nth}=Susan+Red+{nth}"))),
        ("%20 for a space", parameters(10, |nth| format!("name{nth}=Susan%20Red%20{nth}"))),
        ("small hex", parameters(10, |nth| format!("name{nth}=caf%c3%a9+{nth}"))),
        ("arrays", parameters(10, |nth| format!("names[]=Susan+Red+{nth}"))),
        ("nested arrays", parameters(10, |nth| format!("p[{nth}][name]=Susan+Red"))),
    ];
    for (name, query) in queries {
        let raw = key().sign_url(&format!("?{query}"), NOW).unwrap().split_off(1);
        let (signed, signature) = raw.split_once("&sig=").unwrap();
        let sent = format!("{query}&expires={NOW}&sig={signature}");
        compare_with_bare(criterion, &format!("rewriting/{name}"), signed, &sent);
        if name == "canonical" {
            let first = format!("sig={signature}&{signed}");
            compare_with_bare(criterion, "rewriting/sig in front", signed, &first);
            let middle = format!("{query}&sig={signature}&expires={NOW}");
            compare_with_bare(criterion, "rewriting/sig in the middle", signed, &middle);
        }
    }
}

fn compare_with_bare(criterion: &mut Criterion, name: &str, signed: &str, sent: &str) {
    let verifier = Verifier::new(key());
    compare(criterion, name, signed, || verifier.verify_at(black_box(sent), NOW).unwrap().expires());
}

/// What a byte costs as a query grows, whatever its shape.
fn sizes(criterion: &mut Criterion) {
    type Parameter = fn(usize) -> String;
    let shapes: [(&str, Parameter); 8] = [
        ("plain names", |nth| format!("name{nth}=value+{nth}")),
        ("arrays", |nth| format!("names[]=value+{nth}")),
        ("arrays in PHP's order", |nth| format!("names%5B{nth}%5D=value+{nth}")),
        ("nested arrays in PHP's order", |nth| format!("p%5B{}%5D%5Bname{nth}%5D=value+{nth}", nth / 4)),
        ("crossing arrays", |nth| format!("p{}[name{nth}]=value+{nth}", nth % 2)),
        ("one name", |nth| format!("name=value+{nth}")),
        ("renamed", |nth| format!("first.name{nth}=value+{nth}")),
        ("all escapes", |nth| {
            format!("%C3%A9%{:02X}%{:02X}=%F0%9F%A6%80", 0x80 + nth / 100, 0x80 + nth % 100)
        }),
    ];
    let verifier = Verifier::new(key());
    let bare_key = peers::bare_key(SECRET.as_bytes());
    for (name, parameter) in shapes {
        let mut group = criterion.benchmark_group(format!("sizes/{name}"));
        for count in [10, 100, 990] {
            let query = parameters(count, parameter);
            let signed = key().sign_url(&format!("?{query}"), NOW).unwrap().split_off(1);
            let (signed, signature) = signed.split_once("&sig=").unwrap();
            let sent = format!("{query}&expires={NOW}&sig={signature}");
            group.throughput(Throughput::Bytes(sent.len() as u64));
            group.bench_function(BenchmarkId::new("verify_at", count), |bencher| {
                bencher.iter(|| verifier.verify_at(black_box(&sent), NOW).unwrap().expires());
            });
            group.bench_function(BenchmarkId::new("bare hmac", count), |bencher| {
                bencher.iter(|| peers::bare(&bare_key, black_box(signed.as_bytes())));
            });
        }
        group.finish();
    }
}

/// Queries that are sent to be expensive, with a well-formed signature that is wrong, so
/// that the MAC is computed, too. Beside them plain names, and the MAC alone.
fn hostile(criterion: &mut Criterion) {
    // In 64 KB.
    let deep = |nth| format!("a{nth}{}=", "[]".repeat(64));
    let mut colliding = colliding::colliding(0, 998).into_iter();
    let shapes = [
        ("plain names", parameters(990, |nth| format!("name{nth}=value+{nth}"))),
        ("480 names of 64 levels", parameters(480, deep)),
        ("998 keys that collide", parameters(998, |_| colliding.next().unwrap() + "=")),
        ("998 times one name", parameters(998, |_| "name=".to_owned())),
        ("998 arrays", parameters(998, |nth| format!("a{nth}[]="))),
        ("escapes alone", format!("a={}", "%2a".repeat(21_000))),
    ];
    let verifier = Verifier::new(key());
    let bare_key = peers::bare_key(SECRET.as_bytes());
    let mut group = criterion.benchmark_group("hostile");
    for (name, query) in shapes {
        let sent = format!("{query}&expires={NOW}&sig={}", "0".repeat(64));
        let signed = canonicalize(&format!("{query}&expires={NOW}")).unwrap().into_owned();
        group.throughput(Throughput::Bytes(sent.len() as u64));
        group.bench_function(BenchmarkId::new("verify_at", name), |bencher| {
            bencher.iter(|| assert_eq!(verifier.verify_at(black_box(&sent), NOW), Err(Error::Mismatch)));
        });
        group.bench_function(BenchmarkId::new("bare hmac", name), |bencher| {
            bencher.iter(|| peers::bare(&bare_key, black_box(signed.as_bytes())));
        });
    }
    group.finish();
}

/// A usual link of either framework, beside the bare MAC of the text that it signs, and
/// beside the framework in PHP.
fn links(criterion: &mut Criterion) {
    const ORIGIN: &str = "https://app.example";
    let bare_key = peers::bare_key(SECRET.as_bytes());
    let mut php = peers::Php::start("peers/links.php");
    let mut compare = |name: &str, signed: &str, framework: &str, verify: &dyn Fn() -> u64| {
        let mut group = criterion.benchmark_group(format!("links/{name}"));
        group.bench_function("bare hmac", |bencher| {
            bencher.iter(|| peers::bare(&bare_key, black_box(signed.as_bytes())));
        });
        group.bench_function("verify_at", |bencher| bencher.iter(verify));
        if let Some(php) = &mut php {
            group.bench_function("php", |bencher| {
                bencher.iter_custom(|times| php.verify(times, framework));
            });
        }
        group.finish();
    };

    let url = format!("{ORIGIN}/email/verify/7/da39a3ee5e6b4b0d3255bfef95601890afd80709");
    let link = laravel::sign(&key(), &url, Some(NOW)).unwrap();
    let verifier = laravel::Verifier::absolute(key(), ORIGIN).unwrap();
    let target = &link[ORIGIN.len()..];
    compare("laravel", link.split_once("&signature=").unwrap().0, &format!("laravel {link}"), &|| {
        verifier.verify_at(black_box(target), NOW).unwrap().query().expires()
    });

    let link = laravel::sign(&key(), "/storage/invoices/2026-11/4711.pdf", Some(NOW)).unwrap();
    let verifier = laravel::Verifier::relative(key());
    let framework = format!("laravel-relative {ORIGIN}{link}");
    compare("laravel, relative", link.split_once("&signature=").unwrap().0, &framework, &|| {
        verifier.verify_at(black_box(&link), NOW).unwrap().query().expires()
    });

    for (name, url) in
        [("symfony", "/verify/email?id=7&token=9f86d081"), ("symfony, no parameters", "/reset")]
    {
        let url = format!("{ORIGIN}{url}");
        let sign = |alphabet| symfony::sign(&key(), &url, Some(NOW), alphabet).unwrap();
        let link = sign(symfony::Alphabet::UrlSafe);
        let verifier = symfony::Verifier::absolute(key(), ORIGIN).unwrap();
        let target = &link[ORIGIN.len()..];
        let (path, query) = target.split_once('?').unwrap();
        let signed = query.split('&').filter(|parameter| !parameter.starts_with("_hash="));
        let signed = format!("{ORIGIN}{path}?{}", signed.collect::<Vec<_>>().join("&"));
        // Debian's Symfony is older than the other alphabet.
        let framework = format!("symfony {}", sign(symfony::Alphabet::Standard));
        compare(name, &signed, &framework, &|| {
            verifier.verify_at(black_box(target), NOW - 1).unwrap().query().expires()
        });
    }
}

fn parameters(count: usize, parameter: impl FnMut(usize) -> String) -> String {
    (0..count).map(parameter).collect::<Vec<_>>().join("&")
}

criterion_group!(benches, example, iframe, schemes, rewriting, sizes, hostile, links);
criterion_main!(benches);
