//! What CONTRIBUTING says of the checks.

mod common;

use common::documents::{blocks_of, text};

#[test]
fn the_command_for_packages_installs_those_of_ci() {
    let packages = text(".ci/packages");
    let packages = packages.lines().filter(|line| !line.starts_with('#'));
    let packages: Vec<&str> = packages.map(|line| line.split_once(' ').unwrap().1).collect();
    assert!(packages.len() > 10, "{packages:?}");
    let command = format!("sudo apt-get install {}\n", packages.join(" "));
    assert_eq!(blocks_of("CONTRIBUTING.md", "Programs that the checks want", "sh"), [command]);
}
