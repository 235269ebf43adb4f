//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

pub mod browser;
mod built;
pub mod certificate;
pub mod client;
#[path = "../../../tests/common/did_not_run.rs"]
pub mod did_not_run;
pub mod end_of;
pub mod folder;
#[path = "../../../tests/common/frameworks.rs"]
pub mod frameworks;
#[path = "../../../tests/common/php_script.rs"]
mod php_script;
pub mod postgres;
pub mod proxy;
pub mod recorder;
pub mod server;
pub mod tls;
pub mod webhook;
