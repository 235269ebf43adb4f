//! What the library says of a request, with the server's settings.

use std::time::Duration;

use signed_query::{Error, Key, Verifier, laravel, symfony};

use super::{
    arguments::{Policy, Secrets},
    request::Request,
    scheme::{Kind, Scheme},
};

/// The library's verdict on a request.
///
/// # Errors
///
/// What is wrong with the settings themselves.
pub fn verdict(
    request: &Request,
    scheme: &Scheme,
    policy: &Policy,
    secrets: &Secrets,
    now: u64,
) -> Result<Result<(), Error>, Error> {
    let query = request.query.as_deref().unwrap_or_default();
    let path = if request.path.is_empty() { "/" } else { &request.path };
    let target = format!("{path}?{query}");
    let keys: Result<Vec<Key>, Error> = secrets.right.iter().map(|secret| Key::new(&secret.bytes)).collect();
    let mut keys = keys?.into_iter();
    let first = keys.next().expect("there is a right secret");
    let Policy { leeway, max_lifetime, allows_unlimited } = *policy;
    let max_lifetime = max_lifetime.unwrap_or(Duration::MAX);
    Ok(match &scheme.kind {
        Kind::Platform => keys
            .fold(Verifier::new(first), Verifier::or_key)
            .ignoring(&scheme.unsigned)?
            .ignoring_prefixes(&scheme.unsigned_prefixes)?
            .leeway(leeway)
            .max_lifetime(max_lifetime)
            .verify_at(query, now)
            .map(|_| ()),
        Kind::Laravel { origin } => {
            let verifier = match origin {
                Some(origin) => laravel::Verifier::absolute(first, origin)?,
                None => laravel::Verifier::relative(first),
            };
            let verifier = keys.fold(verifier, laravel::Verifier::or_key).ignoring(&scheme.unsigned)?;
            let verifier = if allows_unlimited { verifier.allow_unlimited() } else { verifier };
            verifier.leeway(leeway).max_lifetime(max_lifetime).verify_at(&target, now).map(|_| ())
        }
        Kind::Symfony { origin } => {
            let verifier = keys.fold(symfony::Verifier::absolute(first, origin)?, symfony::Verifier::or_key);
            let verifier = if allows_unlimited { verifier.allow_unlimited() } else { verifier };
            verifier.leeway(leeway).max_lifetime(max_lifetime).verify_at(&target, now).map(|_| ())
        }
    })
}
