//! What the README says of starting one's own server, done word for word.

mod common;

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use common::{folder::Folder, server::Server};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The commands in the first block of shell behind a heading.
fn commands(heading: &str) -> String {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let (_, section) = readme.split_once(&format!("\n## {heading}\n")).expect(heading);
    let (_, block) = section.split_once("```sh\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

#[test]
fn a_copy_of_the_server_builds_and_serves() {
    // Not within this workspace, of which cargo would make it a member.
    let folder = Folder::for_all("copy");
    symlink(fs::canonicalize(ROOT).unwrap(), folder.file("signed-query")).unwrap();
    let commands = commands("Copying the server");
    let (lines, _) = commands.split_once("<<'END'\n").unwrap();
    assert_eq!(lines.lines().count(), 3, "three commands, and what the last one takes");
    let run = |command: &mut Command| {
        let output = command.current_dir(folder.file("")).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(Command::new("sh").args(["-e", "-c", &commands]));
    // What is built already, and downloaded, need not be again.
    fs::copy(format!("{ROOT}/Cargo.lock"), folder.file("crm/Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--offline", "--manifest-path", "crm/Cargo.toml"]);
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    if profile == "release" {
        build.arg("--release");
    }
    run(build.env("CARGO_TARGET_DIR", target));
    let server = Server::spawn(Command::new(target.join(profile).join("crm")).env_clear(), &[]);
    assert_eq!(server.get("/search?q=red").body, r#"{"results":[{"id":"1","name":"Susan Red"}]}"#);
    assert!(server.stop().0.success());
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
