//! A second value of one name, among few others or many: PHP takes the last one, and
//! puts it where the first one stood. Whoever misses that lets a forged value through.

use signed_query::{Error, Key, Verifier, canonicalize};

const EXPIRES: u64 = 1_500_472_622;

type Name = fn(usize) -> String;

/// Names as they are sent.
const NAMES: [Name; 13] = [
    |nth| format!("name{nth}"),
    |nth| format!("{nth}"),
    |nth| format!("gr%C3%B6%C3%9Fe{nth}"),
    |nth| format!("gr%c3%b6%c3%9fe{nth}"),
    |nth| format!("größe{nth}"),
    |nth| format!("first.name{nth}"),
    |nth| format!("a%5B{nth}%5D"),
    |nth| format!("a[{nth}]"),
    |nth| format!("a[name{nth}]"),
    |nth| format!("a[b][name{nth}][c]"),
    |nth| format!("a{nth}[b][c]"),
    |nth| format!("a[{}][{nth}]", nth % 7),
    |nth| format!("a{}[{}]", nth / 2, nth % 2),
];

/// So many parameters, of values that are short or long: from 100 bytes to 60,000.
const SIZES: [(usize, usize); 7] = [(5, 20), (16, 1), (33, 4), (49, 0), (120, 10), (500, 3), (980, 50)];

fn query(name: Name, values: &[String]) -> String {
    let parameters = values.iter().enumerate().map(|(nth, value)| format!("{}={value}", name(nth)));
    parameters.collect::<Vec<_>>().join("&")
}

/// All of few; of many the first, some in the middle and the last ones.
fn places(count: usize) -> Vec<usize> {
    if count < 50 {
        return (0..count).collect();
    }
    let mut places = vec![0, 1, count / 3, count / 2, count - 2, count - 1];
    places.dedup();
    places
}

#[test]
fn the_last_value_stands_where_its_name_first_stood() {
    let mut lengths = Vec::new();
    for name in NAMES {
        for (count, length) in SIZES {
            let values: Vec<_> = (0..count).map(|nth| format!("{nth}{}", "v".repeat(length))).collect();
            let plain = query(name, &values);
            lengths.push(plain.len());
            for place in places(count) {
                let mut changed = values.clone();
                changed[place] = "new".to_owned();
                let expected = canonicalize(&query(name, &changed)).unwrap().into_owned();
                let again = format!("{}=new", name(place));
                // At once behind it, right behind another one, and at the end.
                let mut sent = vec![format!("{plain}&{again}"), format!("{plain}&{again}&{again}")];
                if !name(0).contains('[') || place < count - 2 {
                    let mut parameters: Vec<_> = plain.split('&').map(str::to_owned).collect();
                    parameters.insert(place + 1, again.clone());
                    sent.push(parameters.join("&"));
                }
                for sent in sent {
                    assert_eq!(canonicalize(&sent).unwrap(), expected, "{sent}");
                }
            }
        }
    }
    assert!(lengths.iter().min() < Some(&120) && lengths.iter().max() > Some(&60_000), "{lengths:?}");
}

#[test]
fn a_forged_value_is_refused_wherever_it_stands() {
    let key = Key::new("changeme!").unwrap();
    let verifier = Verifier::new(key.clone()).ignoring(["note"]).unwrap();
    for name in NAMES {
        for (count, length) in SIZES {
            let values: Vec<_> = (0..count).map(|nth| format!("{nth}{}", "v".repeat(length))).collect();
            let signed = key.sign_url(&format!("?{}", query(name, &values)), EXPIRES).unwrap().split_off(1);
            let verified = verifier.verify_at(&signed, EXPIRES).unwrap();
            for place in places(count) {
                let (evil, valid) =
                    (format!("{}=evil", name(place)), format!("{}={}", name(place), values[place]));
                let forged = format!("{signed}&{evil}");
                assert_eq!(verifier.verify_at(&forged, EXPIRES), Err(Error::Mismatch), "{forged}");
                // What is right in the end is right, as long as the order is.
                let overruled = format!("{signed}&{evil}&{valid}");
                assert_eq!(verifier.verify_at(&overruled, EXPIRES).as_ref(), Ok(&verified), "{overruled}");
                if place == 0 {
                    let overruled = format!("{evil}&{signed}");
                    assert_eq!(
                        verifier.verify_at(&overruled, EXPIRES).as_ref(),
                        Ok(&verified),
                        "{overruled}"
                    );
                }
            }
        }
    }
}

