//! Front page to come.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod canonical;
mod error;
mod key;
mod verify;

pub use canonical::canonicalize;
pub use error::Error;
pub use key::Key;
pub use verify::{VerifiedQuery, Verifier};

/// How many parameters PHP reads (`max_input_vars`). One more is an error here,
/// where PHP drops it without a word.
pub const MAX_PARAMETERS: usize = 1000;

/// How many levels of brackets PHP reads (`max_input_nesting_level`). One more
/// is an error here, where PHP drops the parameter.
pub const MAX_DEPTH: usize = 64;
