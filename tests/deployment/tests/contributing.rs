//! What CONTRIBUTING says of the programs that the checks want.

mod common;

use std::{fs, path::Path};

use common::documents::{ROOT, blocks_of, text};

/// The packages that `.ci/run` installs.
fn packages() -> Vec<String> {
    let packages = text(".ci/packages");
    let packages = packages.lines().filter(|line| !line.starts_with('#'));
    packages.map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn the_command_for_packages_installs_those_of_ci() {
    let command = format!("sudo apt-get install {}\n", packages().join(" "));
    assert_eq!(blocks_of("CONTRIBUTING.md", "Programs that the checks need", "sh"), [command]);
}

/// All sources in a folder and below.
fn sources(folder: &Path) -> String {
    let mut sources = String::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() && entry.file_name() != "node_modules" {
            sources += &self::sources(&entry.path());
        } else if entry.path().extension().is_some_and(|end| end == "rs") {
            sources += &fs::read_to_string(entry.path()).unwrap();
        }
    }
    sources
}

#[test]
fn a_package_that_a_test_asks_for_is_installed_in_ci() {
    let folders = ["crm/tests", "examples/tests", "cli/tests", "tests"];
    let sources = folders.map(|folder| sources(&Path::new(ROOT).join(folder))).concat();
    let (mut asked, packages) = (0, packages());
    for call in ["is_installed(\"", "did_not_run(\""] {
        for after in sources.split(call).skip(1) {
            // The program, a comma, and the packages, unless they are no literal.
            let mut parts = after.split('"').skip(1);
            let Some(wanted) = parts.next().filter(|between| *between == ", ").and(parts.next()) else {
                continue;
            };
            for package in wanted.split(' ') {
                assert!(packages.iter().any(|known| known == package), "{package} is not in .ci/packages");
            }
            asked += 1;
        }
    }
    assert!(asked > 8, "{asked}");
}
