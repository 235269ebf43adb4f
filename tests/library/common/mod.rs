//! What several tests share.

pub mod applications;
#[allow(dead_code, reason = "each program uses some of it")]
#[path = "../../../crm/tests/common/did_not_run.rs"]
pub mod did_not_run;
pub mod example;
pub mod frameworks;
pub mod links;
pub mod made_plain;
pub mod model;
pub mod php;
pub mod php_script;
pub mod queries;
#[cfg(feature = "serde")]
pub mod reading;
pub mod schemes;
pub mod tally;
#[cfg(feature = "serde")]
pub mod values;
pub mod variants;
