//! Signs and verifies the query strings of PHP systems, above all the signed
//! requests that the platform SocialSignIn (Orlo) sends to a customer's CRM
//! integration.
//!
//! Such a request is a URL whose query was written by PHP's `http_build_query`,
//! usually with a time in it, and signed with HMAC and a shared secret. To check the
//! signature, a receiver must rebuild the exact bytes that were signed from whatever
//! query string arrives, in PHP's order and with PHP's escapes. This crate does that,
//! and hands out parameters only if the signature matches and the request has not
//! expired.
//!
//! # What it does not do
//!
//! - It does not encrypt: anyone who sees a signed URL can read it.
//! - It does not stop a signed URL from being used twice; the guide shows how [your server
//!   can](guide::once).
//! - It supports only HMAC-SHA256 and HMAC-SHA512 of `http_build_query`, and the links of
//!   Laravel and Symfony. It does not support MD5, SHA-1 or RSA, and does not sign any other
//!   text, such as values joined by `|`, JSON, or a request's method and headers.
//! - It does not read PHP's sessions or cookies, or what Laravel and Symfony encrypt.
//! - It is not a web framework: you pass it the raw query, and answer the request.
//!
//! # A first request
//!
//! ```
//! use signed_query::{Key, Verifier};
//!
//! # fn main() -> Result<(), signed_query::Error> {
//! // Once, at startup:
//! let verifier = Verifier::new(Key::new("changeme!")?);
//! # let in_five_minutes = signed_query::expires_in(core::time::Duration::from_secs(300));
//! # let signed = Key::new("changeme!")?.sign([("q", "red")], in_five_minutes)?;
//! # let raw: &str = &signed;
//!
//! // For each request, with the text after the `?`, exactly as received:
//! let query = verifier.verify(raw)?; // for an error, answer with its `status()`
//! assert_eq!(query.get("q").as_deref(), Some("red"));
//! # Ok(())
//! # }
//! ```
//!
//! # Supported signatures
//!
//! | signed by | what is signed | verify with | sign with |
//! |---|---|---|---|
//! | SocialSignIn (Orlo): `sig` and `expires` | the query in canonical form | [`Verifier::new`] | [`Key::sign`], [`Key::sign_url`] |
//! | other PHP applications: `hash_hmac` of `http_build_query`, with their own names, order, time and encoding | the query, or the body of a form, in canonical form, ordered and encoded as the application does | [`Scheme::verifier`] | [`Scheme::sign`], [`Scheme::sign_url`] |
//! | Laravel: `URL::signedRoute`, `Storage::temporaryUrl` | the origin and path, or the path alone, and the query as it was sent | [`laravel::Verifier`] | [`laravel::sign`] |
//! | Symfony: `UriSigner` | the origin, the path, and the query in canonical form, sorted | [`symfony::Verifier`] | [`symfony::sign`] |
//!
//! A [`Scheme`] is read off the PHP, line by line: [a page of the guide](guide::schemes)
//! shows how, has the schemes of well-known applications as code, and lists what is not
//! supported.
//!
//! # Rules
//!
//! - **Read from [`VerifiedQuery`], never from the raw query.** Anyone can put
//!   `q=evil&` in front of a signed `q=red`: to PHP the last `q` counts, so the
//!   signature still matches, but a handler that takes the first `q` of the raw
//!   text is fooled. [`VerifiedQuery::get`] gives what was signed. For a link, also read
//!   the path from what was verified: [`VerifiedLink::path`].
//! - **Unsigned parameters are kept apart.** The platform adds some after signing
//!   ([`UNSIGNED_BY_PLATFORM`]). Name them with [`Verifier::ignoring`]; only
//!   [`VerifiedQuery::unsigned`] reads them.
//! - **A signed URL is a credential.** Anyone who has it can use it until it
//!   expires ([for ever](Scheme#a-scheme-without-a-time), if its scheme has no time), so
//!   keep it out of logs. No error and no `Debug` output shows a secret,
//!   an expected signature or a submitted one.
//! - **Nothing is silently dropped.** Beyond PHP's limits, [`MAX_PARAMETERS`] and
//!   [`MAX_DEPTH`], there is an error where PHP drops parameters; and signing
//!   refuses what would not verify.
//!
//! # Signing
//!
//! An integration signs, too: links back to itself, for example. Signing takes the time
//! at which a link expires, not a duration; [`expires_in`] turns one into the other.
//!
//! ```
//! # use core::time::Duration;
//! # use signed_query::{Key, Verifier, expires_in};
//! let key = Key::new("changeme!")?;
//! let in_ten_minutes = expires_in(Duration::from_secs(600));
//! let link = key.sign_url("https://crm.example/note?id=1", in_ten_minutes)?;
//! assert!(link.starts_with("https://crm.example/note?id=1&expires="));
//!
//! // `verify_url` takes a whole URL, or a path with its query:
//! let query = Verifier::new(key).verify_url(&link)?;
//! assert_eq!(query.get("id").as_deref(), Some("1"));
//! # Ok::<(), signed_query::Error>(())
//! ```
//!
//! With the feature `serde`, a struct takes the place of the pairs of names and values. It
//! is written and read as PHP's array of the same values:
//!
//! ```
//! # #[cfg(not(feature = "serde"))]
//! # fn main() {}
//! # #[cfg(feature = "serde")]
//! # fn main() -> Result<(), signed_query::Error> {
//! # use signed_query::{Key, Verifier};
//! #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
//! struct Note {
//!     person: u64,
//!     pinned: bool,
//!     tag: Vec<String>,
//! }
//!
//! let key = Key::new("changeme!")?;
//! let note = Note { person: 1, pinned: true, tag: vec!["new".to_owned()] };
//! let raw = key.sign_value(&note, 1_893_456_000)?;
//! let signed = "person=1&pinned=1&tag%5B0%5D=new&expires=1893456000";
//! assert!(raw.starts_with(signed));
//!
//! let query = Verifier::new(key).verify_at(&raw, 1_893_456_000)?;
//! assert_eq!(query.deserialize::<Note>()?, note);
//! # Ok(())
//! # }
//! ```
//!
//! # Constant time
//!
//! A submitted signature is decoded strictly: there is one way to write each MAC. It is
//! then compared with the expected MAC in a time that does not depend on where they
//! differ: the differences of all words are combined, and `subtle` reports whether there is
//! any. Only then is the time of the request checked. If there are several keys, all are
//! tried. The documentation of `subtle` says how much a comparison in constant time can
//! promise.
//!
//! The expected signature is never written as text, so no table is indexed by it: `hex`
//! and `base64` decode the submitted signature, which is no secret, and encode only
//! signatures that are handed out. The time to rebuild the canonical form depends on the
//! request, and not on any secret.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `std` (default) | the functions that read the system clock: [`Verifier::verify`], [`Verifier::verify_url`] and [`expires_in`] |
//! | `serde` | values of Rust's types: [`Key::sign_value`], [`Scheme::sign_value`], [`VerifiedQuery::deserialize`] and [`build_query`]; depends on `serde_core`, and does not need `std` |
//!
//! Without `std` (`default-features = false`) the crate is `no_std` and needs `alloc`; pass
//! the time to [`Verifier::verify_at`] yourself. `wasm32-unknown-unknown` has no clock, so
//! the functions of the feature `std` don't exist there.
//!
//! # More to read
//!
//! The [`guide`] has PHP's rules in a table, how to choose `leeway` and
//! `max_lifetime`, how to move from the PHP example, a scheme of your own, where your
//! framework keeps the raw query, and more. The platform's webhooks are in [`webhook`].
#![deny(missing_docs)]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod canonical;
mod error;
pub mod guide;
mod key;
mod lifetime;
mod scheme;
#[cfg(feature = "serde")]
mod value;
mod verified;
mod verifier;
pub mod webhook;
mod writing;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// More errors can be added: outside the crate, a `match` that names all of today's does
/// not compile.
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
///     Error::ReservedParameter { .. } | Error::EmptyPrefix | Error::NothingSigned => (),
///     Error::SecondTime | Error::TimeNotSigned { .. } | Error::NameNotSigned { .. } => (),
///     Error::MissingTime | Error::UnexpectedTime | Error::NumericName => (),
///     Error::MissingIssuedAt | Error::MalformedIssuedAt | Error::IssuedInFuture { .. } => (),
///     Error::UnsuitableKey => (),
///     Error::UnwritableValue { .. } | Error::UnexpectedValue { .. } => (),
/// }
/// ```
#[cfg(doctest)]
struct ErrorIsNonExhaustive;

/// No other crate can implement `SigningScheme`: it can't name the type that `claim` returns.
///
/// ```compile_fail,E0425
/// use signed_query::*;
///
/// struct Mine;
/// impl SigningScheme for Mine {
///     type Verified<'s> = VerifiedQuery<'s>;
///
///     fn claim<'c, 's: 'c>(&'c self, _: &'s str) -> Result<Claim<'c, VerifiedQuery<'s>>, Error> {
///         Err(Error::MissingSignature)
///     }
/// }
/// ```
#[cfg(doctest)]
struct SigningSchemeIsSealed;

pub use canonical::{MAX_DEPTH, MAX_PARAMETERS, canonicalize};
pub use error::Error;
pub use key::Key;
#[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
pub use lifetime::expires_in;
pub use scheme::{Scheme, laravel, symfony};
#[cfg(feature = "serde")]
pub use value::build_query;
pub use verified::{VerifiedLink, VerifiedQuery};
pub use verifier::{SigningScheme, Verifier};
pub use writing::Writing;

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
