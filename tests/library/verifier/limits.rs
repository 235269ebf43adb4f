//! PHP reads a thousand parameters, the signature among them, wherever it stands.

use crate::common::applications::{ALL, Application, NOW, key, laravel, platform, spellings};
use signed_query::{Error, MAX_DEPTH, MAX_PARAMETERS, Scheme, canonicalize};

/// So many parameters that are signed, in the order in which Symfony sorts them.
fn parameters(expiry: &str, count: usize) -> Vec<String> {
    let names = (1..count).map(|nth| format!("n{nth:04}="));
    std::iter::once(expiry.to_owned()).chain(names).collect()
}

#[test]
fn the_signature_counts_wherever_it_stands() {
    for application in ALL {
        let expiry = format!("{}={}", application.name_of_expiry(), application.expiry(NOW));
        let name = application.name_of_signature();
        for (count, is_valid) in
            [(MAX_PARAMETERS - 1, true), (MAX_PARAMETERS, false), (MAX_PARAMETERS + 1, false)]
        {
            let parameters = parameters(&expiry, count);
            let text = parameters.join("&");
            let signature = application.signature(&text);
            let expected = if is_valid { Ok(NOW) } else { Err(Error::TooManyParameters) };
            // Laravel takes it under its own name alone.
            let is_laravel = application == Application::Laravel;
            for name in spellings(name).into_iter().take(if is_laravel { 1 } else { usize::MAX }) {
                for place in [0, 1, count / 2, count - 1, count] {
                    let mut sent = parameters.clone();
                    sent.insert(place, format!("{name}={signature}"));
                    let query = sent.join("&");
                    assert_eq!(application.verify(&query, NOW), expected, "{name} at {place} of {count}");
                    // An empty parameter is none, but Laravel signs it.
                    let expected =
                        if is_valid && is_laravel { Err(Error::Mismatch) } else { expected.clone() };
                    let verdict = application.verify(&format!("{query}&"), NOW);
                    assert_eq!(verdict, expected, "{name} at {place} of {count}, with an empty one");
                }
            }
        }
    }
}

/// What comes again is counted again, though there is one value in the end.
#[test]
fn a_name_that_comes_again_counts_again() {
    for application in ALL {
        let expiry = format!("{}={}", application.name_of_expiry(), application.expiry(NOW));
        let name = application.name_of_signature();
        for (count, is_valid) in [(MAX_PARAMETERS - 1, true), (MAX_PARAMETERS, false)] {
            let sent = vec![&*expiry; count].join("&");
            let text = if application == Application::Laravel { &sent } else { &expiry };
            let signature = format!("{name}={}", application.signature(text));
            let expected = if is_valid { Ok(NOW) } else { Err(Error::TooManyParameters) };
            for query in [format!("{sent}&{signature}"), format!("{signature}&{sent}")] {
                assert_eq!(application.verify(&query, NOW), expected, "{count}");
            }
        }
    }
}

/// PHP counts every parameter that it reads, signed or not.
#[test]
fn a_parameter_that_is_not_signed_counts() {
    let expiry = format!("expires={NOW}");
    let signature = |application: Application| {
        format!("{}={}", application.name_of_signature(), application.signature(&expiry))
    };
    let scheme = Scheme::default().only(["expires"]).unwrap();
    let queries =
        [platform().ignoring(["note"]), platform().ignoring_prefixes(["no"]), Ok(scheme.verifier(key()))];
    let links = laravel().ignoring(["note"]).unwrap();
    let most = MAX_PARAMETERS - 2;
    for (more, is_valid) in [(most, true), (most + 1, false), (most + 2, false), (2 * most, false)] {
        let notes = vec!["note=x"; more].join("&");
        let expected = if is_valid { Ok(NOW) } else { Err(Error::TooManyParameters) };
        let sent = format!("{notes}&{expiry}&{}", signature(Application::Platform));
        for verifier in &queries {
            let verdict = verifier.as_ref().unwrap().verify_at(&sent, NOW);
            assert_eq!(verdict.map(|query| query.expires()), expected, "{more}");
        }
        let target = format!("/a?{notes}&{expiry}&{}", signature(Application::Laravel));
        let verdict = links.verify_at(&target, NOW);
        assert_eq!(verdict.map(|link| link.query().expires()), expected, "{more}");
    }
}

/// Where nothing is signed but the path, too.
#[test]
fn a_parameter_that_laravel_ignores_counts() {
    let links = laravel().allow_unlimited().ignoring(["note"]).unwrap();
    let signature = format!("signature={}", Application::Laravel.signature(""));
    let signed: String = (0..70_000).map(|nth| format!("n{nth}=&")).collect();
    let most = MAX_PARAMETERS - 1;
    for (more, is_valid) in [(0, true), (most, true), (most + 1, false), (most + 2, false), (2 * most, false)]
    {
        let notes = "note=x&".repeat(more);
        let verdict = links.verify_at(&format!("/a?{notes}{signature}"), NOW).map(|_| ());
        assert_eq!(verdict, if is_valid { Ok(()) } else { Err(Error::TooManyParameters) }, "{more}");
        // More than there can be elements.
        let verdict = links.verify_at(&format!("/a?{notes}{signed}{signature}"), NOW).map(|_| ());
        assert_eq!(verdict, Err(Error::TooManyParameters), "{more}");
    }
}

/// As deep as anything else, and what PHP drops before it counts the levels is no error.
#[test]
fn what_is_not_signed_may_not_be_too_deep() {
    let expiry = format!("expires={NOW}");
    let signed = format!("{expiry}&sig={}", Application::Platform.signature(&expiry));
    let verifier = platform().ignoring(["note"]).unwrap();
    for (levels, is_valid) in [(MAX_DEPTH, true), (MAX_DEPTH + 1, false), (2 * MAX_DEPTH, false)] {
        let deep = format!("note{}=x", "[k]".repeat(levels));
        // PHP drops a name that has this key, whatever follows it.
        let dropped = format!("note[__Host-k]{}=x", "[k]".repeat(levels));
        for (more, is_valid) in [(&deep, is_valid), (&dropped, true)] {
            for sent in [format!("{more}&{signed}"), format!("{signed}&{more}")] {
                let expected = if is_valid { Ok(NOW) } else { Err(Error::TooDeep) };
                let verdict = verifier.verify_at(&sent, NOW).map(|query| query.expires());
                assert_eq!(verdict, expected, "{sent}");
                assert_eq!(canonicalize(&sent).is_ok(), is_valid, "{sent}");
            }
        }
    }
}
