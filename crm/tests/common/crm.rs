//! The program, as a command and as a server.

use std::process::{Command, Stdio};

use super::{program, server::Server};

/// A command that runs it, with nothing in its environment.
pub fn crm() -> Command {
    let mut command = Command::new(program::path());
    command.env_clear();
    command
}

impl Server {
    /// Starts it with the usual secret.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts it with the usual secret and with these variables.
    pub fn with(variables: &[(&str, &str)]) -> Self {
        Self::spawn(&mut crm(), variables)
    }

    /// Starts it with its log going there and not to this value.
    pub fn logging_to(stderr: impl Into<Stdio>, variables: &[(&str, &str)]) -> Self {
        Self::spawn_logging_to(stderr, &mut crm(), variables)
    }
}
