//! What the README says of starting one's own server, done word for word.

mod common;

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use common::{
    folder::Folder,
    server::{Server, fetch},
    webhook::notify,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The commands in the blocks of shell behind a heading.
fn commands(heading: &str) -> Vec<String> {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let (_, section) = readme.split_once(&format!("\n## {heading}\n")).expect(heading);
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks = section.split("```sh\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0.to_owned()).collect()
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{command:?}: {errors}");
    errors
}

/// Builds the copy, without a word of the compiler, and starts it.
fn build(copy: &Path) -> Server {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--offline"]).current_dir(copy).env("CARGO_TARGET_DIR", target);
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    if profile == "release" {
        build.arg("--release");
    }
    if cfg!(feature = "postgres") {
        build.args(["--features", "postgres"]);
    }
    assert_eq!(run(&mut build), "");
    Server::spawn(Command::new(target.join(profile).join("crm")).env_clear(), &[])
}

#[test]
fn a_copy_of_the_server_builds_and_serves() {
    // Not within this workspace, of which cargo would make it a member.
    let folder = Folder::for_all("copy");
    symlink(fs::canonicalize(ROOT).unwrap(), folder.file("signed-query")).unwrap();
    let [copying, deleting] = commands("Copying the server").try_into().unwrap();
    let (lines, _) = copying.split_once("<<'END'\n").unwrap();
    assert_eq!(lines.lines().count(), 3, "three commands, and what the last one takes");
    run(Command::new("sh").args(["-e", "-c", &copying]).current_dir(folder.file("")));
    let copy = folder.file("crm");
    let copy = Path::new(&copy);
    // What is built already, and downloaded, need not be again.
    fs::copy(format!("{ROOT}/Cargo.lock"), copy.join("Cargo.lock")).unwrap();
    let server = build(copy);
    assert_eq!(server.get("/search?q=red").body, r#"{"results":[{"id":"1","name":"Susan Red"}]}"#);
    assert_eq!(fetch("GET", &server.url("/health")).status, 200);
    assert!(server.stop().0.success());

    run(Command::new("sh").args(["-e", "-c", &deleting]).current_dir(copy));
    for name in ["health", "hooks", "logging", "tally"] {
        assert!(!copy.join(format!("src/{name}.rs")).exists(), "{name}");
    }
    let server = build(copy);
    assert_eq!(server.get("/search?q=red").body, r#"{"results":[{"id":"1","name":"Susan Red"}]}"#);
    assert_eq!(fetch("GET", &server.url("/health")).status, 404);
    assert_eq!(notify(&server, "{}").status, 200);
    let (status, log) = server.stop();
    assert!(status.success());
    assert!(log.contains("stopping"), "{log}");
}

/// A copy is built of what was tested here.
#[test]
fn a_copy_has_the_same_dependencies() {
    let manifests = ["Cargo.toml", "examples/Cargo.toml"];
    let here = manifests.map(|manifest| fs::read_to_string(format!("{ROOT}/{manifest}")).unwrap()).concat();
    let copying = &commands("Copying the server")[0];
    let (_, pasted) = copying.split_once("<<'END'\n").unwrap();
    let pasted: Vec<&str> = pasted.lines().filter(|line| line.contains(" = ")).collect();
    assert!(pasted.len() > 20);
    for line in pasted.into_iter().filter(|line| !line.starts_with("signed-query = ")) {
        assert!(here.lines().any(|here| here == line), "{line}");
    }
}

/// The page of code that it is said to be.
#[test]
fn the_smallest_example_stays_small_and_the_files_of_the_server_do() {
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(lines(&examples.join("minimal.rs")) <= 120);
    let mut folders = vec![examples.join("server")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                assert!(lines(&entry.path()) <= 250, "{:?}", entry.path());
            }
        }
    }
    assert!(files > 10);
}
