//! Whether the time of a verification tells how much of a signature is right, or which of
//! two keys signed, in the manner of dudect: `cargo bench --bench timing`. It takes two
//! minutes; some of the pairs, and the controls, are measured by a part of their names:
//! `-- base64`.
//!
//! Each run draws a class at random and times one verification; Welch's t-test
//! then tells whether the two classes differ. |t| below 4.5 is no evidence of a
//! leak. The controls leak on purpose: one compares byte by byte and stops at the first
//! difference, one tries keys until one matches. A test that does not find those could find
//! nothing.
//!
//! How long a submitted signature takes to decode depends on its digits, which are no
//! secret. So both classes submit the same signatures, each with another message: with
//! one for which it is mostly right, or with one for which it is not.

mod compare;
#[path = "../machine.rs"]
mod machine;
mod messages;

use std::{
    env,
    io::{Write, stdout},
    process::{Command, ExitCode, Stdio},
};

use dudect_bencher::{
    BenchRng, CtRunner,
    ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console},
};
use signed_query::{Key, Verifier, Writing, webhook::Receiver};

use self::{compare::which_key, messages::*};

/// The argument with which this program measures the pair that is named next, for itself.
const PAIR: &str = "--pair";
/// What |t| stays under without a leak.
const BOUND: f64 = 4.5;
/// How the names of those begin that leak on purpose.
const CONTROL: &str = "control";

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

fn benches() -> Vec<BenchMetadata> {
    let mut benches = both![
        "platform": platform(),
        "upper-case hex": written_as(Writing::UpperHex, key()),
        "base64": written_as(Writing::Base64, key()),
        "base64url": written_as(Writing::Base64Url, key()),
        "SHA-512": written_as(Writing::Hex, Key::sha512("changeme!").unwrap()),
        "Laravel": of_laravel(),
        "Symfony": of_symfony(),
        "webhook": of_webhooks(),
        "control": leaky(),
    ];
    benches.extend([
        bench("platform: which key", |runner, rng| {
            which_key(runner, rng, platform(), |[first, second]| {
                verified_by(Verifier::new(first).or_key(second))
            })
        }),
        bench("webhook: which key", |runner, rng| {
            which_key(runner, rng, of_webhooks(), |[first, second]| {
                received_by(Receiver::new(first).or_key(second))
            })
        }),
        bench("control: which key", |runner, rng| which_key(runner, rng, platform(), leaky_keys)),
    ]);
    benches
}

/// The largest t of a pair, measured by a process of its own: `dudect-bencher` only prints it.
fn largest_t(name: &str) -> f64 {
    let mut command = Command::new(env::current_exe().unwrap());
    let output = command.args([PAIR, name]).stderr(Stdio::inherit()).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let (_, t) = output.split_once("max t = ").unwrap_or_else(|| panic!("no t in {output}"));
    t.split(',').next().unwrap().parse::<f64>().unwrap().abs()
}

fn main() -> ExitCode {
    // Cargo starts a bench with this one.
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [pair, name, ..] = &arguments[..]
        && pair == PAIR
    {
        let options = BenchOpts { filter: Some(name.clone()), ..BenchOpts::default() };
        run_benches_console(options, benches()).unwrap();
        return ExitCode::SUCCESS;
    }
    let names = benches().into_iter().map(|bench| bench.name.0);
    let (controls, pairs): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with(CONTROL));
    let is_asked_for = |name: &&str| arguments.iter().all(|part| name.contains(part.as_str()));
    let pairs: Vec<_> = pairs.into_iter().filter(is_asked_for).collect();
    if pairs.is_empty() {
        eprintln!("No pair has {} in its name", arguments.join(" and "));
        return ExitCode::FAILURE;
    }
    println!("{}; {} pairs of classes, and {} controls\n", machine::machine(), pairs.len(), controls.len());
    println!("| {:31} | max abs(t) | under {BOUND}  |\n|:{:-<32}|-----------:|:-----------|", "pair", "");
    let mut has_failed = false;
    for name in pairs.into_iter().chain(controls) {
        print!("| {name:31} | ");
        stdout().flush().unwrap();
        let t = largest_t(name);
        let (is_under, is_control) = (t < BOUND, name.starts_with(CONTROL));
        has_failed |= is_under == is_control;
        let verdict = match (is_under, is_control) {
            (true, false) => "pass",
            (false, false) => "FAIL",
            (false, true) => "no, as it has to be",
            (true, true) => "FAIL: the leak is not found",
        };
        println!("{t:>10.2} | {verdict} |");
    }
    println!(
        "\n{}",
        if has_failed { "FAIL" } else { "pass: no evidence of a leak, and the controls are found" }
    );
    ExitCode::from(u8::from(has_failed))
}
