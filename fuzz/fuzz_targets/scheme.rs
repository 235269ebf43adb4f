//! Any query, by any scheme: nothing that was not signed is accepted; what can be signed
//! verifies as long as its time says; in any order, if the scheme has one of its own; and
//! what is not signed changes nothing.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use signed_query::{Error, Key, MAX_PARAMETERS, Scheme, Writing};

const NOW: u64 = 1_800_000_000;
const MINUTE: Duration = Duration::from_secs(60);
const WRITINGS: [Writing; 4] = [Writing::Hex, Writing::UpperHex, Writing::Base64, Writing::Base64Url];

struct Case {
    scheme: Scheme,
    key: Key,
    time: Option<u64>,
    /// The last second at which a query is valid that is signed now.
    last: Option<u64>,
    is_ordered: bool,
    leaves_out: bool,
}

impl Case {
    /// The scheme that these bits choose.
    fn new(mut bits: u16) -> Self {
        let mut choose = |of: u16| {
            let choice = bits % of;
            bits /= of;
            choice
        };
        let scheme = Scheme::new("hash").unwrap();
        let (scheme, time, last) = match choose(3) {
            0 => (scheme, None, None),
            1 => (scheme.expires("a_exp").unwrap(), Some(NOW), Some(NOW)),
            _ => (scheme.issued_at("a~t", MINUTE).unwrap(), Some(NOW), Some(NOW + 60)),
        };
        let (scheme, is_sorted) = match choose(3) {
            0 => (scheme, false),
            1 => (scheme.sorted(), true),
            _ => (scheme.sorted_as_text(), true),
        };
        let (named, starts) = (choose(3) == 0, choose(3) == 0);
        let scheme =
            if named { scheme.only(["q", "a~t", "a", "a_exp", "b", "a_b"]).unwrap() } else { scheme };
        let scheme = if starts { scheme.only_prefix("a").unwrap() } else { scheme };
        let scheme = if choose(2) == 0 { scheme.rfc3986() } else { scheme };
        let scheme = scheme.written_as(WRITINGS[usize::from(choose(4))]);
        let key = if choose(2) == 0 { Key::new("s3cret") } else { Key::sha512("s3cret") };
        let (is_ordered, leaves_out) = (is_sorted || named, named || starts);
        Self { scheme, key: key.unwrap(), time, last, is_ordered, leaves_out }
    }
}

fuzz_target!(|input: (u16, &str)| {
    let (bits, query) = input;
    let case = Case::new(bits);
    let verifier = case.scheme.clone().verifier(case.key.clone());
    let verify = |query: &str, now| {
        let verified = verifier.verify_at(query, now).map(|query| query.into_owned());
        if query.split('&').count() < MAX_PARAMETERS {
            assert_eq!(verifier.verify_at(&format!("[&{query}"), now), verified);
        }
        verified
    };
    // Nobody guesses a signature.
    assert!(verify(query, NOW).is_err());
    let url = format!("?{}", query.replace('#', ""));
    let signed = match case.scheme.sign_url(&case.key, &url, case.time) {
        Ok(url) => url[1..].to_owned(),
        Err(error) => return assert!(!matches!(error, Error::MissingTime | Error::UnexpectedTime)),
    };
    let verified = verify(&signed, NOW).expect("it was signed");
    assert_eq!(verified.canonical(), signed.rsplit_once("hash=").unwrap().0.trim_end_matches('&'));
    assert_eq!(verified.expires(), case.last.unwrap_or(u64::MAX));
    if let Some(expires) = case.last {
        let late = Err(Error::Expired { expires, now: expires + 1 });
        assert_eq!(verify(&signed, expires + 1), late);
    }
    // The elements of an array keep their order.
    if !signed.contains("%5B") {
        let mut parameters = Vec::from_iter(signed.split('&'));
        parameters.reverse();
        let reversed = verify(&parameters.join("&"), NOW);
        assert!(reversed.as_ref() == Ok(&verified) || !case.is_ordered && reversed == Err(Error::Mismatch));
    }
    if !signed.contains("zz") {
        match verify(&format!("zz[]=1&{signed}&zz[]=%zz+"), NOW) {
            Ok(query) => {
                assert!(case.leaves_out);
                assert_eq!(query.canonical(), verified.canonical());
                assert_eq!((query.get("zz[1]"), query.unsigned("zz[1]").as_deref()), (None, Some("%zz ")));
            }
            Err(Error::TooManyParameters) => assert!(signed.matches('&').count() > MAX_PARAMETERS - 4),
            Err(error) => assert!(error == Error::Mismatch && !case.leaves_out),
        }
    }
    let is_same = format!("&{signed}").contains("&a=added&");
    assert!(verify(&format!("{signed}&a[x]=1&a=added"), NOW).is_err() || is_same);
});
