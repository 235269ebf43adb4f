//! What can't be seen from outside: keys whose hashes collide, and that what is made
//! plain is so.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Parts, Role, canonicalize,
    hash::{hash, mix},
    parameter::{make_plain, parameters},
    split_plain,
    tree::ROOTS,
};

/// So many keys of plain letters that have one hash in an array: sixteen bytes each, of
/// which the last eight undo what the first did to it.
fn colliding(array: usize, count: usize) -> Vec<String> {
    let word = |text: &[u8]| u64::from_le_bytes(*text.first_chunk().unwrap());
    let keys = (0_u32..).filter_map(|nth| {
        let first = format!("{nth:08x}");
        let state = mix(array as u64 ^ 16, word(first.as_bytes()));
        let last = (state.rotate_left(29) ^ word(b"AAAAAAAA")).to_le_bytes();
        let is_plain = last.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_plain.then(|| first + str::from_utf8(&last).unwrap())
    });
    let keys: Vec<_> = keys.take(count).collect();
    assert!(
        keys.iter().all(|key| hash(array as u64, key.as_bytes()) == hash(array as u64, keys[0].as_bytes()))
    );
    keys
}

/// More than an index looks at before it takes its ordered map, and more than are
/// searched one by one.
const MANY: usize = 50;

fn joined(parameters: impl IntoIterator<Item = String>) -> String {
    parameters.into_iter().collect::<Vec<_>>().join("&")
}

/// The parameters of keys, in order, with one value.
fn all<'k>(keys: impl IntoIterator<Item = &'k String>, opening: &str, closing: &str, value: &str) -> String {
    joined(keys.into_iter().map(|key| format!("{opening}{key}{closing}={value}")))
}

#[test]
fn colliding_keys_of_the_outermost_array_are_told_apart() {
    let keys = colliding(0, MANY);
    let again = all(keys.iter().rev(), "", "", "2");
    let expected = all(&keys, "", "", "2");
    assert_eq!(canonicalize(&format!("{}&{again}", all(&keys, "", "", "1"))).unwrap(), expected);
    // One comes back, wherever it stands.
    for (nth, key) in keys.iter().enumerate() {
        let once = canonicalize(&format!("{}&{key}=2", all(&keys, "", "", "1"))).unwrap().into_owned();
        let expected = joined(keys.iter().enumerate().map(|(other, key)| match other == nth {
            true => format!("{key}=2"),
            false => format!("{key}=1"),
        }));
        assert_eq!(once, expected);
    }
}

#[test]
fn colliding_keys_of_two_arrays_are_told_apart() {
    // The number of an array is in the hash: `a`, its first element, and `b`.
    let (a, b) = (colliding(ROOTS, MANY), colliding(ROOTS + 2, MANY));
    let crossing =
        |value: &str| joined(a.iter().zip(&b).map(|(a, b)| format!("a[{a}]={value}&b[{b}]={value}")));
    let expected = format!("{}&{}", all(&a, "a%5B", "%5D", "2"), all(&b, "b%5B", "%5D", "2"));
    assert_eq!(canonicalize(&format!("{}&{}", crossing("1"), crossing("2"))).unwrap(), expected);
    // Keys that collide in one array are others in the other.
    let both = format!("{}&{}&{}", crossing("1"), all(&b, "a[", "]", "3"), all(&a, "b[", "]", "3"));
    let expected = [("a", &a, &b), ("b", &b, &a)].map(|(name, first, then)| {
        let opening = format!("{name}%5B");
        format!("{}&{}", all(first, &opening, "%5D", "1"), all(then, &opening, "%5D", "3"))
    });
    assert_eq!(canonicalize(&both).unwrap(), expected.join("&"));
}

#[test]
fn colliding_keys_that_were_replaced_do_not_come_back() {
    let keys = colliding(ROOTS, MANY);
    let (first, others) = keys.split_at(MANY / 2);
    let back = all(others, "a%5B", "%5D", "2");
    let query = format!("{}&a=1&{back}", all(first, "a[", "]", "1"));
    assert_eq!(canonicalize(&query).unwrap(), back);
    let back = all(keys.iter().rev(), "a%5B", "%5D", "3");
    for more in ["", "&a=2&a[x]=1&a=3"] {
        let query = format!("{}&a=1{more}&{back}", all(&keys, "a[", "]", "1"));
        assert_eq!(canonicalize(&query).unwrap(), back);
    }
    // And where the colliding ones are arrays themselves.
    let keys = colliding(0, MANY);
    let query = format!(
        "{}&{}&{}&{}",
        all(&keys, "", "[x]", "1"),
        all(&keys, "", "[y]", "1"),
        all(&keys, "", "", "2"),
        all(keys.iter().rev(), "", "[y]", "3")
    );
    assert_eq!(canonicalize(&query).unwrap(), all(&keys, "", "%5By%5D", "3"));
}

/// Every query of up to four of these.
#[test]
fn what_is_made_plain_is_plain() {
    const PIECES: [&str; 26] = [
        "", "a", "_", ".", "+", "%20", " ", "[", "]", "[]", "%5B", "%5d", "[x]", "%", "%4", "%41", "%C3",
        "é", "%00", "\0", "=", "&", "*", "__Host-", "%26", "%0A",
    ];
    let mut queries: Vec<String> = PIECES[1..].iter().map(ToString::to_string).collect();
    for _ in 0..3 {
        queries = queries.iter().flat_map(|query| PIECES.map(|piece| query.to_owned() + piece)).collect();
        queries.sort_unstable();
        queries.dedup();
    }
    for depth in 62..68 {
        queries.extend(
            ["[x]", "[]", "[", "%5Bx%5D", "[+", "[x]y"].map(|piece| format!("a{}=1", piece.repeat(depth))),
        );
    }
    let (mut plain, mut odd) = (0, 0);
    for query in queries {
        let made = make_plain(&query);
        assert_eq!(parameters(&query).count(), parameters(&made).count(), "{query:?}: {made:?}");
        // Each byte three at most, with an `=` for each parameter.
        assert!(made.len() <= 4 * query.len() + 4, "{query:?}: {made:?}");
        let read = |query: &str| {
            let mut parts = Parts::default();
            let done = split_plain(query, 0, &mut |_, _| Role::Main, &mut parts);
            done.map(|done| done.map(|()| parts.main.into_owned()))
        };
        let Ok(of_made) = read(&made) else { panic!("{made:?} of {query:?} is not plain") };
        assert_eq!(make_plain(&made), made, "{query:?}");
        match read(&query) {
            Ok(of_query) => {
                plain += 1;
                assert_eq!(of_query, of_made, "{query:?}: {made:?}");
            }
            Err(_) => odd += 1,
        }
    }
    assert!(plain > 10_000 && odd > 100_000, "{plain} plain ones, {odd} odd ones");
}
