//! Signed queries: how they are verified, and how their parameters are read.

use signed_query::{Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};

use crate::reply::Refusal;

/// A verifier for the platform's requests, which have unsigned parameters as well.
pub fn verifier(key: Key, previous: Option<&Key>) -> Verifier {
    let verifier = Verifier::new(key).ignoring(UNSIGNED_BY_PLATFORM);
    let verifier = verifier.expect("the platform's names are valid in PHP, and are not the signature's");
    previous.cloned().into_iter().fold(verifier, Verifier::or_key)
}

/// A parameter as text; it is refused, not repaired, if it is not UTF-8.
pub fn text(query: &VerifiedQuery<'_>, name: &'static str) -> Result<String, Refusal> {
    let bytes = query.get_bytes(name).ok_or(Refusal::BadParameter(name))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Refusal::BadParameter(name))
}
