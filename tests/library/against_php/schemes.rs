//! Schemes of the kind that PHP applications make: of thousands of requests, the verdict
//! of the PHP that receives them, and PHP's word on what is signed here.
//!
//! `SEED` and `CASES` of the environment make others, and `SCHEMES` names another script
//! that answers as `tests/php/schemes.php` does.

use std::{
    collections::BTreeMap,
    env,
    io::{self, BufRead, BufReader, Write},
    process::{Child, Stdio},
    thread,
};

use crate::common::{
    did_not_run::did_not_run,
    php_script::command,
    schemes::{Request, Signed},
    tally::cases,
};

fn start(arguments: &[&str]) -> io::Result<Child> {
    let script = env::var_os("SCHEMES").unwrap_or("tests/php/schemes.php".into());
    let mut php = command();
    php.args(["-d", "display_errors=stderr"]).arg(script);
    php.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
}

/// Compares the requests that PHP makes, and gives what was signed of their parameters, and
/// how many had each verdict.
fn compare(mut php: Child) -> (Vec<Signed>, BTreeMap<u16, u32>) {
    let (mut signed, mut verdicts) = (Vec::new(), BTreeMap::new());
    for line in BufReader::new(php.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let request: Request = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        request.compare();
        signed.extend(request.sign());
        *verdicts.entry(request.status).or_default() += 1;
    }
    assert!(php.wait().unwrap().success());
    (signed, verdicts)
}

/// What PHP says of what was signed here.
fn check(signed: &[Signed]) -> String {
    let mut php = start(&["check"]).unwrap();
    let mut lines = php.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            for one in signed {
                writeln!(lines, "{}", serde_json::to_string(one).unwrap()).unwrap();
            }
        });
        String::from_utf8(php.wait_with_output().unwrap().stdout).unwrap()
    })
}

fn agree(which: &str) {
    let (seed, count) = (env::var("SEED").unwrap_or("1".into()), cases(20_000));
    let (signed, verdicts) = match start(&[&seed, &count.to_string(), which]) {
        Err(error) => return did_not_run("php", "php-cli", &error),
        Ok(php) => compare(php),
    };
    assert_eq!(verdicts.values().sum::<u32>(), count);
    for (status, least) in [(200, count / 4), (400, count / 50), (403, count / 8)] {
        assert!(verdicts.get(&status).is_some_and(|many| *many >= least), "{verdicts:?}");
    }
    // Of the rest, a number is sorted.
    assert!(signed.len() > count as usize * 9 / 10, "only {} of {count} are signed", signed.len());
    assert_eq!(check(&signed).trim_end(), format!("{} signed, 0 refused by PHP", signed.len()));
}

#[test]
fn known_schemes_agree() {
    agree("known");
}

#[test]
fn random_schemes_agree() {
    agree("random");
}
