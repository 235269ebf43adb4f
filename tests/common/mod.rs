//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

#[path = "../../crm/tests/common/did_not_run.rs"]
pub mod did_not_run;
pub mod frameworks;
pub mod links;
pub mod made_plain;
pub mod model;
pub mod php;
mod php_script;
pub mod queries;
pub mod schemes;
pub mod tally;
pub mod values;
