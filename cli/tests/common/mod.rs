//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

#[path = "../../../crm/tests/common/did_not_run.rs"]
pub mod did_not_run;
#[path = "../../../crm/tests/common/unwritable.rs"]
pub mod unwritable;

use std::{
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

pub const SECRET: &str = "changeme!";

/// The command, with this secret and nothing else in its environment.
pub fn signed_query(secret: &str) -> Command {
    let mut command = unset();
    command.env("SECRET", secret);
    command
}

/// The same with nothing in its environment.
pub fn unset() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signed-query"));
    command.env_clear();
    command
}

/// Now, in Unix seconds.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
