//! What can't be seen from outside: keys whose hashes collide, at how many nodes a search
//! looks, and whether a query that is made plain is plain.

extern crate std;

use core::cell::Cell;

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    MAX_PARAMETERS, Role, Unsplit, canonicalize,
    colliding::colliding,
    escape::{Class, length_of, length_without},
    hash::hash,
    parameter::{make_plain, parameters},
    split_plain,
};

/// This many names come first, each of them a node: more than are compared one by one.
const OTHERS: usize = 60;

/// How many keys collide: more than an index probes before it uses its ordered map.
const MANY: usize = 24;

/// The canonical form of a query that follows the others.
fn canonical(query: &str) -> String {
    let others = joined((0..OTHERS).map(|nth| format!("name{nth}={nth}"))) + "&";
    let canonical = canonicalize(&(others.clone() + query)).unwrap().into_owned();
    canonical.strip_prefix(&others).unwrap().to_owned()
}

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
    assert_eq!(canonical(&format!("{}&{again}", all(&keys, "", "", "1"))), expected);
    // One comes back, wherever it stands.
    for (nth, key) in keys.iter().enumerate() {
        let once = canonical(&format!("{}&{key}=2", all(&keys, "", "", "1")));
        let expected = joined(keys.iter().enumerate().map(|(other, key)| match other == nth {
            true => format!("{key}=2"),
            false => format!("{key}=1"),
        }));
        assert_eq!(once, expected);
    }
}

/// However many bytes precede it, and however many are compared at a time.
#[test]
fn a_byte_of_another_class_ends_what_is_of_one() {
    let is_of = |class, byte: u8| match class {
        Class::Staying => byte.is_ascii_alphanumeric() || b"-._".contains(&byte),
        Class::InName => byte.is_ascii_alphanumeric() || b"-_".contains(&byte),
        Class::InValue => byte.is_ascii_alphanumeric() || b"-._+".contains(&byte),
    };
    for class in [Class::Staying, Class::InName, Class::InValue] {
        for (byte, at) in (0..=255).flat_map(|byte| (0..50).map(move |at| (byte, at))) {
            let mut bytes = [b'z'; 50];
            bytes[at] = byte;
            let length = if is_of(class, byte) { bytes.len() } else { at };
            assert_eq!(length_of(class, &bytes), length, "{byte} at {at}");
        }
    }
}

/// However many bytes precede them, and however many are compared at a time.
#[test]
fn the_first_of_two_bytes_is_found_wherever_they_are() {
    const LENGTH: usize = 50;
    for ends in [*b"&=", *b"=&"] {
        for (first, second) in (0..=LENGTH).flat_map(|first| (0..=LENGTH).map(move |second| (first, second)))
        {
            let mut bytes = [b'a'; LENGTH + 1];
            (bytes[first], bytes[second]) = (ends[0], ends[1]);
            let length = length_without(&bytes[..LENGTH], ends);
            assert_eq!(length, first.min(second), "{first} {second}");
        }
        for end in ends {
            assert_eq!(length_without(&[end; LENGTH], ends), 0);
        }
    }
}

/// An index that is made late takes in the elements that are there.
#[test]
fn colliding_keys_that_came_before_the_others_are_told_apart() {
    let keys = colliding(0, MANY);
    let others = joined((0..OTHERS).map(|nth| format!("name{nth}={nth}")));
    let canonical = |again: &str| {
        canonicalize(&format!("{}&{others}&{again}", all(&keys, "", "", "1"))).unwrap().into_owned()
    };
    let again = all(keys.iter().rev(), "", "", "2");
    assert_eq!(canonical(&again), format!("{}&{others}", all(&keys, "", "", "2")));
    for key in &keys {
        let once = all(&keys, "", "", "1").replace(&format!("{key}=1"), &format!("{key}=2"));
        assert_eq!(canonical(&format!("{key}=2")), format!("{once}&{others}"));
    }
}

#[test]
fn colliding_keys_of_two_arrays_are_told_apart() {
    // The number of an array is in the hash: `a`, its first element, and `b`.
    let (a, b) = (colliding(1 + OTHERS, MANY), colliding(1 + OTHERS + 2, MANY));
    let crossing =
        |value: &str| joined(a.iter().zip(&b).map(|(a, b)| format!("a[{a}]={value}&b[{b}]={value}")));
    let expected = format!("{}&{}", all(&a, "a%5B", "%5D", "2"), all(&b, "b%5B", "%5D", "2"));
    assert_eq!(canonical(&format!("{}&{}", crossing("1"), crossing("2"))), expected);
    // Keys that collide in one array are others in the other.
    let both = format!("{}&{}&{}", crossing("1"), all(&b, "a[", "]", "3"), all(&a, "b[", "]", "3"));
    let expected = [("a", &a, &b), ("b", &b, &a)].map(|(name, first, then)| {
        let opening = format!("{name}%5B");
        format!("{}&{}", all(first, &opening, "%5D", "1"), all(then, &opening, "%5D", "3"))
    });
    assert_eq!(canonical(&both), expected.join("&"));
}

