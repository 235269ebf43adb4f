//! The examples, built by the same cargo.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Builds with these arguments of `cargo build`, and gives the programs that came of it.
pub fn built(arguments: &[&str]) -> Vec<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--message-format=json", "--quiet"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "the examples do not build");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    messages.filter_map(|message| message.unwrap()["executable"].as_str().map(PathBuf::from)).collect()
}
