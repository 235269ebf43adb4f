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

/// The parameters that the platform adds to an iframe request after signing it,
/// for [`Verifier::ignoring`].
pub const UNSIGNED_BY_PLATFORM: [&str; 8] = [
    "message_social_network_type",
    "message_social_network_id",
    "message_author_social_network_id",
    "message_sentiment",
    "message_language_code",
    "message_socialsignin_id",
    "message_socialsignin_url",
    "message_author_socialsignin_id",
];
