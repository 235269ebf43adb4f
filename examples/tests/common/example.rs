//! An example, as a command and as a server.

use std::{path::PathBuf, process::Command, sync::LazyLock};

use super::{built::built, server::Server};

/// Those that answer the platform.
pub const PLATFORM: [&str; 2] = ["server", "axum"];
pub const ALL: [&str; 3] = ["server", "axum", "links"];
/// What `links` needs, and the others take no notice of.
pub const OF_LINKS: [(&str, &str); 2] = [("APP_KEY", "a"), ("FOLDER", ".")];

/// All examples, built by the same cargo with the same profile as this test: a test that
/// is run by its own would not have them.
static BUILT: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    built(&["-p", "examples", "--examples", "--profile", profile])
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
