//! Random queries, made of what PHP treats in a way of its own.

use std::sync::LazyLock;

use proptest::{prelude::*, sample::select};

const TOKENS: &[&str] = &[
    "a",
    "b",
    "c",
    "q",
    "&",
    "&",
    "&",
    "&",
    "=",
    "=",
    "=",
    "[",
    "]",
    "[]",
    "[",
    "]",
    "%5B",
    "%5d",
    "%5B%5D",
    "%5A",
    "[a]",
    "[b]",
    "[x][",
    "][",
    ".",
    "+",
    "%20",
    " ",
    "_",
    "-",
    "~",
    "*",
    "%2A",
    "%2a",
    "%00",
    "\0",
    "%",
    "%z",
    "%4",
    "%zz",
    "%41",
    "%25",
    "%3D",
    "%26",
    ";",
    "0",
    "1",
    "-1",
    "01",
    "-0",
    "5",
    "[0]",
    "[1]",
    "[5]",
    "[-3]",
    "9223372036854775806",
    "[9223372036854775807]",
    "[-9223372036854775808]",
    "[9223372036854775808]",
    "%0B",
    "\t",
    "%0A",
    "%A0",
    "%FF",
    "%c3%a9",
    "é",
    "€",
    "__Host-",
    "..Host-",
    "__Secure-",
    "sig",
    "expires",
    "sig=",
    "&expires=1500472622",
    "a=1&b=2",
    "a[x]=1",
    "&a=",
    "message_sentiment",
    "#",
    "?",
    "/",
    "\"",
    "<",
];

/// A query of tokens, in no order.
pub fn odd() -> impl Strategy<Value = String> {
    prop::collection::vec(select(TOKENS), 0..40).prop_map(|tokens| tokens.concat())
}

/// A query that has the look of one, with names that repeat and nest.
pub fn orderly() -> impl Strategy<Value = String> {
    let name = (select(&["a", "b", "c.d", "a%5Bb%5D", "e f"][..]), "(\\[[ab01]?\\]){0,3}");
    let parameter = (name, prop::collection::vec(select(TOKENS), 0..3))
        .prop_map(|((base, indices), value)| format!("{base}{indices}={}", value.concat().replace('&', "+")));
    prop::collection::vec(parameter, 0..12).prop_map(|parameters| parameters.join("&"))
}

/// A query of arrays as PHP writes them, the elements of each together.
pub fn nested() -> impl Strategy<Value = String> {
    let name = ("[a-d]", "(\\[([ab01]|%C3|__Host-)?\\]){0,5}");
    let names = prop::collection::vec(name, 0..16);
    let brackets = select(&[("[", "]"), ("%5B", "%5D"), ("%5b", "]"), ("%5B", "%5d")][..]);
    (names, brackets).prop_map(|(mut names, (opening, closing))| {
        names.sort();
        let parameters = names
            .into_iter()
            .map(|(base, keys)| format!("{base}{}=1", keys.replace('[', opening).replace(']', closing)));
        parameters.collect::<Vec<_>>().join("&")
    })
}

/// A query at PHP's limits, or a little past them.
pub fn large() -> impl Strategy<Value = String> {
    let deep = (60_usize..70, select(&["[]", "[x]", "[0]", "[ ]"][..]), select(TOKENS))
        .prop_map(|(depth, index, tail)| format!("z=1&a{}{tail}=1&b=2", index.repeat(depth)));
    let wide = (990_usize..1010, select(&["a", "a[]", "=", "a[b]", "&"][..]))
        .prop_map(|(count, name)| vec![name; count].join("&"));
    let distinct = (990_usize..1010)
        .prop_map(|count| (0..count).map(|nth| format!("n{nth}=")).collect::<Vec<_>>().join("&"));
    prop_oneof![deep, wide, distinct]
}

/// A query of many names, of which a few come again in other places: from a few hundred
/// bytes to tens of thousands.
pub fn repeating() -> impl Strategy<Value = String> {
    let names = select(
        &[("name", ""), ("n%C3%A9", ""), ("a.b", ""), ("a[", "]"), ("a%5B", "%5D"), ("a[x][", "]")][..],
    );
    let again = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6);
    (names, prop_oneof![4 => 5_usize..60, 1 => 60_usize..990], again, "[a-z]{0,40}").prop_map(
        |((opening, closing), count, again, value)| {
            let parameter = |nth: usize, of: usize| format!("{opening}{nth}{closing}={of}{value}");
            let mut parameters: Vec<_> = (0..count).map(|nth| parameter(nth, nth)).collect();
            for (nth, (which, place)) in again.iter().enumerate() {
                let place = place.index(parameters.len() + 1);
                parameters.insert(place, parameter(which.index(count), count + nth));
            }
            parameters.join("&")
        },
    )
}

