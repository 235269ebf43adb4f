//! A name that is read, given twice: of two expiries or two signatures PHP has the last
//! one. If another one counted, anyone could revive what has expired.

use crate::common::applications::{ALL, Application, NOW, spellings};
use signed_query::Error;

/// Two spellings of a name, in every combination.
fn pairs(name: &str) -> impl Iterator<Item = (String, String)> {
    let spellings = spellings(name);
    let firsts = spellings.clone().into_iter();
    firsts.flat_map(move |first| spellings.clone().into_iter().map(move |second| (first.clone(), second)))
}

/// A query of these parameters with its signature in front, in the middle and at the end.
fn with_signature(parameters: &[&str], signature: &str) -> Vec<String> {
    let places = 0..=parameters.len();
    let put = |place: usize| {
        let mut parameters = parameters.to_vec();
        parameters.insert(place, signature);
        parameters.join("&")
    };
    places.map(put).collect()
}

/// The verdicts on parameters with their signature in every place. `written` is what is
/// signed of them, but for Laravel, which signs what was sent.
fn verdicts(application: Application, sent: &[&str], written: &str) -> Vec<(Result<u64, Error>, String)> {
    let signed = if application == Application::Laravel { &*sent.join("&") } else { written };
    let signature = format!("{}={}", application.name_of_signature(), application.signature(signed));
    let verdict = |query: String| (application.verify(&query, NOW), query);
    with_signature(sent, &signature).into_iter().map(verdict).collect()
}

#[test]
fn of_two_expiries_the_last_one_counts() {
    for application in ALL {
        let name = application.name_of_expiry();
        for (one, other) in pairs(name) {
            for (first, last) in [(NOW, NOW - 1), (9_999_999_999, NOW - 1), (NOW - 1, NOW), (1, NOW)] {
                let (said, counting) = (application.expiry(first), application.expiry(last));
                let sent = [&*format!("{one}={said}"), "q=red", &format!("{other}={counting}")];
                let expected = match last {
                    NOW => Ok(NOW),
                    expires => Err(Error::Expired { expires, now: NOW }),
                };
                for (verdict, query) in verdicts(application, &sent, &format!("{name}={counting}&q=red")) {
                    assert_eq!(verdict, expected, "{query}");
                }
            }
        }
    }
}

#[test]
fn an_expiry_is_what_it_is_in_the_end_a_string_or_an_array() {
    for application in ALL {
        let name = application.name_of_expiry();
        let valid = application.expiry(NOW);
        for spelled in spellings(name).into_iter().filter(|spelled| !spelled.ends_with("%00x")) {
            for index in ["[]", "[0]", "%5B%5D", "[x][y]"] {
                let (text, array) = (format!("{name}={valid}"), format!("{spelled}{index}={valid}"));
                let written = format!("{name}={valid}&q=red");
                for (verdict, query) in verdicts(application, &[&array, "q=red", &text], &written) {
                    assert_eq!(verdict, Ok(NOW), "{query}");
                }
                // Signed as PHP writes it, and as if there were no array.
                let key = match index {
                    "[x][y]" => "%5Bx%5D%5By%5D",
                    _ => "%5B0%5D",
                };
                for written in [format!("{name}{key}={valid}&q=red"), written] {
                    for (verdict, query) in verdicts(application, &[&text, "q=red", &array], &written) {
                        assert_eq!(verdict, Err(Error::MalformedExpires), "{query}");
                    }
                }
            }
        }
    }
}

/// Laravel's signature is found by its exact name alone, and a second one in any spelling is
/// an error.
#[test]
fn of_two_signatures_the_last_one_counts_if_any() {
    for application in ALL {
        let name = application.name_of_signature();
        let text = format!("{}={}&q=red", application.name_of_expiry(), application.expiry(NOW));
        let (expiry, q) = text.split_once('&').unwrap();
        let valid = application.signature(&text);
        let others = ["", "x", &"0".repeat(valid.len()), &"a".repeat(valid.len() - 1)].map(str::to_owned);
        let pairs = pairs(name);
        for ((one, other), bad) in pairs.flat_map(|pair| others.clone().map(|bad| (pair.clone(), bad))) {
            for (first, last) in [(&valid, &bad), (&bad, &valid)] {
                let (first, last) = (format!("{one}={first}"), format!("{other}={last}"));
                for sent in [
                    [&*first, &last, expiry, q],
                    [&first, expiry, &last, q],
                    [&first, expiry, q, &last],
                    [expiry, &first, q, &last],
                    [expiry, q, &first, &last],
                ] {
                    let query = sent.join("&");
                    let is_named = one == name || other == name;
                    let expected = match application {
                        Application::Laravel if is_named => Err(Error::MalformedSignature),
                        Application::Laravel => Err(Error::MissingSignature),
                        _ if last.ends_with(&format!("={valid}")) => Ok(NOW),
                        _ => Err(Error::Mismatch),
                    };
                    assert_eq!(application.verify(&query, NOW), expected, "{query}");
                }
            }
        }
    }
}

/// Even if the surplus one was signed with the rest.
#[test]
fn a_second_signature_that_laravel_signed_is_refused() {
    let laravel = Application::Laravel;
    let expiry = format!("expires={NOW}");
    for spelled in spellings("signature") {
        for value in ["x".to_owned(), laravel.signature(&expiry)] {
            let one = format!("{spelled}={value}");
            for sent in [[&*one, &expiry], [&expiry, &one]] {
                let signed = sent.join("&");
                let query = format!("{signed}&signature={}", laravel.signature(&signed));
                assert_eq!(laravel.verify(&query, NOW), Err(Error::MalformedSignature), "{query}");
            }
        }
    }
}

#[test]
fn a_signature_is_what_it_is_in_the_end_a_string_or_an_array() {
    for application in ALL {
        let name = application.name_of_signature();
        let text = format!("{}={}&q=red", application.name_of_expiry(), application.expiry(NOW));
        let valid = application.signature(&text);
        for index in ["[]", "[0]", "%5B%5D", "[x][y]"] {
            for spelled in spellings(name).into_iter().filter(|spelled| !spelled.ends_with("%00x")) {
                let array = format!("{spelled}{index}={valid}");
                let expected = if application == Application::Laravel {
                    Err(Error::MalformedSignature)
                } else {
                    Ok(NOW)
                };
                for query in
                    [format!("{array}&{text}&{name}={valid}"), format!("{text}&{array}&{name}={valid}")]
                {
                    assert_eq!(application.verify(&query, NOW), expected, "{query}");
                }
                for query in
                    [format!("{text}&{name}={valid}&{array}"), format!("{name}={valid}&{array}&{text}")]
                {
                    assert_eq!(application.verify(&query, NOW), Err(Error::MalformedSignature), "{query}");
                }
            }
        }
    }
}
