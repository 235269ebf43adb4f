//! What is wrong with the time of a request, by its name, its form and the clock.

use signed_query::Error;

use super::{
    choice::{Departure, Side},
    order::Order,
    reading::Reading,
    scheme::{Role, Scheme},
    spelling, time,
};
use crate::{rules::Rules, settings::Policy, verdict::verdict_on_time};

/// All that is wrong, whatever the signature.
pub fn departures(reading: &Reading, scheme: &Scheme, policy: &Policy, now: u64) -> Vec<Departure> {
    let Some(name) = &scheme.time else { return Vec::new() };
    let Some(one) = reading.parameters.iter().rfind(|one| one.role == Role::Expires) else {
        if policy.allows_unlimited && !matches!(scheme.rules, Rules::Query(_)) {
            return Vec::new();
        }
        return vec![match spelling::misspelt(&reading.parameters, Role::Expires, scheme) {
            Some(place) => spelling::departure(&reading.parameters[place], name),
            None => missing(name, scheme),
        }];
    };
    if one.name != name.as_bytes() {
        let change = format!("send a single value as `{name}`, not an array");
        return vec![Departure::new(format!("`{name}` is an array"), Side::Signer, change)];
    }
    if let Some(mistake) = time::mistake(name, &one.value, now) {
        return vec![mistake];
    }
    let seconds = str::from_utf8(&one.value).ok().and_then(|text| text.parse::<u64>().ok());
    let verdict = seconds.map(|seconds| verdict_on_time(seconds, &scheme.rules, policy, now));
    match verdict {
        Some(Ok(Err(error))) => by_the_clock(&error).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn missing(name: &str, scheme: &Scheme) -> Departure {
    let change = match (&scheme.rules, scheme.order()) {
        (Rules::Laravel { .. }, _) => {
            "make the link with `URL::temporarySignedRoute`, or accept links without an expiry (`allow_unlimited`, \
             here `--allow-unlimited`)"
                .to_owned()
        }
        (Rules::Symfony { .. }, _) => {
            "give `UriSigner::sign` an expiration, or accept links without one (`allow_unlimited`, here \
             `--allow-unlimited`)"
                .to_owned()
        }
        (_, Order::AsSent) => format!("add `{name}` as the last parameter before signing"),
        _ => format!("add `{name}` to the parameters before signing"),
    };
    Departure::new(format!("there is no `{name}` in the URL"), Side::Signer, change)
}

/// What the library says of the clock, at more length.
fn by_the_clock(error: &Error) -> Option<Departure> {
    Some(match *error {
        Error::Expired { expires, now } => {
            let ago = now.saturating_sub(expires);
            let mut cause = format!("it expired {} ago, at {}", time::length(ago), time::date(expires));
            if let Some((zone, life)) = zone(ago) {
                cause += &format!(
                    "; that is {} less {} min, so the signer may use local time instead of UTC",
                    time::length(zone),
                    life / 60
                );
            }
            let change = "sign each request anew; if this one is new, set the clocks on both sides or allow a `leeway`";
            Departure::new(cause, Side::Signer, change)
        }
        Error::IssuedInFuture { issued, now } => {
            let ahead = time::length(issued.saturating_sub(now));
            let cause = format!("its time of signing is {ahead} in the future, at {}", time::date(issued));
            Departure::new(cause, Side::Signer, "set the clocks on both sides or allow a `leeway`")
        }
        Error::LifetimeTooLong { expires, now } => {
            let life = time::length(expires.saturating_sub(now));
            let cause = format!("it is valid for {life}, longer than the server's `max_lifetime` allows");
            Departure::new(cause, Side::Signer, "let it expire sooner, or raise `max_lifetime` on the server")
        }
        _ => return None,
    })
}

/// A difference between time zones that explains how long ago something expired, and the
/// few minutes that a request lives.
fn zone(ago: u64) -> Option<(u64, u64)> {
    const HALF: u64 = 1800;
    const LONGEST_LIFE: u64 = 10 * 60;
    let zone = ago.div_ceil(HALF) * HALF;
    let life = zone - ago;
    // Only those half hours that exist as zones.
    let is_zone = zone.is_multiple_of(2 * HALF) || [7, 9, 11, 13, 19, 21].contains(&(zone / HALF));
    (is_zone && zone <= 14 * 2 * HALF && (60..=LONGEST_LIFE).contains(&(life + 59)))
        .then_some((zone, life.div_ceil(60) * 60))
}
