//! Whether the time of a verification tells how much of a signature is right, in
//! the manner of dudect: `cargo bench --bench timing`.
//!
//! Each run draws a class at random and times one verification; Welch's t-test
//! then tells whether the two classes differ. |t| below 4.5 is no evidence of a
//! leak. The last bench compares byte by byte and stops at the first difference,
//! on purpose: a test that does not find that one could find nothing.

use std::hint::black_box;

use dudect_bencher::{
    BenchRng, Class, CtRunner,
    ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console},
    rand::RngExt as _,
};
use signed_query::{Key, Verifier};

const NOW: u64 = 1_500_472_622;
const SIGNED: &str = "q=red&expires=1500472622";
const SIGNATURE: &str = "7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
/// Measurements of both classes together.
const SAMPLES: usize = 2_200_000;

/// A signature in which these digits are wrong, by any other digit.
fn wrong(rng: &mut BenchRng, digits: impl Iterator<Item = usize>) -> String {
    let mut signature = SIGNATURE.as_bytes().to_vec();
    for nth in digits {
        let right = signature[nth];
        while signature[nth] == right {
            signature[nth] = b"0123456789abcdef"[rng.random_range(0..16)];
        }
    }
    String::from_utf8(signature).unwrap()
}

fn query(signature: &str) -> String {
    format!("{SIGNED}&sig={signature}")
}

/// Times verifications of queries of two classes, made in advance.
fn compare(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    left: impl Fn(&mut BenchRng) -> String,
    right: impl Fn(&mut BenchRng) -> String,
    verify: impl Fn(&str) -> bool,
) {
    // Few queries, so that neither class is the one that is in the cache.
    let pool: [Vec<String>; 2] =
        [(0..64).map(|_| left(rng)).collect(), (0..64).map(|_| right(rng)).collect()];
    let mut copied = String::with_capacity(256);
    for _ in 0..SAMPLES {
        let (class, nth) = (rng.random_bool(0.5), rng.random_range(0..64));
        copied.clear();
        copied.push_str(&pool[usize::from(class)][nth]);
        let class = if class { Class::Right } else { Class::Left };
        runner.run_one(class, || black_box(verify(black_box(&copied))));
    }
}

fn verifier() -> Verifier {
    Verifier::new(Key::new("changeme!").unwrap())
}

/// No digit right, or all but the last.
fn how_many_leading_digits(runner: &mut CtRunner, rng: &mut BenchRng) {
    let verifier = verifier();
    let (none, most) = (|rng: &mut _| query(&wrong(rng, 0..64)), |rng: &mut _| query(&wrong(rng, 63..64)));
    compare(runner, rng, none, most, |query| verifier.verify_at(query, NOW).is_ok());
}

/// The first half right, or the second.
fn which_digits(runner: &mut CtRunner, rng: &mut BenchRng) {
    let verifier = verifier();
    let (first, second) = (|rng: &mut _| query(&wrong(rng, 32..64)), |rng: &mut _| query(&wrong(rng, 0..32)));
    compare(runner, rng, first, second, |query| verifier.verify_at(query, NOW).is_ok());
}

/// The first with a comparison that leaks: this one is to be found.
fn leaky_comparison(runner: &mut CtRunner, rng: &mut BenchRng) {
    let key = Key::new("changeme!").unwrap();
    let (none, most) = (|rng: &mut _| query(&wrong(rng, 0..64)), |rng: &mut _| query(&wrong(rng, 63..64)));
    compare(runner, rng, none, most, |query| {
        let (_, submitted) = query.split_once("&sig=").unwrap();
        let expected = key.sign([("q", "red")], NOW).unwrap();
        let (_, expected) = expected.split_once("&sig=").unwrap();
        submitted.bytes().zip(expected.bytes()).all(|(a, b)| black_box(a) == black_box(b))
    });
}

// The library's own `ctbench_main` does not take the argument with which cargo
// starts a bench.
fn main() {
    let bench = |name, benchfn| BenchMetadata { name: BenchName(name), seed: None, benchfn };
    let benches = vec![
        bench("how_many_leading_digits", how_many_leading_digits),
        bench("which_digits", which_digits),
        bench("leaky_comparison", leaky_comparison),
    ];
    run_benches_console(BenchOpts::default(), benches).unwrap();
}
