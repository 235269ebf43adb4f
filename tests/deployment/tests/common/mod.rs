//! What several tests share, of which most is the server's.
#![allow(dead_code, reason = "each test uses some of it")]

pub mod built;
#[path = "../../../../crm/tests/common/certificate.rs"]
pub mod certificate;
#[path = "../../../../crm/tests/common/crm.rs"]
pub mod crm;
#[path = "../../../../crm/tests/common/did_not_run.rs"]
pub mod did_not_run;
pub mod documents;
#[path = "../../../../crm/tests/common/end_of.rs"]
pub mod end_of;
#[path = "../../../../crm/tests/common/folder.rs"]
pub mod folder;
#[path = "../../../../crm/tests/common/postgres.rs"]
pub mod postgres;
pub mod program;
pub mod proxy;
pub mod recorder;
#[path = "../../../../crm/tests/common/request.rs"]
mod request;
#[path = "../../../../crm/tests/common/server.rs"]
pub mod server;
pub mod tls;
#[path = "../../../../crm/tests/common/webhook.rs"]
pub mod webhook;
