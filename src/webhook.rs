//! Webhooks: the platform's other signed channel.
//!
//! The platform sends a notification as a `POST` with two headers: the id of the
//! hook, and the HMAC-SHA256 of the raw body in lower-case hex. The answer contains the
//! HMAC-SHA256 of that hex text, which proves that the receiver has the secret, too. The
//! platform repeats a notification that was not acknowledged in this way.
//!
//! An [`Acknowledgement`] can be had only from a [`Notification`], and a [`Notification`]
//! only from a body whose hash matches.
//!
//! ```
//! use signed_query::{Key, webhook::{HASH_HEADER, HOOK_ID_HEADER, Receiver}};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! let receiver = Receiver::new(Key::new("testsecret")?);
//! # let id = "6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55";
//! # let hash = "e123f721ae689ad2a06b5eed0838238f27e5c71d2159c258e73c651c98f17bdf";
//!
//! // From your framework; `HeaderMap::get` of the crate `http` will do.
//! let headers = |name: &str| match name {
//!     HOOK_ID_HEADER => Some(id.as_bytes()),
//!     HASH_HEADER => Some(hash.as_bytes()),
//!     _ => None,
//! };
//! let notification = receiver.verify(br#"{"test":"data"}"#, headers)?;
//! // Store `notification.body()` now; an acknowledged notification is not repeated.
//! let answer = notification.acknowledgement().json();
//! assert!(answer.starts_with(r#"{"verification-hash":"70d57128a1047c499ce30b"#));
//! # assert!(answer.ends_with(r#"3d518341aa4fc9e9200e30d9bb9152f99955ba081d"}"#));
//! # Ok(())
//! # }
//! ```

use alloc::{format, string::String};
use core::fmt;

use crate::{
    Error, Key,
    key::{Keys, Mac},
    writing::Writing,
};

/// The header with the hook's id, a UUID.
pub const HOOK_ID_HEADER: &str = "SocialSignIn-HookId";

/// The header with the hash: the HMAC-SHA256 of the raw body, in lower-case hex.
pub const HASH_HEADER: &str = "SocialSignIn-Hash";

/// The hash of a body, for the header [`HASH_HEADER`].
///
/// It is for code that sends notifications, such as a test of an endpoint. With a key of
/// [`Key::sha512`] it is the HMAC-SHA512, in 128 digits, which no [`Receiver`] accepts.
///
/// ```
/// # use signed_query::{Key, webhook};
/// let hash = webhook::hash(&Key::new("testsecret")?, br#"{"test":"data"}"#);
/// assert!(hash.starts_with("e123f721ae689ad2a06b5eed0838238f"));
/// # assert!(hash.ends_with("27e5c71d2159c258e73c651c98f17bdf") && hash.len() == 64);
/// # Ok::<(), signed_query::Error>(())
/// ```
#[must_use]
pub fn hash(key: &Key, body: &[u8]) -> String {
    let (mut mac, mut hash) = (Mac::default(), String::new());
    key.mac(&[body], &mut mac);
    Writing::Hex.write(&mac, &mut hash);
    hash
}

/// Decides which notifications are valid.
///
/// Build one at startup and share it between threads.
#[derive(Clone, Debug)]
pub struct Receiver {
    keys: Keys,
}

impl Receiver {
    /// Accepts notifications hashed with this key; with a key of [`Key::sha512`], none.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { keys: Keys::new(key) }
    }

    /// Also accepts notifications hashed with this key, the one of the previous secret,
    /// while the platform may still use it.
    #[must_use]
    pub fn or_key(mut self, previous: Key) -> Self {
        self.keys.add(previous);
        self
    }

    /// Verifies the raw body, byte for byte as received, against its headers.
    /// `header` gives the value of a header by its name, ignoring case.
    ///
    /// Every key is tried, in constant time, and the acknowledgement is made with the one
    /// that matched. Neither the hook id nor the time is part of the hash: anyone who has
    /// seen a notification can send it again, even under another id. To act on each
    /// notification only once, store its hash.
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
        let mac = Writing::Hex.read(submitted).and_then(Mac::if_sha256).ok_or(Error::Mismatch)?;
        let key = self.keys.matching(&[body], &mac).ok_or(Error::Mismatch)?;
        let hash = str::from_utf8(submitted).map_err(|_| Error::Mismatch)?;
        Ok(Notification { key, hook_id, hash, body })
    }
}

/// A notification whose hash matched.
#[derive(Clone, Copy)]
pub struct Notification<'n> {
    key: &'n Key,
    hook_id: Uuid,
    hash: &'n str,
    body: &'n [u8],
}

impl<'n> Notification<'n> {
    /// The hook that sent this: a UUID in lower case, without braces. It is not hashed, so
    /// anyone may have changed it.
    #[must_use]
    pub fn hook_id(&self) -> &str {
        str::from_utf8(&self.hook_id).expect("a UUID is ASCII")
    }

    /// The hash that came with the body, in lower-case hex. The same body has the same
    /// hash, so a notification that is sent again can be recognised by it.
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
        Acknowledgement { hash: hash(self.key, self.hash.as_bytes()) }
    }
}

/// Shows the hook id and the length of the body, but not the hash, which is a credential.
impl fmt::Debug for Notification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Notification");
        shown.field("hook_id", &self.hook_id()).field("body_length", &self.body.len()).finish_non_exhaustive()
    }
}

/// The answer to a notification, which proves that the receiver has the secret.
#[derive(Clone)]
pub struct Acknowledgement {
    hash: String,
}

impl Acknowledgement {
    /// The HMAC-SHA256 of the notification's hash, in lower-case hex.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The body of the answer, of type `application/json`.
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

/// The text of a UUID: groups of hex digits joined by `-`.
type Uuid = [u8; 36];

/// Reads a UUID as commonly written, in braces and capitals, too.
fn uuid(text: &[u8]) -> Option<Uuid> {
    let bare = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}")).unwrap_or(text);
    let lengths = bare.split(|&byte| byte == b'-').map(<[u8]>::len);
    let is_uuid =
        lengths.eq([8, 4, 4, 4, 12]) && bare.iter().all(|byte| *byte == b'-' || byte.is_ascii_hexdigit());
    let uuid: Uuid = bare.try_into().ok().filter(|_| is_uuid)?;
    Some(uuid.map(|byte| byte.to_ascii_lowercase()))
}