/// `sig`, `expires`, an ignored name and the example's own `q`, twice among so many.
#[test]
fn names_that_mean_something_count_as_their_last_value() {
    let key = Key::new("changeme!").unwrap();
    let verifier = Verifier::new(key.clone()).ignoring(["note"]).unwrap();
    for (count, length) in SIZES {
        let pairs: Vec<_> =
            (0..count).map(|nth| (format!("name{nth}"), format!("{nth}{}", "v".repeat(length)))).collect();
        let signed = key.sign(pairs.iter().cloned().chain([("q".into(), "red".into())]), EXPIRES).unwrap();
        let (unsigned, signature) = signed.rsplit_once("&sig=").unwrap();
        let (names, _) = unsigned.rsplit_once("&q=").unwrap();
        let tail = format!("q=red&expires={EXPIRES}");
        let verify =
            |query: &str| verifier.verify_at(query, EXPIRES).map(|query| query.get("q").map(String::from));
        let valid = Ok(Some("red".to_owned()));

        for (query, verdict) in [
            (format!("{names}&{tail}&sig=x&sig={signature}"), valid.clone()),
            (format!("sig=x&{names}&{tail}&sig={signature}"), valid.clone()),
            (format!("sig[]=x&{names}&{tail}&sig={signature}"), valid.clone()),
            (format!("sig={signature}&{names}&{tail}&sig=x"), Err(Error::Mismatch)),
            (format!("sig={signature}&{names}&{tail}&sig={}", "0".repeat(64)), Err(Error::Mismatch)),
            (format!("sig={signature}&{names}&{tail}&sig[]={signature}"), Err(Error::MalformedSignature)),
            (format!("{names}&q=evil&{tail}&sig={signature}"), valid.clone()),
            (format!("{names}&{tail}&q=evil&sig={signature}"), Err(Error::Mismatch)),
            (format!("{names}&{tail}&q[]=evil&sig={signature}"), Err(Error::Mismatch)),
            (format!("{names}&{tail}&q=evil&q=red&sig={signature}"), valid.clone()),
            (format!("{names}&q=red&expires=1&expires={EXPIRES}&sig={signature}"), valid.clone()),
            (format!("{names}&{tail}&expires=9{EXPIRES}&sig={signature}"), Err(Error::Mismatch)),
            (format!("{names}&{tail}&expires=x&sig={signature}"), Err(Error::MalformedExpires)),
            (format!("{names}&{tail}&expires[]=1&sig={signature}"), Err(Error::MalformedExpires)),
            // It stands in another place then.
            (format!("expires=1&{names}&{tail}&sig={signature}"), Err(Error::Mismatch)),
            (format!("note=1&{names}&{tail}&note=2&sig={signature}&note=3"), valid.clone()),
        ] {
            assert_eq!(verify(&query), verdict, "{query}");
        }
        let query = format!("note=1&{names}&note=2&{tail}&sig={signature}&note=3");
        assert_eq!(verifier.verify_at(&query, EXPIRES).unwrap().unsigned("note"), Some("3".into()));
    }
}

/// A string puts an array out, and another array has none of its elements.
#[test]
fn what_was_replaced_does_not_come_back() {
    for others in [0, 40, 400] {
        let others: String = (0..others).map(|nth| format!("name{nth}={nth}&")).collect();
        let canonical = |query: &str| {
            let canonical = canonicalize(&format!("{others}{query}")).unwrap().into_owned();
            canonical.strip_prefix(&others).unwrap().to_owned()
        };
        for elements in [1, 2, 20, 180] {
            let keys =
                |values: &str| (0..elements).map(|nth| format!("a[{nth}]={values}&")).collect::<String>();
            let last = elements - 1;
            assert_eq!(canonical(&format!("{}a=1", keys("old"))), "a=1");
            assert_eq!(canonical(&format!("{}a=1&a[{last}]=2", keys("old"))), format!("a%5B{last}%5D=2"));
            assert_eq!(canonical(&format!("{}a=1&a[]=2&a[x]=3", keys("old"))), "a%5B0%5D=2&a%5Bx%5D=3");
            let back: String = (0..elements).rev().map(|nth| format!("a%5B{nth}%5D={nth}&")).collect();
            let twice = format!("{}a=1&{}a=2&{back}", keys("old"), keys("older"));
            assert_eq!(canonical(&twice), back.trim_end_matches('&'));
            // And so below another array.
            let nested = |query: &str| query.replace("a[", "b[a][").replace("a%5B", "b%5Ba%5D%5B");
            let twice = format!("{}b[a]=1&{}", nested(&keys("old")), nested(&back));
            assert_eq!(canonical(&twice), nested(&back).trim_end_matches('&'));
        }
    }
}
