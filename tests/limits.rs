//! PHP reads a thousand parameters, the signature among them, wherever it stands.

#[path = "common/applications.rs"]
mod applications;

use applications::{ALL, NOW, spellings};
use signed_query::{Error, MAX_PARAMETERS};

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
        for (count, is_good) in
            [(MAX_PARAMETERS - 1, true), (MAX_PARAMETERS, false), (MAX_PARAMETERS + 1, false)]
        {
            let parameters = parameters(&expiry, count);
            let text = parameters.join("&");
            let signature = application.signature(&text);
            let expected = if is_good { Ok(NOW) } else { Err(Error::TooManyParameters) };
            // Laravel takes it under its own name alone.
            let is_laravel = application == applications::Application::Laravel;
            for name in spellings(name).into_iter().take(if is_laravel { 1 } else { usize::MAX }) {
                for place in [0, 1, count / 2, count - 1, count] {
                    let mut sent = parameters.clone();
                    sent.insert(place, format!("{name}={signature}"));
                    let query = sent.join("&");
                    assert_eq!(application.verify(&query, NOW), expected, "{name} at {place} of {count}");
                    // An empty parameter is none, but Laravel signs it.
                    let expected =
                        if is_good && is_laravel { Err(Error::Mismatch) } else { expected.clone() };
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
        for (count, is_good) in [(MAX_PARAMETERS - 1, true), (MAX_PARAMETERS, false)] {
            let sent = vec![&*expiry; count].join("&");
            let text = if application == applications::Application::Laravel { &sent } else { &expiry };
            let signature = format!("{name}={}", application.signature(text));
            let expected = if is_good { Ok(NOW) } else { Err(Error::TooManyParameters) };
            for query in [format!("{sent}&{signature}"), format!("{signature}&{sent}")] {
                assert_eq!(application.verify(&query, NOW), expected, "{count}");
            }
        }
    }
}
