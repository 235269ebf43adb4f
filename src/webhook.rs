//! Webhooks: the platform's other signed channel.
//!
//! The platform sends a notification as a `POST` with two headers: the id of the
//! hook, and the HMAC-SHA256 of the raw body in lower-case hex. The answer proves
//! that the receiver has the secret too: it holds the HMAC of that very text. The
//! platform sends again what was not acknowledged so.
//!
//! An [`Acknowledgement`] can be had only from a [`Notification`], and that only
//! from a body whose hash matched.
//!
//! ```
//! use signed_query::{Key, webhook::{HASH_HEADER, HOOK_ID_HEADER, Receiver}};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! let receiver = Receiver::new(Key::new("testsecret")?);
//!
//! // As a framework has them; `HeaderMap::get` of the crate `http` will do.
//! let headers = |name: &str| match name {
//!     HOOK_ID_HEADER => Some(&b"6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55"[..]),
//!     HASH_HEADER => Some(&b"e123f721ae689ad2a06b5eed0838238f27e5c71d2159c258e73c651c98f17bdf"[..]),
//!     _ => None,
//! };
//! let notification = receiver.verify(br#"{"test":"data"}"#, headers)?;
//! // Store `notification.body()` now; what is acknowledged is not sent again.
//! assert_eq!(
//!     notification.acknowledgement().json(),
//!     r#"{"verification-hash":"70d57128a1047c499ce30b3d518341aa4fc9e9200e30d9bb9152f99955ba081d"}"#,
//! );
//! # Ok(())
//! # }
//! ```

use alloc::{format, string::String, vec, vec::Vec};
use core::fmt;

use crate::{Error, Key, key::Signature};

/// The header with the hook's id, a UUID.
pub const HOOK_ID_HEADER: &str = "SocialSignIn-HookId";

/// The header with the hash: the HMAC-SHA256 of the raw body, in lower-case hex.
pub const HASH_HEADER: &str = "SocialSignIn-Hash";

/// Decides which notifications are good.
///
/// Build one at the start and share it between threads.
#[derive(Clone, Debug)]
pub struct Receiver {
    keys: Vec<Key>,
}

impl Receiver {
    /// Accepts what was hashed with this key.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { keys: vec![key] }
    }

    /// Accepts what was hashed with this key, too: the previous secret, while the
    /// platform may still use it.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.push(previous);
        self
    }

    /// Verifies the raw body, byte for byte as it came, against its headers.
    /// `header` gives the value of a header, by its name in whatever case.
    ///
    /// Every key is tried, in constant time, and the answer will be made with the
    /// one that matched. Neither the hook id nor the time is part of the hash:
    /// whoever saw a notification can send it again, under another id even. Store
    /// by the hash what is to be done once.
    ///
    /// # Errors
    ///
    /// [`Error::MissingHeader`] and [`Error::MalformedHookId`] (status 400), and
    /// [`Error::Mismatch`] (403).
    pub fn verify<'n>(
        &'n self,
        body: &'n [u8],
        header: impl Fn(&str) -> Option<&'n [u8]>,
    ) -> Result<Notification<'n>, Error> {
        let required = |name| header(name).ok_or(Error::MissingHeader { name });
        let hook_id = uuid(required(HOOK_ID_HEADER)?).ok_or(Error::MalformedHookId)?;
        let submitted = required(HASH_HEADER)?;
        let mut matching = None;
        for key in &self.keys {
            if key.matches(body, submitted).into() {
                matching = matching.or(Some(key));
            }
        }
        let key = matching.ok_or(Error::Mismatch)?;
        let hash = str::from_utf8(submitted).map_err(|_| Error::Mismatch)?;
        Ok(Notification { key, hook_id, hash, body })
    }
}

/// A notification whose hash matched.
#[derive(Clone, Copy)]
pub struct Notification<'n> {
    key: &'n Key,
    hook_id: &'n str,
    hash: &'n str,
    body: &'n [u8],
}

impl<'n> Notification<'n> {
    /// Which hook sent this, as a UUID. It is not part of what was hashed.
    #[must_use]
    pub fn hook_id(&self) -> &'n str {
        self.hook_id
    }

    /// The hash that came with the body, in lower-case hex: the same for the same
    /// body, so it tells one that was sent again.
    #[must_use]
    pub fn hash(&self) -> &'n str {
        self.hash
    }

    /// The raw body; the platform sends JSON.
    #[must_use]
    pub fn body(&self) -> &'n [u8] {
        self.body
    }

    /// What to answer once the notification is stored.
    #[must_use]
    pub fn acknowledgement(&self) -> Acknowledgement {
        Acknowledgement { hash: self.key.signature(self.hash.as_bytes()) }
    }
}

/// Shows the hook id and how long the body is: a hash is a credential.
impl fmt::Debug for Notification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Notification");
        shown.field("hook_id", &self.hook_id).field("body_length", &self.body.len()).finish_non_exhaustive()
    }
}

/// The answer to a notification, which proves that the receiver has the secret.
#[derive(Clone)]
pub struct Acknowledgement {
    hash: Signature,
}

impl Acknowledgement {
    /// The HMAC-SHA256 of the notification's hash, in lower-case hex.
    #[must_use]
    pub fn hash(&self) -> &str {
        str::from_utf8(&self.hash).expect("hex is ASCII")
    }

    /// The body to answer with, of type `application/json`.
    #[must_use]
    pub fn json(&self) -> String {
        format!(r#"{{"verification-hash":"{}"}}"#, self.hash())
    }
}

impl fmt::Debug for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acknowledgement(…)")
    }
}

/// A UUID as text: groups of hex digits with a `-` between.
fn uuid(text: &[u8]) -> Option<&str> {
    let text = str::from_utf8(text).ok()?;
    let lengths = text.split('-').map(str::len);
    let is_uuid =
        lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_uuid.then_some(text)
}
