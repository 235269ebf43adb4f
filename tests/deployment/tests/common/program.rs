//! The programs that are tested: `crm`, with the same profile as the test, and the command.

use std::{path::PathBuf, sync::LazyLock};

use super::built::built;

static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let mut arguments = vec!["-p", "crm", "--profile", profile];
    if cfg!(feature = "postgres") {
        arguments.extend(["--features", "postgres"]);
    }
    built(&arguments).pop().unwrap()
});

pub fn path() -> PathBuf {
    BUILT.clone()
}

/// The command `signed-query`.
pub fn command() -> PathBuf {
    built(&["-p", "signed-query-cli"]).pop().unwrap()
}