/// A query of arrays of two elements, of which some first ones come again.
pub fn in_twos() -> impl Strategy<Value = String> {
    let brackets = select(&[("[", "]"), ("%5B", "%5D"), ("[x][", "]")][..]);
    (0_usize..4, 1_usize..80, brackets, any::<prop::sample::Index>()).prop_map(
        |(others, count, (opening, closing), from)| {
            let others = (0..others).map(|nth| format!("n{nth}="));
            let element = |nth, key, value| format!("a{nth}{opening}{key}{closing}={value}");
            let both = (0..count).flat_map(|nth| [element(nth, "x", 1), element(nth, "y", 2)]);
            let again = (from.index(count)..count).map(|nth| element(nth, "x", 3));
            others.chain(both).chain(again).collect::<Vec<_>>().join("&")
        },
    )
}

/// A query at any size up to PHP's limit, of few names in many arrays: most of them come
/// again, as a string or as an array, in the same array or in another one.
pub fn crowded() -> impl Strategy<Value = String> {
    let brackets = select(&[("[", "]"), ("%5B", "%5D"), ("%5B", "]"), ("[", "%5D")][..]);
    let parameters =
        prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u16>(), 0..3)), 1..1_000);
    let kind = select(&["", "n", "much-longer-than-a-hash-reads-at-once-", "%C3%A9", "-"][..]);
    (brackets, 1_u16..40, 1_u16..40, kind, parameters).prop_map(
        |((opening, closing), bases, keys, kind, parameters)| {
            let parameter = |(nth, (base, path)): (usize, &(u16, Vec<u16>))| {
                // One in as many is `[]`.
                let key = |key: &u16| match key % (keys + 1) {
                    0 => format!("{opening}{closing}"),
                    key => format!("{opening}{kind}{key}{closing}"),
                };
                format!("a{}{}={nth}", base % bases, path.iter().map(key).collect::<String>())
            };
            parameters.iter().enumerate().map(parameter).collect::<Vec<_>>().join("&")
        },
    )
}

/// Any text at all.
pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,60}", any::<String>()]
}

/// A recorded vector with a few places changed: a byte gone, a token put in, a
/// piece repeated.
pub fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), select(TOKENS), 0..3);
    (select(VECTORS.as_slice()), prop::collection::vec(change, 1..5)).prop_map(|(mut query, changes)| {
        for (place, token, kind) in changes {
            let places: Vec<_> = (0..=query.len()).filter(|&at| query.is_char_boundary(at)).collect();
            let at = *place.get(&places);
            match kind {
                0 => query.insert_str(at, token),
                1 if at < query.len() => drop(query.remove(at)),
                _ => query.insert_str(at, &query[at..].chars().take(8).collect::<String>()),
            }
        }
        query
    })
}

/// Every query of the recorded vectors.
pub fn recorded() -> Vec<String> {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../../vectors/php.json")).unwrap();
    let groups = vectors["canonical"].as_array().unwrap().iter();
    let canonical = groups.flat_map(|group| group["vectors"].as_array().unwrap());
    let signed = vectors["sign"]["vectors"].as_array().unwrap();
    let vectors = canonical.chain(signed).chain(vectors["verdict"].as_array().unwrap());
    vectors.map(|vector| vector["query"].as_str().unwrap().to_owned()).collect()
}

/// The short ones of them.
static VECTORS: LazyLock<Vec<String>> =
    LazyLock::new(|| recorded().into_iter().filter(|query| query.len() < 200).collect());

/// All of these, the most telling ones most often.
pub fn any_query() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => odd(),
        6 => orderly(),
        6 => nested(),
        6 => mutated(),
        2 => repeating(),
        1 => in_twos(),
        2 => any_text(),
        1 => large(),
        1 => crowded(),
    ]
}

/// A few tokens.
pub fn odd_text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(TOKENS), 0..4).prop_map(|tokens| tokens.concat())
}

/// Names and values to sign, from plain to odd.
pub fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof!["[a-z_]{1,8}", odd_text(), any_text()];
    let value = prop_oneof!["[a-zA-Z0-9 ]{0,12}", odd_text(), any_text()];
    prop::collection::vec((name, value), 0..12)
}
