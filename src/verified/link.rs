//! Reading a link that was verified.

use alloc::borrow::Cow;

use crate::{VerifiedQuery, verifier::Canonical};

/// A link whose signature matched and which had not expired.
///
/// Read from this and not from the target, which may contain more than was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedLink<'t> {
    path: Cow<'t, str>,
    query: VerifiedQuery<'t>,
}

impl<'t> VerifiedLink<'t> {
    /// Made from a scheme's claim; it leaves the crate only once the claim is verified.
    pub(crate) fn new(path: &'t str, query: VerifiedQuery<'t>) -> Self {
        Self { path: Cow::Borrowed(path), query }
    }

    /// The path as it was signed, not decoded: it may contain `..` and `%2e%2e`.
    /// Laravel signs it without a slash at the end: `/a/` is verified and read as
    /// `/a`. The root is `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The signed parameters, with the expiry but without the signature; ignored ones
    /// are read with [`unsigned`](VerifiedQuery::unsigned).
    ///
    /// [`canonical`](VerifiedQuery::canonical) is their canonical form, even for Laravel,
    /// which signs the query as it was sent.
    /// [`expires`](VerifiedQuery::expires) is the last second at which the link is
    /// valid: for Symfony, the second before the expiry in the link; for a link that never
    /// expires, [`u64::MAX`].
    #[must_use]
    pub fn query(&self) -> &VerifiedQuery<'t> {
        &self.query
    }

    /// The same link, no longer borrowing from the target.
    #[must_use]
    pub fn into_owned(self) -> VerifiedLink<'static> {
        VerifiedLink { path: Cow::Owned(self.path.into_owned()), query: self.query.into_owned() }
    }
}

impl Canonical for VerifiedLink<'_> {
    fn canonical(&self) -> &str {
        self.query.canonical()
    }
}
