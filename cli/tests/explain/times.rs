//! What it says of times.

use signed_query::Key;

use crate::{
    HOST,
    common::{SECRET, now},
    explain,
};

#[test]
fn an_expired_url_says_how_long_ago() {
    // Each with half a minute to spare, as long as it takes to be asked.
    for (ago, start, end) in [
        (20, "", " s ago"),
        (90, "1 min ", " s ago"),
        (3690, "1 h 1 min ago", ""),
        (90_000, "1 day 1 h ago", ""),
        (176_500, "2 days 1 h ago", ""),
        (60_000_000, "694 days 10 h ago", ""),
        (64_000_000, "2 years ago", ""),
    ] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - ago).unwrap();
        let explained = explain(SECRET, &url);
        assert_eq!(explained.code, 1);
        let [cause] = explained.lines("Cause: ")[..] else { panic!("{}", explained.said) };
        let said = cause.strip_prefix("it expired ").and_then(|cause| cause.strip_prefix(start));
        assert!(said.is_some_and(|said| said.contains(end)), "{ago}: {cause}");
    }
}

#[test]
fn an_expiry_is_shown_as_a_date() {
    for (expires, date) in [
        (951_782_400, "2000-02-29 00:00:00"),
        (1_500_472_622, "2017-07-19 13:57:02"),
        (1_704_067_199, "2023-12-31 23:59:59"),
        (1_709_164_800, "2024-02-29 00:00:00"),
        (4_102_444_800, "2100-01-01 00:00:00"),
        (4_107_542_400, "2100-03-01 00:00:00"),
    ] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, expires).unwrap();
        let explained = explain(SECRET, &url);
        let shown = format!(", at {expires} ({date} UTC).\n");
        assert!(explained.said.contains(&shown), "{shown} is not in {}", explained.said);
    }
    // Whether a time counts from 2001 depends on the present.
    let of_apple = now() - 978_307_200 + 300;
    let url = Key::new(SECRET).unwrap().sign_url(HOST, of_apple).unwrap();
    let explained = explain(SECRET, &url);
    let [cause] = explained.lines("Cause: ")[..] else { panic!("{}", explained.said) };
    assert!(cause.contains("seconds since 2001"), "{cause}");
}

#[test]
fn an_expiry_that_is_off_by_a_time_zone_is_recognized() {
    // A request that is valid for five minutes, signed just now by a clock that is behind.
    for (minutes, zone) in [
        (5 * 60 - 5, "5 h 0 min less 5 min"),
        (330 - 5, "5 h 30 min less 5 min"),
        (60 - 5, "1 h 0 min less 5 min"),
    ] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - 60 * minutes).unwrap();
        let explained = explain(SECRET, &url);
        let [cause] = explained.lines("Cause: ")[..] else { panic!("{}", explained.said) };
        assert!(cause.contains(zone) && cause.contains("local time"), "{cause}");
    }
    for minutes in [30, 3 * 60 + 10, 2 * 60 + 25, 40 * 60] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - 60 * minutes).unwrap();
        let explained = explain(SECRET, &url);
        assert!(!explained.said.contains("local time"), "{}", explained.said);
    }
}