#[test]
fn colliding_keys_that_were_replaced_do_not_come_back() {
    let keys = colliding(1 + OTHERS, MANY);
    let (first, others) = keys.split_at(MANY / 2);
    let back = all(others, "a%5B", "%5D", "2");
    let query = format!("{}&a=1&{back}", all(first, "a[", "]", "1"));
    assert_eq!(canonical(&query), back);
    let back = all(keys.iter().rev(), "a%5B", "%5D", "3");
    for more in ["", "&a=2&a[x]=1&a=3"] {
        let query = format!("{}&a=1{more}&{back}", all(&keys, "a[", "]", "1"));
        assert_eq!(canonical(&query), back);
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
    assert_eq!(canonical(&query), all(&keys, "", "%5By%5D", "3"));
}

/// Every query of up to four of these.
#[test]
fn what_is_made_plain_is_plain() {
    const PIECES: [&str; 22] = [
        "", "a", "_", ".", "+", " ", "[", "]", "[]", "%5B", "%5d", "[x]", "%", "%41", "%C3", "é", "%00",
        "\0", "=", "&", "*", "__Host-",
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
        // `None` where it is not plain.
        let read = |query: &str| match split_plain(query, 0, &|_| Role::Main) {
            Err(Unsplit::NotPlain) => None,
            Err(Unsplit::Beyond(limit)) => Some(Err(limit)),
            Ok(parts) => Some(Ok(parts.main.into_owned())),
        };
        let Some(of_made) = read(&made) else { panic!("{made:?} of {query:?} is not plain") };
        assert_eq!(make_plain(&made), made, "{query:?}");
        match read(&query) {
            Some(of_query) => {
                plain += 1;
                assert_eq!(of_query, of_made, "{query:?}: {made:?}");
            }
            None => odd += 1,
        }
    }
    assert!(plain > 5_000 && odd > 100_000, "{plain} plain ones, {odd} odd ones");
}

/// One text that finds no slot in two arrays: each has its own element for it.
#[test]
fn a_text_that_finds_no_slot_in_two_arrays_is_one_key_in_each() {
    // All slots of a run are taken, by keys of `a`, the first array behind the others.
    const RUN: u64 = 64;
    let slot = |array: usize, key: &str| hash(array as u64, key.as_bytes()) & 0x1FFF;
    let (a, b) = (1 + OTHERS, 1 + OTHERS + RUN as usize + 1);
    let texts = || (0..).map(|nth| format!("k{nth}"));
    let mut taken: Vec<Option<String>> = (0..RUN).map(|_| None).collect();
    for key in texts() {
        if let Some(place @ None) = taken.get_mut(slot(a, &key) as usize) {
            *place = Some(key);
        }
        if taken.iter().all(Option::is_some) {
            break;
        }
    }
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    // More than an index looks at are taken behind the slot of each.
    let is_without = |array, key: &str| slot(array, key) <= RUN - 16;
    let keys: Vec<_> = texts()
        .filter(|key| !taken.contains(key) && is_without(a, key) && is_without(b, key))
        .take(3)
        .collect();
    // With `b` behind it, whose number is known then.
    let filled = all(&taken, "a%5B", "%5D", "0");
    let canonical = |query: &str| canonical(&format!("{filled}&b[y]=0&{query}"));
    let [k, l, m] = &keys[..] else { unreachable!("three were taken") };
    for (query, of_a, of_b) in [
        (format!("a[{k}]=1&b[{k}]=2&a[{k}]=3"), format!("a%5B{k}%5D=3"), format!("b%5B{k}%5D=2")),
        (
            format!("a[{k}]=1&a[zz]=2&b[{k}]=3&a[{k}]=4&b[{k}]=5"),
            format!("a%5B{k}%5D=4&a%5Bzz%5D=2"),
            format!("b%5B{k}%5D=5"),
        ),
        (
            format!("b[{l}]=0&a[{k}]=1&b[{m}]=2&b[{k}]=3&a[{l}]=4&a[{k}]=5&b[{k}]=6&b[{l}]=7"),
            format!("a%5B{k}%5D=5&a%5B{l}%5D=4"),
            format!("b%5B{l}%5D=7&b%5B{m}%5D=2&b%5B{k}%5D=6"),
        ),
    ] {
        assert_eq!(canonical(&query), format!("{filled}&{of_a}&b%5By%5D=0&{of_b}"));
    }
}

std::thread_local! {
    static LOOKS: Cell<usize> = const { Cell::new(0) };
}

/// Counts that a search for a key looks at a node.
pub(super) fn count_look() {
    LOOKS.set(LOOKS.get() + 1);
}

/// However many nodes there are: arrays with nothing but an array make the most of them.
#[test]
fn a_key_that_comes_back_is_found_by_a_look_at_few_nodes() {
    let deep = |name: &str, depth: usize| name.to_owned() + &"[a]".repeat(depth);
    let mut parameters: Vec<_> = (0..480).map(|nth| deep(&format!("name{nth}"), 63) + "=").collect();
    // At each level of another two keys, of which the first comes back.
    parameters.push(deep("deep", 63) + "=");
    parameters.extend((0..63).map(|depth| deep("deep", depth) + "[b]="));
    let first = parameters.len();
    parameters.extend((first..MAX_PARAMETERS).map(|_| deep("deep", 63) + "="));
    let raw = parameters.join("&");
    // PHP writes an array before what came later beside it, so the innermost comes first.
    parameters[481..first].reverse();
    let canonical = parameters[..first].join("&").replace('[', "%5B").replace(']', "%5D");
    let before = LOOKS.get();
    assert_eq!(canonicalize(&raw).unwrap(), canonical);
    let (looks, keys) = (LOOKS.get() - before, raw.matches('[').count() + MAX_PARAMETERS);
    assert!(looks < 2 * keys, "{looks} looks for {keys} keys");
}
