//! Programs of the checkout, built by the same cargo as the test.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Builds with these arguments of `cargo build`, and gives the programs that came of it.
pub fn built(arguments: &[&str]) -> Vec<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--message-format=json", "--quiet"])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo build {arguments:?} failed");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    messages.filter_map(|message| message.unwrap()["executable"].as_str().map(PathBuf::from)).collect()
}
