//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

pub mod browser;
pub mod client;
#[path = "../../../tests/common/did_not_run.rs"]
pub mod did_not_run;
pub mod folder;
pub mod server;
