//! What a verification costs by the shape of what is sent: beside the bare MAC alone.

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput};
use hmac::{KeyInit, block_api::HmacCore};
use signed_query::{Error, Scheme, Verifier, Writing, canonicalize, laravel, symfony};

use crate::{
    NOW, SECRET, bare_key, colliding, key, parameters, peers,
    requests::{ORIGIN, without_hash},
    signed_part,
};

pub fn measure(criterion: &mut Criterion) {
    parts(criterion);
    schemes(criterion);
    links(criterion);
    rewriting(criterion);
    sizes(criterion);
    hostile(criterion);
}

/// What the example request's time consists of.
fn parts(criterion: &mut Criterion) {
    const SIGNED: &str = "q=red&expires=1500472622";
    let mut group = criterion.benchmark_group("parts");
    let block_key = HmacCore::new_from_slice(SECRET.as_bytes()).unwrap();
    group.bench_function("MAC by blocks", |bencher| {
        bencher.iter(|| peers::blocks(&block_key, black_box(SIGNED).as_bytes()))
    });
    group.bench_function("canonicalize", |bencher| {
        bencher.iter(|| canonicalize(black_box(SIGNED)).unwrap().len());
    });
    let (verifier, sent) = (Verifier::new(key()), key().sign([("q", "red")], NOW).unwrap());
    let query = verifier.verify_at(&sent, NOW).unwrap();
    group.bench_function("get", |bencher| bencher.iter(|| query.get(black_box("q")).unwrap().len()));
    group.finish();
}

/// Schemes of other applications, each with three parameters.
fn schemes(criterion: &mut Criterion) {
    let hash = || Scheme::new("hash").unwrap();
    let age = Duration::from_secs(300);
    for (name, scheme, time) in [
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

/// Other links of the frameworks.
fn links(criterion: &mut Criterion) {
    let link = laravel::sign(&key(), "/storage/invoices/2026-11/4711.pdf", Some(NOW)).unwrap();
    let verifier = laravel::Verifier::relative(key());
    compare(criterion, "links/Laravel, relative", signed_part(&link, "signature"), || {
        verifier.verify_at(black_box(&link), NOW).unwrap().query().expires()
    });
    let url = format!("{ORIGIN}/reset");
    let link = symfony::sign(&key(), &url, Some(NOW), symfony::Alphabet::UrlSafe).unwrap();
    let verifier = symfony::Verifier::absolute(key(), ORIGIN).unwrap();
    compare(criterion, "links/Symfony, no parameters", &without_hash(&link), || {
        verifier.verify_at(black_box(&link[ORIGIN.len()..]), NOW - 1).unwrap().query().expires()
    });
}

/// A verification beside the bare MAC of what is signed.
fn compare(criterion: &mut Criterion, name: &str, signed: &str, verify: impl Fn() -> u64) {
    let mut group = criterion.benchmark_group(name);
    let bare_key = bare_key();
    group.bench_function("bare MAC", |bencher| {
        bencher.iter(|| peers::bare(&bare_key, black_box(signed.as_bytes())));
    });
    group.bench_function("verify_at", |bencher| bencher.iter(&verify));
    group.finish();
}

/// Ten parameters that need rewriting, in each of the ways that there are.
fn rewriting(criterion: &mut Criterion) {
    let queries = [
        ("sig in front", parameters(10, |nth| format!("name{nth}=Susan+Red+{nth}"))),
        ("sig in the middle", parameters(10, |nth| format!("name{nth}=Susan+Red+{nth}"))),
        ("%20 for a space", parameters(10, |nth| format!("name{nth}=Susan%20Red%20{nth}"))),
        ("lower-case escapes", parameters(10, |nth| format!("name{nth}=caf%c3%a9+{nth}"))),
        ("arrays", parameters(10, |nth| format!("names[]=Susan+Red+{nth}"))),
        ("nested arrays", parameters(10, |nth| format!("p[{nth}][name]=Susan+Red"))),
    ];
    for (name, query) in queries {
        let raw = key().sign_url(&format!("?{query}"), NOW).unwrap().split_off(1);
        let (signed, signature) = raw.split_once("&sig=").unwrap();
        let sent = match name {
            "sig in front" => format!("sig={signature}&{signed}"),
            "sig in the middle" => format!("{query}&sig={signature}&expires={NOW}"),
            _ => format!("{query}&expires={NOW}&sig={signature}"),
        };
        let verifier = Verifier::new(key());
        let verify = || verifier.verify_at(black_box(&sent), NOW).unwrap().expires();
        compare(criterion, &format!("ten parameters/{name}"), signed, verify);
    }
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
    for (name, parameter) in shapes {
        let mut group = criterion.benchmark_group(format!("sizes/{name}"));
        for count in [10, 100, 990] {
            let query = parameters(count, parameter);
            let signed = key().sign_url(&format!("?{query}"), NOW).unwrap().split_off(1);
            let (_, signature) = signed.split_once("&sig=").unwrap();
            let sent = format!("{query}&expires={NOW}&sig={signature}");
            group.throughput(Throughput::Bytes(sent.len() as u64));
            group.bench_function(BenchmarkId::new("verify_at", count), |bencher| {
                bencher.iter(|| verifier.verify_at(black_box(&sent), NOW).unwrap().expires());
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
    let bare_key = bare_key();
    let mut group = criterion.benchmark_group("hostile");
    for (name, query) in shapes {
        let sent = format!("{query}&expires={NOW}&sig={}", "0".repeat(64));
        let signed = canonicalize(&format!("{query}&expires={NOW}")).unwrap().into_owned();
        group.throughput(Throughput::Bytes(sent.len() as u64));
        group.bench_function(BenchmarkId::new("verify_at", name), |bencher| {
            bencher.iter(|| assert_eq!(verifier.verify_at(black_box(&sent), NOW), Err(Error::Mismatch)));
        });
        group.bench_function(BenchmarkId::new("bare MAC", name), |bencher| {
            bencher.iter(|| peers::bare(&bare_key, black_box(signed.as_bytes())));
        });
    }
    group.finish();
}
