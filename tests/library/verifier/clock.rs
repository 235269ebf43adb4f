//! The system clock, which `verify` and `verify_url` ask, and `expires_in`. What goes by it is a
//! minute from either end, so that a slow machine changes nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use signed_query::{Error, Scheme, expires_in};

use crate::common::{
    applications::{ALL, Settings},
    example::{EXAMPLE, key, verifier},
};

const MINUTE: u64 = 60;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn a_request_expires_by_the_system_clock() {
    for application in ALL {
        let query = |last| {
            application.signed(&format!("{}={}", application.name_of_expiry(), application.expiry(last)))
        };
        let (past, coming) = (now() - MINUTE, now() + MINUTE);
        let settings = Settings::default();
        let verdict = application.verify_by_clock(&settings, &query(past));
        assert!(
            matches!(verdict, Err(Error::Expired { expires, now }) if expires == past && now >= past + MINUTE),
            "{application:?}"
        );
        assert_eq!(application.verify_by_clock(&settings, &query(coming)), Ok(coming), "{application:?}");
        let short = Settings { max_lifetime: Some(Duration::from_secs(1)), ..settings };
        let verdict = application.verify_by_clock(&short, &query(coming));
        assert!(matches!(verdict, Err(Error::LifetimeTooLong { .. })), "{application:?}");
    }
}

#[test]
fn a_urls_query_expires_by_the_system_clock() {
    assert!(matches!(verifier().verify_url(&format!("/?{EXAMPLE}")), Err(Error::Expired { .. })));
    let url = key().sign_url("https://crm.example/?q=red#top", u64::MAX).unwrap();
    assert_eq!(verifier().verify_url(&url).unwrap().get("q"), Some("red".into()));
}

#[test]
fn what_has_no_time_is_valid_whatever_the_clock_says() {
    let scheme = Scheme::new("hash").unwrap();
    let signed = scheme.sign(&key(), [("q", "red")], None).unwrap();
    assert!(scheme.verifier(key()).verify(&signed).is_ok());
}

#[test]
fn what_is_signed_for_a_duration_is_valid_for_so_long() {
    let hour = Duration::from_secs(3600);
    let expires = expires_in(hour);
    let query = key().sign([("q", "red")], expires).unwrap();
    assert_eq!(verifier().verify(&query).unwrap().expires(), expires);
    assert!(verifier().max_lifetime(hour).verify(&query).is_ok());
    let later = expires_in(Duration::ZERO);
    assert!(later >= expires - 3600, "{later} is before {expires}");
    assert!(later > 1_700_000_000, "it is {later}");
    assert_eq!(expires_in(Duration::MAX), u64::MAX);
}
