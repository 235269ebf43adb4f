//! What the library says of a request, with the server's settings.

use std::time::Duration;

use signed_query::{Error, Key, VerifiedQuery, Verifier, laravel, symfony};

use crate::{
    request::Request,
    rules::Rules,
    settings::{Policy, Secret},
};

/// What was verified.
pub struct Verified {
    /// Names and values, in the order of signing.
    pub parameters: Vec<(String, String)>,
    /// The last second at which the request is valid.
    pub expires: u64,
}

impl Verified {
    fn of(query: &VerifiedQuery<'_>) -> Self {
        let parameters = query.iter().map(|(name, value)| (name.into_owned(), value.into_owned()));
        Self { parameters: parameters.collect(), expires: query.expires() }
    }
}

/// The library's verdict on a request.
///
/// # Errors
///
/// What is wrong with the settings themselves.
pub fn verdict(
    request: &Request,
    rules: &Rules,
    policy: &Policy,
    secrets: &[Secret],
    now: u64,
) -> Result<Result<Verified, Error>, Error> {
    let query = request.query.as_deref().unwrap_or_default();
    let path = if request.path.is_empty() { "/" } else { &request.path };
    let target = format!("{path}?{query}");
    let keys: Result<Vec<Key>, Error> = secrets.iter().map(|secret| rules.key(&secret.bytes)).collect();
    let mut keys = keys?.into_iter();
    let first = keys.next().expect("there is a right secret");
    let Policy { leeway, max_lifetime, allows_unlimited, .. } = *policy;
    let max_lifetime = max_lifetime.unwrap_or(Duration::MAX);
    Ok(match rules {
        Rules::Query(own) => keys
            .fold(own.scheme()?.verifier(first), Verifier::or_key)
            .ignoring(&policy.ignored)?
            .ignoring_prefixes(&policy.ignored_prefixes)?
            .leeway(leeway)
            .max_lifetime(max_lifetime)
            .verify_at(query, now)
            .map(|query| Verified::of(&query)),
        Rules::Laravel { origin } => {
            let verifier = match origin {
                Some(origin) => laravel::Verifier::absolute(first, origin)?,
                None => laravel::Verifier::relative(first),
            };
            let verifier = keys.fold(verifier, laravel::Verifier::or_key).ignoring(&policy.ignored)?;
            let verifier = if allows_unlimited { verifier.allow_unlimited() } else { verifier };
            let verifier = verifier.leeway(leeway).max_lifetime(max_lifetime);
            verifier.verify_at(&target, now).map(|link| Verified::of(link.query()))
        }
        Rules::Symfony { origin } => {
            let verifier = keys.fold(symfony::Verifier::absolute(first, origin)?, symfony::Verifier::or_key);
            let verifier = if allows_unlimited { verifier.allow_unlimited() } else { verifier };
            let verifier = verifier.leeway(leeway).max_lifetime(max_lifetime);
            verifier.verify_at(&target, now).map(|link| Verified::of(link.query()))
        }
    })
}

/// What the library says of a time alone: a request that is right but for its time, perhaps,
/// with a key made for this.
///
/// # Errors
///
/// What is wrong with the settings themselves.
pub fn verdict_on_time(
    time: u64,
    rules: &Rules,
    policy: &Policy,
    now: u64,
) -> Result<Result<Verified, Error>, Error> {
    let secret = Secret { name: String::new(), bytes: b"for this alone".into() };
    let key = rules.key(&secret.bytes)?;
    const ORIGIN: &str = "https://a.example";
    let (url, rules) = match rules {
        Rules::Query(own) => {
            // With the same time, and nothing else.
            let own = crate::rules::Own {
                time: own.time.clone(),
                signature: own.signature.clone(),
                is_sha512: own.is_sha512,
                ..Default::default()
            };
            (own.scheme()?.sign_url(&key, "?", time)?, Rules::Query(own))
        }
        Rules::Laravel { .. } => (
            laravel::sign(&key, &format!("{ORIGIN}/a"), Some(time))?,
            Rules::Laravel { origin: Some(ORIGIN.into()) },
        ),
        Rules::Symfony { .. } => (
            symfony::sign(&key, &format!("{ORIGIN}/a"), Some(time), symfony::Alphabet::UrlSafe)?,
            Rules::Symfony { origin: ORIGIN.into() },
        ),
    };
    let Policy { leeway, max_lifetime, .. } = *policy;
    let policy = Policy { leeway, max_lifetime, ..Policy::default() };
    verdict(&Request::read(&url), &rules, &policy, &[secret], now)
}

/// What is printed of a request that is refused.
pub fn refusal(error: &Error) -> String {
    format!("Refused with status {}: {error}.", error.status())
}

/// The last second at which a request with this time is valid.
pub fn last_second(time: u64, rules: &Rules) -> Option<u64> {
    match verdict_on_time(time, rules, &Policy::default(), time).ok()? {
        Ok(verified) => Some(verified.expires),
        Err(Error::Expired { expires, .. }) => Some(expires),
        Err(_) => None,
    }
}
