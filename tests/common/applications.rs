//! The three applications whose queries are verified, with one interface: each says
//! which names it reads, and signs by another implementation of the MAC.
#![allow(dead_code, reason = "each test uses some of it")]

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use signed_query::{Error, Key, Verifier, laravel, symfony};

pub const SECRET: &str = "changeme!";
pub const ORIGIN: &str = "https://app.example";
pub const NOW: u64 = 1_700_000_000;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Application {
    Platform,
    Laravel,
    Symfony,
}

use self::Application::{Laravel, Platform, Symfony};

pub const ALL: [Application; 3] = [Platform, Laravel, Symfony];

pub fn key() -> Key {
    Key::new(SECRET).unwrap()
}

pub fn platform() -> Verifier {
    Verifier::new(key())
}

pub fn laravel() -> laravel::Verifier {
    laravel::Verifier::relative(key())
}

pub fn symfony() -> symfony::Verifier {
    symfony::Verifier::absolute(key(), ORIGIN).unwrap()
}

pub fn mac(text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(text);
    mac.finalize().into_bytes().to_vec()
}

impl Application {
    pub fn name_of_signature(self) -> &'static str {
        match self {
            Platform => "sig",
            Laravel => "signature",
            Symfony => "_hash",
        }
    }

    pub fn name_of_expiry(self) -> &'static str {
        match self {
            Platform | Laravel => "expires",
            Symfony => "_expiration",
        }
    }

    /// What an expiry says if that is the last good second: Symfony's is the first bad one.
    pub fn expiry(self, last: u64) -> u64 {
        if self == Symfony { last + 1 } else { last }
    }

    /// What is signed of such a query without its signature.
    pub fn text(self, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        match self {
            Platform => query.to_owned(),
            Laravel => format!("/a{mark}{query}"),
            Symfony => format!("{ORIGIN}/a{mark}{query}"),
        }
    }

    /// The signature of a query that is written as the application writes it.
    pub fn signature(self, query: &str) -> String {
        let mac = mac(&self.text(query));
        if self == Symfony { BASE64_URL_SAFE_NO_PAD.encode(mac) } else { hex::encode(mac) }
    }

    /// The last good second of a query, as the verifier reads it.
    pub fn verify(self, query: &str, now: u64) -> Result<u64, Error> {
        let target = format!("/a?{query}");
        let verified = match self {
            Platform => platform().verify_at(query, now)?,
            Laravel => laravel().verify_at(&target, now)?.query().clone().into_owned(),
            Symfony => symfony().verify_at(&target, now)?.query().clone().into_owned(),
        };
        // What is handed out says the same.
        let expiry = verified.get(self.name_of_expiry()).expect("it has an expiry");
        assert_eq!(expiry.parse(), Ok(self.expiry(verified.expires())), "{query}");
        assert_eq!(verified.get(self.name_of_signature()), None, "{query}");
        assert_eq!(verified.values(self.name_of_signature()).count(), 0, "{query}");
        Ok(verified.expires())
    }
}

/// A name in other ways that PHP reads as the same one.
pub fn spellings(name: &str) -> Vec<String> {
    let (first, rest) = name.split_at(1);
    let (most, last) = name.split_at(name.len() - 1);
    let escape = |text: &str| format!("%{:02x}", text.as_bytes()[0]);
    let mut spellings = vec![
        name.to_owned(),
        format!("{}{rest}", escape(first)),
        format!("{most}{}", escape(last)),
        format!(" {name}"),
        format!("+{name}"),
        format!("{name}%00x"),
    ];
    if name.starts_with('_') {
        spellings.extend([format!(".{rest}"), format!("%2E{rest}"), format!(" .{rest}")]);
    }
    spellings
}
