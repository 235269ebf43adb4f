//! Queries with many names, among which some come back.

use std::fmt::Write;

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
