//! The program that is tested.

use std::path::PathBuf;

pub fn path() -> PathBuf {
    env!("CARGO_BIN_EXE_crm").into()
}
