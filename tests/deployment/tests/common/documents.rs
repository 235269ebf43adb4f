//! The commands that README and docs/deployment show.

use std::{fs, process::Command};

pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A text of the checkout.
pub fn text(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).unwrap()
}

/// The blocks of a language behind a heading of README.
pub fn blocks(heading: &str, language: &str) -> Vec<String> {
    blocks_of("README.md", heading, language)
}

/// The same of any text.
pub fn blocks_of(path: &str, heading: &str, language: &str) -> Vec<String> {
    let text = text(path);
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).expect(heading);
    let (section, _) = section.split_once("\n## ").unwrap();
    let opening = format!("```{language}\n");
    section.split(&*opening).skip(1).map(|block| block.split_once("```").unwrap().0.to_owned()).collect()
}

/// A shell that runs commands word for word, in a folder.
pub fn shell(commands: &str, folder: &str) -> Command {
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", commands]).current_dir(folder);
    shell
}

/// The same for commands that start a server at their end, which takes the shell's place.
pub fn serving_shell(commands: &str, folder: &str) -> Command {
    assert_eq!(commands.matches("cargo run").count(), 1, "{commands}");
    shell(&commands.replace("cargo run", "exec cargo run"), folder)
}

/// What a command prints that succeeds, on either stream.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}
