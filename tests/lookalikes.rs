//! Names that only look like those that are read are names like any other.

#[path = "common/applications.rs"]
mod applications;

use applications::{ALL, Application, NOW};
use signed_query::Error;

/// Names that begin or end so, have it in the middle, or have it in other letters.
fn like(name: &str) -> [String; 10] {
    [
        format!("{name}_"),
        format!("{name}_x"),
        format!("{name}x"),
        format!("{name}0"),
        format!("q_{name}"),
        format!("q{name}"),
        format!("_{name}"),
        format!("q{name}x"),
        name.to_uppercase(),
        name[..name.len() - 1].to_owned(),
    ]
}

/// The parameters as the application writes them, those before the expiry and those behind.
fn written(application: Application, parameters: &[(&str, &str)]) -> String {
    let mut parameters = parameters.to_vec();
    if application == Application::Symfony {
        parameters.sort();
    }
    parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn signed(application: Application, query: &str) -> String {
    format!("{query}&{}={}", application.name_of_signature(), application.signature(query))
}

#[test]
fn what_only_looks_like_the_expiry_is_not_read_as_it() {
    for application in ALL {
        let name = application.name_of_expiry();
        let [good, late] = [NOW, NOW - 1].map(|last| application.expiry(last).to_string());
        for like in like(name) {
            for (said, expected) in
                [(&good, Ok(NOW)), (&late, Err(Error::Expired { expires: NOW - 1, now: NOW }))]
            {
                for other in ["1", "9999999999", "soon", ""] {
                    for parameters in [[(name, &**said), (&*like, other)], [(&like, other), (name, said)]] {
                        let query = signed(application, &written(application, &parameters));
                        assert_eq!(application.verify(&query, NOW), expected, "{query}");
                    }
                }
            }
            let query = signed(application, &written(application, &[("q", "red"), (&like, &good)]));
            assert_eq!(application.verify(&query, NOW), Err(Error::MissingExpires), "{query}");
            // An element of an array is none either, nor is a value.
            for query in [format!("q%5B{name}%5D={good}"), format!("q={name}%3D{good}")] {
                let query = signed(application, &query);
                assert_eq!(application.verify(&query, NOW), Err(Error::MissingExpires), "{query}");
            }
        }
    }
}

#[test]
fn what_only_looks_like_the_signature_is_not_read_as_it() {
    for application in ALL {
        let (name, expiry) = (application.name_of_signature(), application.name_of_expiry());
        let good = application.expiry(NOW).to_string();
        for like in like(name) {
            let text = written(application, &[(expiry, &good)]);
            let query = format!("{text}&{like}={}", application.signature(&text));
            assert_eq!(application.verify(&query, NOW), Err(Error::MissingSignature), "{query}");
            for other in ["", "x", &application.signature(&text)] {
                for parameters in [[(expiry, &*good), (&*like, other)], [(&like, other), (expiry, &good)]] {
                    let text = written(application, &parameters);
                    let query = signed(application, &text);
                    assert_eq!(application.verify(&query, NOW), Ok(NOW), "{query}");
                    let (_, signature) = query.rsplit_once('&').unwrap();
                    let query = format!("{signature}&{text}");
                    assert_eq!(application.verify(&query, NOW), Ok(NOW), "{query}");
                }
            }
            // And it is signed.
            let query = format!("{}&{like}=x", signed(application, &text));
            assert_eq!(application.verify(&query, NOW), Err(Error::Mismatch), "{query}");
        }
    }
}
