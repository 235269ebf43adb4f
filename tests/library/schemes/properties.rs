//! What holds for every scheme and all parameters.

use crate::common::{
    queries,
    schemes::Description,
    tally::{cases, for_most},
};
use proptest::{prelude::*, sample::select};
use signed_query::{Error, Key, Scheme, Verifier, canonicalize};

const NOW: u64 = 1_800_000_000;
const CASES: u32 = 2048;
const NAMES: &[&str] = &["a", "a~", "a-b", "A", "ab", "a_b", "b", "é", "q", "zeta", "_"];

/// Any scheme. One whose prefix leaves out the time has none.
fn descriptions() -> impl Strategy<Value = Description> {
    let orders = select(&["as_built", "sorted", "sorted_as_text"][..]);
    let writings = select(&["hex", "HEX", "base64", "base64url"][..]);
    let macs = select(&["sha256", "sha512"][..]);
    let times = prop::option::of((select(&["a_t", "exp", "zz"][..]), prop::option::of(0_u64..1000)));
    let only = prop::option::weighted(0.3, prop::sample::subsequence(NAMES, 1..NAMES.len()).prop_shuffle());
    (orders, writings, macs, any::<bool>(), times, only, prop::option::weighted(0.3, Just("a"))).prop_map(
        |(order, writing, mac, rfc3986, time, only, prefix)| {
            let time = time.filter(|(name, _)| prefix.is_none_or(|prefix| name.starts_with(prefix)));
            let named = |of_age: bool| {
                time.filter(|(_, age)| age.is_some() == of_age).map(|(name, _)| name.to_owned())
            };
            let only = only.map(|names| {
                Vec::from_iter(names.into_iter().chain(time.map(|(name, _)| name)).map(str::to_owned))
            });
            // A scheme that signs nothing can't be made.
            let signs_any = |start: &&str| {
                only.as_ref().is_none_or(|names| names.iter().any(|name| name.starts_with(start)))
            };
            let prefix = prefix.filter(signs_any);
            Description {
                signature: "hash~".into(),
                order: order.into(),
                rfc3986,
                mac: mac.into(),
                writing: writing.into(),
                expires: named(false),
                issued_at: named(true),
                max_age: time.and_then(|(_, age)| age),
                only,
                only_prefix: prefix.map(str::to_owned),
            }
        },
    )
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let orderly = (select(NAMES), "(\\[[ab01]?\\]){0,2}").prop_map(|(base, keys)| format!("{base}{keys}"));
    let orderly = prop::collection::vec((orderly, any::<String>()), 1..8);
    prop_oneof![3 => orderly, 1 => queries::pairs()]
}

/// A scheme's query of those parameters that it signs, with what verifies it.
struct Signed {
    verifier: Verifier,
    raw: String,
    is_ordered: bool,
}

impl Signed {
    fn new(description: &Description, mut pairs: Vec<(String, String)>) -> Option<Self> {
        let (scheme, key) = (description.scheme().unwrap(), description.key("secret"));
        let has_time = description.expires.is_some() || description.issued_at.is_some();
        let time = has_time.then_some(NOW);
        pairs.retain(|pair| scheme.sign(&key, [pair], time).is_ok());
        let raw = match scheme.sign(&key, &pairs, time) {
            // No index is left, or one that is there already.
            Err(Error::DroppedName { .. }) => return None,
            signed => signed.unwrap(),
        };
        let is_ordered = description.order != "as_built" || description.only.is_some();
        (!pairs.is_empty()).then(|| Self { verifier: scheme.verifier(key), raw, is_ordered })
    }

    fn text(&self) -> &str {
        self.raw.rsplit_once("hash%7E=").unwrap().0.trim_end_matches('&')
    }

    /// The parameters by their outermost names, in another order.
    fn reordered(&self, middle: prop::sample::Index) -> String {
        let base = |parameter: &&str| parameter.split(['=', '%']).next().map(str::len);
        let parameters = Vec::from_iter(self.raw.split('&'));
        let names = parameters
            .chunk_by(|a, b| base(a).map(|length| &a[..length]) == base(b).map(|length| &b[..length]));
        let mut names = Vec::from_iter(names);
        names.reverse();
        let middle = middle.index(names.len());
        names.rotate_left(middle);
        names.concat().join("&")
    }
}

