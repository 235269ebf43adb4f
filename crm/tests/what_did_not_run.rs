//! How many tests did not run for want of a program. Cargo runs the targets of a package in the
//! order of their names, so this one runs last.

#[path = "common/did_not_run.rs"]
#[allow(dead_code, reason = "no program is looked for here")]
mod did_not_run;

use std::{env, fs, io::ErrorKind, process::Command, thread};

use did_not_run::{did_not_run, sum_up};

#[test]
fn this_run_is_summed_up() {
    sum_up();
}

/// What this program says when it runs one of its tests as cargo would, without `CI` or with it.
fn run(test: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env_remove("CI").envs(variables.iter().copied());
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn tests_are_counted_once_and_packages_named_once() {
    const THIS: &str = "tests_are_counted_once_and_packages_named_once";
    // Each of these stands in for a test.
    if let Ok(missing) = env::var("MISSING") {
        for missing in missing.split(';') {
            let (test, packages) = missing.split_once(": ").unwrap();
            let packages = packages.to_owned();
            let lacking = move || did_not_run("program", &packages, &ErrorKind::NotFound.into());
            thread::Builder::new().name(test.to_owned()).spawn(lacking).unwrap().join().unwrap();
        }
        return;
    }
    let summary = || run("this_run_is_summed_up", &[]).1;
    assert_eq!(summary(), "");
    let (_, said) = run(THIS, &[("MISSING", "one: package-b;one: package-b")]);
    assert!(said.contains("::one did not run: no program ("), "{said}");
    assert!(summary().contains("\n1 test did not run,"), "{}", summary());
    assert!(run(THIS, &[("MISSING", "one: package-b;other: package-c package-a")]).0);
    let said = summary();
    assert!(said.contains("\n2 tests did not run,"), "{said}");
    assert!(said.contains(" apt-get install package-a package-b package-c\n"), "{said}");
    let (passed, said) = run(THIS, &[("MISSING", "one: package-b"), ("CI", "true")]);
    assert!(!passed && said.contains("CI must have program"), "{said}");
}

#[test]
fn this_target_is_the_last_of_its_package() {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let last = names.filter(|name| name.ends_with(".rs")).max();
    assert_eq!(last.as_deref(), Some("what_did_not_run.rs"));
}
