//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

mod did_not_run;
pub mod php;
mod php_script;
pub mod queries;
