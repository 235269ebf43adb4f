//! The applications whose queries are verified, with one interface: each says which names it
//! reads, and signs by another implementation of the MAC.

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};
use signed_query::{Error, Key, Scheme, SigningScheme, VerifiedQuery, Verifier, Writing, laravel, symfony};

pub const SECRET: &str = "changeme!";
pub const ORIGIN: &str = "https://app.example";
pub const NOW: u64 = 1_700_000_000;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Application {
    Platform,
    /// With a scheme of its own.
    Own,
    Laravel,
    Symfony,
}

use self::Application::{Laravel, Own, Platform, Symfony};

pub const ALL: [Application; 4] = [Platform, Own, Laravel, Symfony];
pub const FRAMEWORKS: [Application; 2] = [Laravel, Symfony];

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

fn mac_of_sha512(text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(text);
    mac.finalize().into_bytes().to_vec()
}

/// What a verifier is told.
#[derive(Clone)]
pub struct Settings {
    /// The current key's, and those before it.
    pub secrets: Vec<&'static str>,
    pub leeway: Duration,
    pub max_lifetime: Option<Duration>,
    /// Of links alone.
    pub allows_unlimited: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { secrets: vec![SECRET], leeway: Duration::ZERO, max_lifetime: None, allows_unlimited: false }
    }
}

impl Settings {
    fn keys(&self, key: fn(&'static str) -> Result<Key, Error>) -> (Key, Vec<Key>) {
        let mut keys = self.secrets.iter().map(|secret| key(secret).unwrap());
        (keys.next().unwrap(), keys.collect())
    }

    fn of<S: SigningScheme>(&self, verifier: Verifier<S>, previous: Vec<Key>) -> Verifier<S> {
        let verifier = previous.into_iter().fold(verifier, Verifier::or_key).leeway(self.leeway);
        match self.max_lifetime {
            Some(longest) => verifier.max_lifetime(longest),
            None => verifier,
        }
    }

    fn of_queries(&self, application: Application) -> Verifier {
        if application == Platform {
            let (key, previous) = self.keys(Key::new);
            return self.of(Verifier::new(key), previous);
        }
        let (key, previous) = self.keys(Key::sha512);
        let scheme = Scheme::new("hash").and_then(|scheme| scheme.expires("exp")).unwrap();
        self.of(scheme.written_as(Writing::Base64Url).verifier(key), previous)
    }

    fn of_laravel(&self) -> laravel::Verifier {
        let (key, previous) = self.keys(Key::new);
        let verifier = self.of(laravel::Verifier::relative(key), previous);
        if self.allows_unlimited { verifier.allow_unlimited() } else { verifier }
    }

    fn of_symfony(&self) -> symfony::Verifier {
        let (key, previous) = self.keys(Key::new);
        let verifier = self.of(symfony::Verifier::absolute(key, ORIGIN).unwrap(), previous);
        if self.allows_unlimited { verifier.allow_unlimited() } else { verifier }
    }
}

impl Application {
    pub fn name_of_signature(self) -> &'static str {
        match self {
            Platform => "sig",
            Own => "hash",
            Laravel => "signature",
            Symfony => "_hash",
        }
    }

    pub fn name_of_expiry(self) -> &'static str {
        match self {
            Platform | Laravel => "expires",
            Own => "exp",
            Symfony => "_expiration",
        }
    }

    /// What an expiry says whose last valid second this is: Symfony's is the first second after.
    pub fn expiry(self, last: u64) -> u64 {
        if self == Symfony { last + 1 } else { last }
    }

    /// What is signed of such a query without its signature.
    pub fn text(self, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        match self {
            Platform | Own => query.to_owned(),
            Laravel => format!("/a{mark}{query}"),
            Symfony => format!("{ORIGIN}/a{mark}{query}"),
        }
    }

    /// The signature of a query that is written as the application writes it.
    pub fn signature(self, query: &str) -> String {
        let text = self.text(query);
        match self {
            Platform | Laravel => hex::encode(mac(&text)),
            Symfony => BASE64_URL_SAFE_NO_PAD.encode(mac(&text)),
            Own => BASE64_URL_SAFE_NO_PAD.encode(mac_of_sha512(&text)),
        }
    }

    /// The query with its signature behind it.
    pub fn signed(self, query: &str) -> String {
        let separator = if query.is_empty() { "" } else { "&" };
        format!("{query}{separator}{}={}", self.name_of_signature(), self.signature(query))
    }

    /// The last valid second of a query, as a verifier with nothing set reads it.
    pub fn verify(self, query: &str, now: u64) -> Result<u64, Error> {
        let verified = self.read(&Settings::default(), query, now)?;
        // What is handed out says the same.
        let expiry = verified.get(self.name_of_expiry()).expect("it has an expiry");
        assert_eq!(expiry.parse(), Ok(self.expiry(verified.expires())), "{query}");
        assert_eq!(verified.get(self.name_of_signature()), None, "{query}");
        assert_eq!(verified.values(self.name_of_signature()).count(), 0, "{query}");
        Ok(verified.expires())
    }

    /// The same by a verifier with these settings.
    pub fn verify_by(self, settings: &Settings, query: &str, now: u64) -> Result<u64, Error> {
        self.read(settings, query, now).map(|verified| verified.expires())
    }

    fn read(self, settings: &Settings, query: &str, now: u64) -> Result<VerifiedQuery<'static>, Error> {
        let target = format!("/a?{query}");
        Ok(match self {
            Platform | Own => settings.of_queries(self).verify_at(query, now)?.into_owned(),
            Laravel => settings.of_laravel().verify_at(&target, now)?.query().clone().into_owned(),
            Symfony => settings.of_symfony().verify_at(&target, now)?.query().clone().into_owned(),
        })
    }

    /// The same by the system clock.
    #[cfg(feature = "std")]
    pub fn verify_by_clock(self, settings: &Settings, query: &str) -> Result<u64, Error> {
        let target = format!("/a?{query}");
        Ok(match self {
            Platform | Own => settings.of_queries(self).verify(query)?.expires(),
            Laravel => settings.of_laravel().verify(&target)?.query().expires(),
            Symfony => settings.of_symfony().verify(&target)?.query().expires(),
        })
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
