//! Until when a request is valid, by every verifier: its expiry, leeway, and the longest
//! lifetime; and which error comes first.

use std::time::Duration;

use signed_query::{Error, canonicalize};

use crate::common::applications::{ALL, Application, FRAMEWORKS, NOW, SECRET, Settings, platform};

const LONGEST: Duration = Duration::from_secs(u64::MAX - 1);

fn valid_until(application: Application, last: u64) -> String {
    application.signed(&format!("{}={}", application.name_of_expiry(), application.expiry(last)))
}

/// Whether the query is valid at a time, by a verifier with these settings; where it is not,
/// for the reason that the times give.
fn is_valid(application: Application, settings: &Settings, last: u64, now: u64) -> bool {
    match application.verify_by(settings, &valid_until(application, last), now) {
        Ok(expires) => assert_eq!(expires, last, "{application:?}"),
        Err(error) if now > last => {
            assert_eq!(error, Error::Expired { expires: last, now }, "{application:?}")
        }
        Err(error) => assert_eq!(error, Error::LifetimeTooLong { expires: last, now }, "{application:?}"),
    }
    application.verify_by(settings, &valid_until(application, last), now).is_ok()
}

fn with(leeway: Duration, max_lifetime: Option<Duration>) -> Settings {
    Settings { leeway, max_lifetime, ..Settings::default() }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Each row: leeway and longest lifetime, and the first and the last second at which a query is
/// valid that expires `NOW`. Fractions of a second are dropped, and do not add up to one.
#[test]
fn a_request_is_valid_from_its_longest_lifetime_to_its_last_second_and_the_leeway() {
    for (leeway, max_lifetime, before, after) in [
        (Duration::ZERO, None, NOW, 0),
        (millis(999), None, NOW, 0),
        (millis(5_900), None, NOW, 5),
        (Duration::ZERO, Some(millis(300_000)), 300, 0),
        (millis(5_000), Some(millis(300_000)), 305, 5),
        (millis(900), Some(millis(900)), 0, 0),
        (millis(1_999), Some(millis(1_999)), 2, 1),
        (Duration::ZERO, Some(Duration::ZERO), 0, 0),
        (Duration::ZERO, Some(Duration::from_nanos(1)), 0, 0),
        (Duration::ZERO, Some(Duration::MAX), NOW, 0),
        (Duration::MAX, Some(Duration::ZERO), NOW, u64::MAX - NOW),
        (Duration::MAX, None, NOW, u64::MAX - NOW),
    ] {
        let settings = with(leeway, max_lifetime);
        for application in ALL {
            let row = format!("{application:?}: {leeway:?}, {max_lifetime:?}");
            let (first, last) = (NOW - before, NOW + after);
            for now in [first, NOW, last] {
                assert!(is_valid(application, &settings, NOW, now), "{row}: at {now}");
            }
            assert!(first == 0 || !is_valid(application, &settings, NOW, first - 1), "{row}: sooner");
            assert!(last == u64::MAX || !is_valid(application, &settings, NOW, last + 1), "{row}: later");
        }
    }
}

#[test]
fn the_last_leeway_and_the_last_longest_lifetime_count() {
    let query = valid_until(Application::Platform, NOW);
    let seconds = Duration::from_secs;
    let verifier = platform().leeway(seconds(9)).leeway(seconds(1));
    assert!(verifier.verify_at(&query, NOW + 1).is_ok() && verifier.verify_at(&query, NOW + 2).is_err());
    let verifier = platform().max_lifetime(seconds(9)).max_lifetime(seconds(1));
    assert!(verifier.verify_at(&query, NOW - 1).is_ok() && verifier.verify_at(&query, NOW - 2).is_err());
}

#[test]
fn no_sum_of_times_overflows() {
    let end = u64::MAX - 1;
    for application in ALL {
        for leeway in [Duration::ZERO, Duration::from_secs(2), LONGEST, Duration::MAX] {
            let lenient = with(leeway, None);
            assert!(is_valid(application, &lenient, end, end), "{application:?}: {leeway:?}");
            assert_eq!(is_valid(application, &lenient, NOW, u64::MAX), leeway >= LONGEST, "{application:?}");
            for max in [LONGEST, Duration::MAX] {
                let strict = with(leeway, Some(max));
                assert!(is_valid(application, &strict, end, end), "{application:?}: {leeway:?} {max:?}");
                assert!(is_valid(application, &strict, end, 0), "{application:?}: {leeway:?} {max:?}");
            }
        }
    }
}

/// So that nobody learns of a signature by the clock.
#[test]
fn a_forged_request_is_a_mismatch_whatever_its_time() {
    let settings = with(Duration::ZERO, Some(Duration::ZERO));
    for application in ALL {
        for last in [0, NOW - 61, NOW - 1, NOW, NOW + 1, u64::MAX - 1] {
            let forged = valid_until(application, last) + "&q=forged";
            let verdict = application.verify_by(&settings, &forged, NOW);
            assert_eq!(verdict, Err(Error::Mismatch), "{forged}");
        }
    }
}

#[test]
fn any_of_several_keys_is_accepted_and_no_other() {
    for application in ALL {
        let query = valid_until(application, NOW);
        for (secrets, expected) in [
            (vec![SECRET], Ok(NOW)),
            (vec![SECRET, "older"], Ok(NOW)),
            (vec!["newer", SECRET], Ok(NOW)),
            (vec!["newer", "newest", SECRET, "older"], Ok(NOW)),
            (vec!["another"], Err(Error::Mismatch)),
            (vec!["another", "changeme"], Err(Error::Mismatch)),
        ] {
            let settings = Settings { secrets: secrets.clone(), ..Settings::default() };
            assert_eq!(
                application.verify_by(&settings, &query, NOW),
                expected,
                "{application:?}: {secrets:?}"
            );
        }
    }
}

/// Even signed, and where links without one are allowed.
#[test]
fn an_expiry_is_one_string_of_digits() {
    let settings = Settings { allows_unlimited: true, leeway: Duration::MAX, ..Settings::default() };
    for application in ALL {
        let name = application.name_of_expiry();
        let verdict = |sent: &str| {
            let written = canonicalize(sent).unwrap();
            let text = if application == Application::Laravel { sent } else { &written };
            let query = format!("{sent}&{}={}", application.name_of_signature(), application.signature(text));
            application.verify_by(&settings, &query, NOW)
        };
        let mut values = vec![
            "",
            "=",
            "=soon",
            "=now",
            "=1e9",
            "=1e10",
            "=0x1",
            "=-1",
            "=-5",
            "=%2B1",
            "=+1",
            "=1.5",
            "=1.0",
            "=1:",
            "=1/",
            "=1_000",
            "=1%2C000",
            "=%D9%A1",
            // `1`, escaped twice.
            "=%2531",
            "[]=1",
            "[0]=1",
            "%5B0%5D=1",
            "[a]=9999999999",
        ]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
        for space in ["+", "%00", "%09", "%0A", "%0B", "%0C", "%0D", "%20", "%C2%A0"] {
            values.extend([format!("={space}{NOW}"), format!("={NOW}{space}"), format!("={space}")]);
        }
        for value in values {
            let query = format!("{name}{value}");
            assert_eq!(verdict(&query), Err(Error::MalformedExpires), "{query}");
        }
        for (spelled, expected) in [(NOW.to_string(), NOW), (format!("000{NOW}"), NOW)] {
            let last = expected - application.expiry(0);
            assert_eq!(verdict(&format!("{name}={spelled}")), Ok(last), "{application:?}: {spelled}");
        }
        // More than a number holds is far away.
        assert!(verdict(&format!("{name}=99999999999999999999999")).unwrap() >= u64::MAX - 1);
    }
}

/// Before Symfony 7.4, 0 was for ever there.
#[test]
fn an_expiry_of_0_is_past() {
    for application in ALL {
        let query = application.signed(&format!("{}=0", application.name_of_expiry()));
        // Symfony's expiry is the first second that is too late; that of the others is the last in time.
        let first_late = 1 - application.expiry(0);
        for now in first_late..2 {
            let late = Error::Expired { expires: 0, now };
            assert_eq!(
                application.verify_by(&Settings::default(), &query, now),
                Err(late),
                "{application:?}"
            );
        }
    }
}

#[test]
fn a_request_without_an_expiry_is_refused() {
    for application in ALL {
        let query = application.signed("q=red");
        assert_eq!(application.verify(&query, NOW), Err(Error::MissingExpires), "{query}");
    }
}

#[test]
fn a_link_without_an_expiry_is_valid_for_ever_where_that_is_allowed() {
    let settings = Settings { allows_unlimited: true, ..with(Duration::ZERO, Some(Duration::from_secs(60))) };
    for application in FRAMEWORKS {
        for query in ["", "q=red"] {
            let query = application.signed(query);
            for now in [0, NOW, u64::MAX] {
                assert_eq!(application.verify_by(&settings, &query, now), Ok(u64::MAX), "{query}");
            }
        }
        // One with an expiry still has it.
        let query = valid_until(application, NOW);
        let late = Error::Expired { expires: NOW, now: NOW + 1 };
        assert_eq!(application.verify_by(&settings, &query, NOW + 1), Err(late), "{query}");
    }
}
