//! An example, as a command and as a server.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::LazyLock,
};

use super::server::Server;

/// Those that answer the platform.
pub const PLATFORM: [&str; 2] = ["server", "axum"];
pub const ALL: [&str; 3] = ["server", "axum", "links"];
/// What `links` needs, and the others take no notice of.
pub const OF_LINKS: [(&str, &str); 2] = [("APP_KEY", "a"), ("FOLDER", ".")];

/// All examples, built by the same cargo with the same profile as this test: a test that
/// is run by its own would not have them.
static BUILT: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let output = Command::new(env!("CARGO"))
        .args(["build", "-p", "examples", "--examples", "--profile", profile])
        .args(["--message-format=json", "--quiet"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "the examples do not build");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    messages.filter_map(|message| message.unwrap()["executable"].as_str().map(PathBuf::from)).collect()
});

/// A command that runs one, with nothing in its environment.
pub fn example(name: &str) -> Command {
    let path = BUILT.iter().find(|path| path.file_stem().unwrap() == name).unwrap();
    let mut command = Command::new(path);
    command.env_clear();
    command
}

impl Server {
    /// Starts one with the usual secret and with these variables.
    pub fn of(name: &str, variables: &[(&str, &str)]) -> Self {
        Self::spawn(&mut example(name), variables)
    }
}
