//! Every way to fail, with its HTTP status.

use alloc::string::String;
use thiserror::Error;

/// Why a query, a key or a parameter was refused.
///
/// No error holds a secret, an expected signature or a submitted one, so each
/// may be logged. What a client needs to know is [`Error::status`] and no more.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no `sig` parameter, or in a link no `signature` or `_hash`, so nobody
    /// vouches for this query.
    #[error("the query has no `sig` parameter")]
    MissingSignature,

    /// `sig` is an array (`sig[]=…`) and not a single string; so for `signature` and
    /// `_hash`. Laravel's `signature` stands there more than once.
    #[error("`sig` is an array and not a single string")]
    MalformedSignature,

    /// There is no `expires` parameter, or for Symfony no `_expiration`, so the query
    /// would be good for ever.
    #[error("the query has no `expires` parameter")]
    MissingExpires,

    /// `expires` is an array, is empty, or has a character that is not a digit.
    #[error("`expires` is not a number of Unix seconds in decimal digits")]
    MalformedExpires,

    /// There are more parameters than PHP reads; it would drop the rest.
    #[error("the query has more parameters than the {} that PHP reads", crate::MAX_PARAMETERS)]
    TooManyParameters,

    /// An array is nested deeper than PHP follows; it would drop the parameter.
    #[error("a parameter has more than the {} levels of brackets that PHP reads", crate::MAX_DEPTH)]
    TooDeep,

    /// A webhook came without one of its headers.
    #[error("the webhook has no header `{name}`")]
    MissingHeader {
        /// The header's name.
        name: &'static str,
    },

    /// A webhook's hook id is not a UUID.
    #[error("the webhook's hook id is not a UUID")]
    MalformedHookId,

    /// No key gives the signature that came with the query, or the hash that
    /// came with the webhook. Besides another secret, that may be a query that is
    /// not what came behind the `?`: a whole URL is for
    /// [`verify_url_at`](crate::Verifier::verify_url_at).
    #[error("the signature does not match what was sent")]
    Mismatch,

    /// The signature matches, and the query is no longer good.
    #[error("the query expired at {expires}, and it is {now} (Unix seconds)")]
    Expired {
        /// The last Unix second at which the query was good, without leeway.
        expires: u64,
        /// The time of the verification, in Unix seconds.
        now: u64,
    },

    /// The signature matches, and the query would be good for longer than
    /// [`Verifier::max_lifetime`](crate::Verifier::max_lifetime) allows.
    #[error("the query expires at {expires}, too long after now, {now} (Unix seconds)")]
    LifetimeTooLong {
        /// The last Unix second at which the query would be good.
        expires: u64,
        /// The time of the verification, in Unix seconds.
        now: u64,
    },

    /// A secret is empty: anyone could sign with it.
    #[error("the secret is empty; set the one that is shared with the platform")]
    EmptySecret,

    /// A parameter to sign has a name that signing itself writes.
    #[error("a parameter to sign is named `{name}`, which signing adds by itself")]
    ReservedName {
        /// `sig` or `expires`.
        name: &'static str,
    },

    /// PHP would drop a parameter to sign, and the receiver would not see it.
    #[error("the parameter {name:?} would be dropped by PHP; give it another name")]
    DroppedName {
        /// The name as it was given; bytes that are not UTF-8 are replaced.
        name: String,
    },

    /// The target of a request is no path that begins with `/`, nor a query behind its
    /// `?`; or it has a control character.
    #[error("the target of the request is not a path that begins with `/`")]
    MalformedTarget,

    /// The framework reads the target as another one, so that both have the same
    /// signature: Laravel drops a `?` at the end, and takes `/index.php` off.
    #[error("the framework reads the target of the request as another one, which has the same signature")]
    AmbiguousTarget,

    /// An origin is not `http://host` or `https://host`, either with a port.
    #[error("the origin is not one like `https://app.example` or `http://localhost:8000`")]
    MalformedOrigin,

    /// A parameter can't be told apart from others by this name: PHP reads it as
    /// another one.
    #[error("the parameter name {name:?} is another one to PHP; choose one that it keeps as it is")]
    UnusableName {
        /// The name as it was given.
        name: String,
    },

    /// A URL to sign has something that its own framework would not accept back.
    #[error("the URL can't be signed: {why}")]
    UnsignableUrl {
        /// What it has, and what becomes of that.
        why: &'static str,
    },
}

impl Error {
    /// The HTTP status to answer with: 400 where the request is malformed, 403
    /// where it is well formed and not, or no longer, vouched for, and 500 where the
    /// fault is our own: a secret or a parameter to sign that can't be used.
    ///
    /// ```
    /// # use signed_query::Error;
    /// assert_eq!(Error::MissingSignature.status(), 400);
    /// assert_eq!(Error::Mismatch.status(), 403);
    /// assert_eq!(Error::EmptySecret.status(), 500);
    /// ```
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Mismatch | Self::Expired { .. } | Self::LifetimeTooLong { .. } => 403,
            Self::EmptySecret | Self::ReservedName { .. } | Self::DroppedName { .. } => 500,
            Self::MalformedOrigin | Self::UnusableName { .. } | Self::UnsignableUrl { .. } => 500,
            _ => 400,
        }
    }
}
