//! What several tests share, of which most is the complete server's.
#![allow(dead_code, reason = "each test uses some of it")]

#[path = "../../../tests/deployment/tests/common/built.rs"]
mod built;
#[path = "../../../crm/tests/common/client.rs"]
pub mod client;
#[path = "../../../crm/tests/common/did_not_run.rs"]
pub mod did_not_run;
pub mod example;
#[path = "../../../crm/tests/common/folder.rs"]
pub mod folder;
#[path = "../../../tests/library/common/frameworks.rs"]
pub mod frameworks;
pub mod links;
#[path = "../../../tests/library/common/php_script.rs"]
mod php_script;
#[path = "../../../crm/tests/common/request.rs"]
mod request;
#[path = "../../../crm/tests/common/server.rs"]
pub mod server;
#[path = "../../../crm/tests/common/unwritable.rs"]
pub mod unwritable;
