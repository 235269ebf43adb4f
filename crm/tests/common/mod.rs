//! What several tests share.
#![allow(dead_code, reason = "each test uses some of it")]

pub mod browser;
pub mod certificate;
pub mod client;
pub mod crm;
pub mod did_not_run;
pub mod draft;
pub mod end_of;
pub mod folder;
pub mod foreign;
pub mod note_links;
pub mod pgbouncer;
pub mod postgres;
mod program;
mod request;
pub mod searched;
pub mod server;
pub mod site;
pub mod unwritable;
pub mod webhook;
