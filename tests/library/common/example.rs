//! The platform's example request, and what signs and verifies it.

use signed_query::{Key, Verifier};

pub const EXAMPLE: &str =
    "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c";
pub const EXPIRES: u64 = 1_500_472_622;

pub fn key() -> Key {
    Key::new("changeme!").unwrap()
}

pub fn verifier() -> Verifier {
    Verifier::new(key())
}

/// The query's parameters, signed.
pub fn signed(query: &str) -> String {
    key().sign_url(&format!("?{query}"), EXPIRES).unwrap().split_off(1)
}