#[test]
fn what_is_signed_verifies() {
    for_most(CASES, (descriptions(), pairs()), |(description, pairs)| {
        let Some(signed) = Signed::new(&description, pairs) else { return Ok(false) };
        let query = signed.verifier.verify_at(&signed.raw, NOW).unwrap();
        prop_assert_eq!(query.canonical(), signed.text());
        for (name, value) in query.iter() {
            if !name.contains('\u{FFFD}') {
                prop_assert_eq!(query.get(&name), Some(value));
            }
        }
        let expires = match (&description.expires, description.max_age) {
            (Some(_), _) => NOW,
            (_, Some(age)) => NOW + age,
            _ => u64::MAX,
        };
        prop_assert_eq!(query.expires(), expires);
        if let Some(late) = expires.checked_add(1) {
            prop_assert_eq!(
                signed.verifier.verify_at(&signed.raw, late),
                Err(Error::Expired { expires, now: late })
            );
        }
        Ok(true)
    });
}

#[test]
fn a_scheme_with_an_order_accepts_any() {
    for_most(
        CASES,
        (descriptions(), pairs(), any::<prop::sample::Index>()),
        |(description, pairs, middle)| {
            let Some(signed) = Signed::new(&description, pairs) else { return Ok(false) };
            let reordered = signed.reordered(middle);
            let verified = signed.verifier.verify_at(&reordered, NOW);
            if signed.is_ordered {
                prop_assert_eq!(
                    verified.as_ref().map(|query| query.canonical()),
                    Ok(signed.text()),
                    "{}",
                    reordered
                );
            } else {
                let without_signature = |raw: &str| {
                    Vec::from_iter(raw.split('&').filter(|one| !one.starts_with("hash%7E="))).join("&")
                };
                let is_same = without_signature(&reordered) == signed.text();
                prop_assert_eq!(verified.is_ok(), is_same, "{}", reordered);
            }
            Ok(reordered != signed.raw)
        },
    );
}

#[test]
fn a_changed_byte_is_refused() {
    let change = (any::<prop::sample::Index>(), 0_u8..128);
    for_most(CASES, (descriptions(), pairs(), change), |(description, pairs, (at, byte))| {
        let Some(signed) = Signed::new(&description, pairs) else { return Ok(false) };
        let mut changed = signed.raw.clone().into_bytes();
        let at = at.index(changed.len());
        changed[at] = byte;
        let changed = String::from_utf8(changed).unwrap();
        let is_same = canonicalize(&changed) == canonicalize(&signed.raw);
        let verified = signed.verifier.verify_at(&changed, NOW);
        prop_assert_eq!(verified.is_ok(), is_same, "{} for {}", changed, signed.raw);
        Ok(!is_same)
    });
}

#[test]
fn what_is_not_signed_changes_nothing() {
    let added = (queries::odd(), any::<prop::sample::Index>());
    for_most(CASES, (descriptions(), pairs(), added), |(description, pairs, (value, at))| {
        let Some(signed) = Signed::new(&description, pairs) else { return Ok(false) };
        let added = format!("utm.x{}", value.replace(['&', '\0'], "="));
        let mut parameters = Vec::from_iter(signed.raw.split('&'));
        parameters.insert(at.index(parameters.len() + 1), &added);
        let raw = parameters.join("&");
        let ignoring = signed.verifier.clone().ignoring_prefixes(["utm_"]).unwrap();
        let verified = ignoring.verify_at(&raw, NOW);
        if matches!(verified, Err(Error::TooDeep)) {
            return Ok(false);
        }
        let query = verified.unwrap();
        prop_assert_eq!(query.canonical(), signed.text(), "{}", raw);
        prop_assert!(query.iter().all(|(name, _)| !name.starts_with("utm_")));
        // Of what PHP drops, nothing is left to sign.
        let leaves_it_out = description.only.is_some()
            || description.only_prefix.is_some()
            || canonicalize(&added).is_ok_and(|canonical| canonical.is_empty());
        prop_assert_eq!(signed.verifier.verify_at(&raw, NOW).is_ok(), leaves_it_out, "{}", raw);
        Ok(true)
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(CASES)) })]

    #[test]
    fn no_query_makes_a_schemes_verifier_panic(
        description in descriptions(),
        names in prop::collection::vec(any::<String>(), 4),
        query in queries::any_query(),
        pairs in queries::pairs(),
        time in any::<Option<u64>>(),
        now: u64,
    ) {
        let (scheme, key) = (description.scheme().unwrap(), description.key("secret"));
        let _ = scheme.sign(&key, pairs, time);
        let _ = scheme.sign_url(&key, &query, time);
        let _ = scheme.verifier(key.clone()).verify_at(&query, now);
        if let Ok(scheme) = Scheme::new(&names[0]) {
            let _ = scheme.clone().expires(&names[1]);
            let _ = scheme.clone().only(&names);
            let _ = scheme.clone().only_prefix(&names[2]);
            let verifier = scheme.verifier(Key::new("other").unwrap()).or_key(key);
            let _ = verifier.clone().ignoring(&names);
            let _ = verifier.clone().ignoring_prefixes(&names);
            let _ = verifier.verify_at(&query, now);
        }
    }
}
