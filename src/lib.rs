//! Signs and verifies the query strings of PHP systems, first of all the signed
//! requests that SocialSignIn (Orlo) sends to a customer's CRM integration.
//!
//! Such a request is a URL whose query was written by PHP's `http_build_query`,
//! signed with HMAC-SHA256 and a shared secret, and given a time at which it
//! expires. To check the signature one must rebuild the very bytes that were
//! signed from whatever query string arrives, in PHP's order and with PHP's
//! escapes. This crate does so, and hands out parameters only when the signature
//! and the time are good.
//!
//! # From `cargo add signed-query` to a verified parameter
//!
//! ```
//! use signed_query::{Key, Verifier};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! // Once, at the start:
//! let verifier = Verifier::new(Key::new("changeme!")?);
//! # let signed = Key::new("changeme!")?.sign([("q", "red")], u64::MAX)?;
//! # let raw: &str = &signed;
//!
//! // For each request, with the text behind the `?` as it came:
//! let query = verifier.verify(raw)?; // an error has the HTTP status to answer with
//! assert_eq!(query.get("q").as_deref(), Some("red"));
//! # Ok(())
//! # }
//! ```
//!
//! # Whose signatures
//!
//! | signed by | what is signed | verify with | sign with |
//! |---|---|---|---|
//! | SocialSignIn (Orlo), and PHP's `hash_hmac` of `http_build_query` | the query in canonical form | [`Verifier`] | [`Key::sign`], [`Key::sign_url`] |
//! | Laravel: `URL::signedRoute`, `Storage::temporaryUrl` | origin and path, or the path alone; the query as it was sent | [`laravel::Verifier`] | [`laravel::sign`] |
//! | Symfony: `UriSigner` | origin, path, and the query in canonical form and sorted | [`symfony::Verifier`] | [`symfony::sign`] |
//!
//! # Rules
//!
//! - **Read from [`VerifiedQuery`], never from the raw query.** Anyone may put
//!   `q=evil&` in front of a signed `q=red`: PHP counts the last `q`, so the
//!   signature still matches, and a handler that takes the first `q` of the raw
//!   text is fooled. [`VerifiedQuery::get`] gives what was signed. Of a link, the
//!   path is as well: [`VerifiedLink`].
//! - **What was not signed is apart.** The platform adds parameters after signing
//!   ([`UNSIGNED_BY_PLATFORM`]). Name them with [`Verifier::ignoring`]; they are
//!   read with [`VerifiedQuery::unsigned`] and nowhere else.
//! - **A signed URL is a credential.** Whoever has it can use it until it expires,
//!   so keep it out of logs. No error here and no `Debug` shows a secret, a
//!   signature that was expected or one that came.
//! - **Nothing is dropped in silence.** Where PHP stops reading, at
//!   [`MAX_PARAMETERS`] and [`MAX_DEPTH`], there is an error; and signing refuses
//!   what would not verify.
//!
//! # Signing
//!
//! An integration signs as well, links back to itself for one. The time is the one at
//! which the link expires, and not how long it lives: [`expires_in`] makes one of the
//! other.
//!
//! ```
//! # use core::time::Duration;
//! # use signed_query::{Key, Verifier, expires_in};
//! let key = Key::new("changeme!")?;
//! let link = key.sign_url("https://crm.example/note?id=1", expires_in(Duration::from_secs(600)))?;
//! assert!(link.starts_with("https://crm.example/note?id=1&expires="));
//!
//! // A whole URL, or a path with its query, is for `verify_url`:
//! let query = Verifier::new(key).verify_url(&link)?;
//! assert_eq!(query.get("id").as_deref(), Some("1"));
//! # Ok::<(), signed_query::Error>(())
//! ```
//!
//! # What is compared, and in what time
//!
//! The submitted signature is compared with the expected one in a time that does
//! not depend on where they differ, and before the clock is looked at. With
//! several keys all are tried. What does depend on the input is the time to
//! rebuild the canonical form, which no secret has a part in. The crate relies on
//! `subtle` for this, whose documentation says what can be promised of it.
//!
//! # Features
//!
//! `std` (default) adds what asks the system clock: [`Verifier::verify`],
//! [`Verifier::verify_url`] and [`expires_in`]. Without it (`default-features = false`)
//! the crate is `no_std` and needs `alloc`; pass the time to [`Verifier::verify_at`],
//! from wherever you have it. On `wasm32-unknown-unknown`, which has no clock, the
//! three are missing with the feature, too.
//!
//! # More to read
//!
//! The [`guide`] has PHP's rules in a table, how to choose `leeway` and
//! `max_lifetime`, the way from the PHP example to here, where your framework keeps
//! the raw query, and more. The platform's webhooks are in [`webhook`].
#![deny(missing_docs)]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod canonical;
#[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
mod clock;
mod error;
pub mod guide;
mod key;
pub mod laravel;
mod lifetime;
mod link;
mod sign;
pub mod symfony;
mod verified;
mod verify;
pub mod webhook;

/// The README's examples, held to compile and to be true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A `match` over all of today's errors does not compile elsewhere, so that there
/// can be more of them.
///
/// ```compile_fail,E0004
/// use signed_query::Error;
/// match Error::Mismatch {
///     Error::MissingSignature | Error::MalformedSignature | Error::MissingExpires => (),
///     Error::MalformedExpires | Error::TooManyParameters | Error::TooDeep | Error::Mismatch => (),
///     Error::MissingHeader { .. } | Error::MalformedHookId | Error::EmptySecret => (),
///     Error::Expired { .. } | Error::LifetimeTooLong { .. } => (),
///     Error::ReservedName { .. } | Error::DroppedName { .. } => (),
///     Error::MalformedTarget | Error::AmbiguousTarget | Error::MalformedOrigin => (),
///     Error::UnusableName { .. } | Error::UnsignableUrl { .. } => (),
/// }
/// ```
#[cfg(doctest)]
struct ErrorIsNonExhaustive;

pub use canonical::canonicalize;
#[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
pub use clock::expires_in;
pub use error::Error;
pub use key::Key;
pub use link::VerifiedLink;
pub use verified::VerifiedQuery;
pub use verify::Verifier;

/// How many parameters PHP reads (`max_input_vars`). One more is an error here,
/// where PHP drops it without a word.
pub const MAX_PARAMETERS: usize = 1000;

/// How many levels of brackets PHP reads (`max_input_nesting_level`). One more
/// is an error here, where PHP drops the parameter.
pub const MAX_DEPTH: usize = 64;

/// The parameters that the platform adds to an iframe request after signing it,
/// for [`Verifier::ignoring`].
pub const UNSIGNED_BY_PLATFORM: &[&str] = &[
    "message_social_network_type",
    "message_social_network_id",
    "message_author_social_network_id",
    "message_sentiment",
    "message_language_code",
    "message_socialsignin_id",
    "message_socialsignin_url",
    "message_author_socialsignin_id",
];
