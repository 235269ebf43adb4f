//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

pub mod browser;
#[path = "../../../tests/common/did_not_run.rs"]
mod did_not_run;
pub mod folder;
pub mod server;
