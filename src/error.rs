//! Every way to fail.

mod status;

use alloc::{format, string::String};
use thiserror::Error;

/// Why a query, a key or a parameter was refused.
///
/// No error contains a secret, an expected signature or a submitted one, so all errors
/// may be logged. Tell a client nothing but the [`status`](Error::status).
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no parameter with the signature: no `sig`, no `signature` or `_hash` in a
    /// link, or none of the name that the [`Scheme`](crate::Scheme) gives it.
    #[error("the query has no signature")]
    MissingSignature,

    /// The parameter with the signature is an array (`sig[]=…`) and not a single string,
    /// or a link of Laravel has more than one `signature`.
    #[error("the signature is not a single string")]
    MalformedSignature,

    /// There is no parameter with the expiry (`expires`, for Symfony `_expiration`), so the
    /// query would be valid for ever.
    #[error("the query has no expiry")]
    MissingExpires,

    /// The expiry is an array, is empty, or has a character that is not a digit.
    #[error("the expiry is not a number of Unix seconds in decimal digits")]
    MalformedExpires,

    /// There are more parameters than PHP reads, and it would drop the rest.
    #[error("the query has more than the {} parameters that PHP reads", crate::MAX_PARAMETERS)]
    TooManyParameters,

    /// An array is nested deeper than PHP reads, and it would drop the parameter.
    #[error("a parameter has more than the {} levels of brackets that PHP reads", crate::MAX_DEPTH)]
    TooDeep,

    /// A webhook came without one of its headers.
    #[error("the webhook has no `{name}` header")]
    MissingHeader {
        /// The header's name.
        name: &'static str,
    },

    /// A webhook's hook id is not a UUID.
    #[error("the webhook's hook id is not a UUID")]
    MalformedHookId,

    /// No key gives the signature that came with the query, or the hash that came with the
    /// webhook. The secret, the scheme or the text differs from the signer's, or a whole URL
    /// was passed in and not the text after the `?`: for a URL, use
    /// [`verify_url_at`](crate::Verifier::verify_url_at).
    #[error("the signature does not match what was sent")]
    Mismatch,

    /// The signature matches, but the query has expired.
    #[error("the query expired at {expires}, and it is now {now} (Unix seconds)")]
    Expired {
        /// The last Unix second at which the query was valid, without leeway.
        expires: u64,
        /// The time of the verification, in Unix seconds.
        now: u64,
    },

    /// The signature matches, but the query would be valid for longer than
    /// [`Verifier::max_lifetime`](crate::Verifier::max_lifetime) allows.
    #[error("the query expires too far ahead, at {expires}, and it is now {now} (Unix seconds)")]
    LifetimeTooLong {
        /// The last Unix second at which the query would be valid.
        expires: u64,
        /// The time of the verification, in Unix seconds.
        now: u64,
    },

    /// A secret is empty: anyone could sign with it.
    #[error("the secret is empty; set the one that both sides share")]
    EmptySecret,

    /// A parameter to sign, or to ignore, has a name that signing itself uses.
    #[error("the name `{name}` is reserved: signing itself uses it")]
    ReservedName {
        /// The name, such as `sig` or `expires`.
        name: &'static str,
    },

    /// PHP would drop a parameter to sign, so the receiver would not see it.
    #[error("PHP would drop the parameter {name:?}; give it another name")]
    DroppedName {
        /// The name as given, with bytes that are not UTF-8 replaced; or a NUL, after
        /// which PHP reads nothing.
        name: String,
    },

    /// The target of a request begins with neither `/` nor `?`, or contains a control
    /// character.
    #[error("the request target begins with neither `/` nor `?`, or has a control character")]
    MalformedTarget,

    /// The framework reads the target as a different one, so both have the same signature:
    /// Laravel drops a `?` at the end, and a leading `/index.php`; Symfony adds a slash after
    /// that.
    #[error("the framework reads the request target as a different one with the same signature")]
    AmbiguousTarget,

    /// An origin is not `http://host` or `https://host`, with or without a port.
    #[error("the origin must look like `https://app.example` or `http://localhost:8000`")]
    MalformedOrigin,

    /// A name can't be used for a parameter: it is empty or has brackets, PHP reads it as
    /// another name or Laravel as a number, or it is in use already (given twice, or for
    /// both the signature and the time).
    #[error(
        "the name {name:?} can't be used: a name must not be empty, a number or in use already, must have no \
         brackets, and PHP must read it unchanged"
    )]
    UnusableName {
        /// The name as given.
        name: String,
    },

    /// A parameter to sign, or to ignore, has a name that the scheme itself uses.
    #[error("the name {name:?} is the scheme's own, for the signature or the time; use another one")]
    ReservedParameter {
        /// The name as given to the scheme.
        name: String,
    },

    /// A prefix is empty, so it would match every name.
    #[error("an empty prefix would match every name; give the start of the names")]
    EmptyPrefix,

    /// [`Scheme::only`](crate::Scheme::only) was given no name.
    #[error("no name is signed; name at least one parameter")]
    NothingSigned,

    /// A scheme was given more than one time parameter: an expiry and a time of signing, or
    /// either of them twice.
    #[error("the scheme already has a time parameter; call either `expires` or `issued_at`, once")]
    SecondTime,

    /// [`Scheme::only`](crate::Scheme::only) or
    /// [`only_prefix`](crate::Scheme::only_prefix) leaves out the time, which anyone could
    /// then change.
    #[error(
        "the time {name:?} would not be signed, so anyone could change it; let `only` and `only_prefix` include it"
    )]
    TimeNotSigned {
        /// The name of the time.
        name: String,
    },

    /// A parameter to sign has a name that the scheme does not sign.
    #[error(
        "the scheme does not sign the parameter {name:?}; leave it out, or let `only` and `only_prefix` include it"
    )]
    NameNotSigned {
        /// The name as PHP reads it.
        name: String,
    },

    /// A scheme that has a time was asked to sign without one.
    #[error("this scheme needs a time; pass a Unix second when signing")]
    MissingTime,

    /// A scheme that has no time was asked to sign with one.
    #[error("the scheme has no time; sign with `None`, or give it one with `expires` or `issued_at`")]
    UnexpectedTime,

    /// A signed parameter has a name that PHP takes for a number, and where
    /// [`ksort`](crate::Scheme::sorted) puts it depends on PHP's version.
    #[error(
        "a sorted parameter has a number for a name, and PHP's versions differ in where they put it; give it another name"
    )]
    NumericName,

    /// There is no parameter with the time of signing, so the query would be valid for
    /// ever.
    #[error("the query has no time of signing; the signer has to add it")]
    MissingIssuedAt,

    /// The time of signing is an array, is empty, or has a character that is not a digit.
    #[error(
        "the time of signing is not a number of Unix seconds in decimal digits; the signer must send it in that form"
    )]
    MalformedIssuedAt,

    /// The signature matches, but the query says that it was signed in the future. Allow
    /// for clocks that differ with [`Verifier::leeway`](crate::Verifier::leeway).
    #[error(
        "the query was signed in the future, at {issued}, and it is now {now} (Unix seconds); set the clocks, \
         or allow for a difference with `leeway`"
    )]
    IssuedInFuture {
        /// The time of signing, in Unix seconds.
        issued: u64,
        /// The time of the verification, in Unix seconds.
        now: u64,
    },

    /// A key of [`Key::sha512`](crate::Key::sha512) was given to sign or verify links, which
    /// are signed with HMAC-SHA256.
    #[error("links are signed with HMAC-SHA256; make the key with `Key::new`")]
    UnsuitableKey,

    /// A URL to sign contains something that its framework would not accept.
    #[error("the URL can't be signed: {why}")]
    UnsignableUrl {
        /// What is wrong with it.
        why: &'static str,
    },

    /// A value to sign, or to write as a query, is one that PHP has no text for or would
    /// not read back.
    #[error("{} can't be written: {why}", subject(path.as_deref()))]
    UnwritableValue {
        /// Which one, in PHP's notation, such as `a[b][0]`; `None` for the whole value.
        path: Option<String>,
        /// What is wrong with it.
        why: &'static str,
    },

    /// A signed parameter does not fit the type that the program reads it as. The error
    /// does not show its value, which may be private.
    #[error("{} does not fit: expected {expected}", subject(path.as_deref()))]
    UnexpectedValue {
        /// Which one, in PHP's notation, such as `a[b][0]`; `None` for the whole value.
        path: Option<String>,
        /// What the program reads it as.
        expected: String,
    },
}

/// The subject of a message about the value with this path.
fn subject(path: Option<&str>) -> String {
    path.map_or("the whole value".into(), |path| format!("the parameter {path:?}"))
}
