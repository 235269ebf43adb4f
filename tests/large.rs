//! Queries with many names, among which some come back.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use signed_query::canonicalize;

/// So many parameters, each with a number that counts them.
fn query(count: usize, name: impl Fn(usize) -> String) -> String {
    (0..count).map(|nth| format!("{}={nth}", name(nth))).collect::<Vec<_>>().join("&")
}

/// An array has one element for as long as others come, then a second, and then the
/// first comes back: wherever in the query that is.
#[test]
fn an_only_element_is_known_when_its_array_gets_another() {
    for count in 0..400 {
        let mut raw = query(count, |nth| format!("name{nth}"));
        write!(raw, "&a[x]=1&a[y]=2&a[x]=3").unwrap();
        let canonical = canonicalize(&raw).unwrap();
        assert!(canonical.ends_with("a%5Bx%5D=3&a%5By%5D=2"), "{count}: {canonical}");
        let mut raw = "a[x]=1&".to_owned() + &query(count, |nth| format!("name{nth}"));
        write!(raw, "&a[y]=2&a[x]=3").unwrap();
        let canonical = canonicalize(&raw).unwrap();
        assert!(canonical.starts_with("a%5Bx%5D=3&a%5By%5D=2"), "{count}: {canonical}");
    }
}

/// How long the canonical form of a query takes, at the least of a few times.
fn quickest(raw: &str) -> Duration {
    let time = |_| {
        let start = Instant::now();
        canonicalize(raw).unwrap();
        start.elapsed()
    };
    (0..4).map(time).min().unwrap()
}

/// Each key is found by a look at few others. Their search then takes about as long as
/// it took to make them; a look at all of them takes over a hundred times as long.
#[test]
fn keys_that_come_back_are_found_among_many() {
    // Arrays with nothing but an array, which make up most of the nodes.
    let mut parameters: Vec<_> = (0..480).map(|nth| format!("name{nth}{}=", "[a]".repeat(63))).collect();
    // At each level of another two keys, of which the first comes back.
    let deep = |depth: usize| format!("deep{}", "[a]".repeat(depth));
    parameters.push(deep(63) + "=");
    parameters.extend((0..63).map(|depth| deep(depth) + "[b]="));
    let first = parameters.len();
    parameters.extend((first..signed_query::MAX_PARAMETERS).map(|_| deep(63) + "="));
    let raw = parameters.join("&");
    // PHP writes an array before what came later beside it, so the innermost comes first.
    parameters[481..first].reverse();
    let canonical = parameters[..first].join("&").replace('[', "%5B").replace(']', "%5D");
    assert_eq!(canonicalize(&raw).unwrap(), canonical);
    let (made, found) = (quickest(&canonical), quickest(&raw));
    assert!(found < 20 * made, "{found:?}, where {made:?} makes them");
}
