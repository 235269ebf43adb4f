//! Names that only look like those that are read are names like any other.

#[path = "common/applications.rs"]
mod applications;

use applications::{ALL, Application, NOW, symfony};
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

/// PHP reads a dot, a space or an unclosed bracket as `_`, and not as the end of a name.
#[test]
fn what_php_makes_another_name_of_is_not_read_as_the_expiry() {
    for application in ALL {
        let name = application.name_of_expiry();
        let good = application.expiry(NOW).to_string();
        for (behind, made) in [
            (".", "_"),
            ("+", "_"),
            (" ", "_"),
            ("[", "_"),
            (".x", "_x"),
            ("%20x", "_x"),
            ("[x", "_x"),
            ("%5Bx", "_x"),
        ] {
            let query = |sent: &str, written: &str| {
                let text = if application == Application::Laravel { sent } else { written };
                format!("{sent}&{}={}", application.name_of_signature(), application.signature(text))
            };
            let (sent, written) = (format!("{name}{behind}={good}"), format!("{name}{made}={good}"));
            let only = query(&sent, &written);
            assert_eq!(application.verify(&only, NOW), Err(Error::MissingExpires), "{only}");
            for (late, expected) in [(NOW, Ok(NOW)), (1, Err(Error::Expired { expires: 1, now: NOW }))] {
                let expiry = format!("{name}={}", application.expiry(late));
                let both = query(&format!("{expiry}&{sent}"), &format!("{expiry}&{written}"));
                assert_eq!(application.verify(&both, NOW), expected, "{both}");
            }
        }
    }
}

#[test]
fn an_expiry_is_digits_and_nothing_else() {
    for application in ALL {
        let name = application.name_of_expiry();
        let good = application.expiry(NOW);
        let verdict = |value: &str| {
            let query = format!("{name}={value}");
            application.verify(&signed(application, &query), NOW)
        };
        assert_eq!(verdict(&good.to_string()), Ok(NOW));
        for space in ["+", "%00", "%09", "%0A", "%0B", "%0C", "%0D", "%C2%A0"] {
            for value in [format!("{space}{good}"), format!("{good}{space}"), space.to_owned()] {
                assert_eq!(verdict(&value), Err(Error::MalformedExpires), "{name}={value}");
            }
        }
        for value in
            ["", "%2B1", "-1", "-9999999999", "1_000", "1%2C000", "1e10", "0x1", "1.0", "%D9%A1", "now"]
        {
            assert_eq!(verdict(value), Err(Error::MalformedExpires), "{name}={value}");
        }
    }
}

#[test]
fn where_symfonys_names_are_set_the_usual_ones_are_names_like_any_other() {
    let verifier = symfony().parameters("h", "until").unwrap();
    let hash = |query: &str| Application::Symfony.signature(query);
    let verify =
        |query: &str| verifier.verify_at(&format!("/a?{query}"), NOW).map(|link| link.query().expires());
    for usual in ["_expiration=1", "_expiration=9999999999", "_expiration[]=1", "_hash=x", "_hash[]=x"] {
        let written = usual.replace("[]", "%5B0%5D");
        for (last, expected) in
            [(NOW, Ok(NOW)), (NOW - 1, Err(Error::Expired { expires: NOW - 1, now: NOW }))]
        {
            let until = format!("until={}", last + 1);
            let hash = hash(&format!("{written}&{until}"));
            for query in [format!("{usual}&{until}&h={hash}"), format!("h={hash}&{until}&{usual}")] {
                assert_eq!(verify(&query), expected, "{query}");
            }
        }
        let query = format!("{usual}&h={}", hash(&written));
        assert_eq!(verify(&query), Err(Error::MissingExpires), "{query}");
    }
    let until = format!("until={}", NOW + 1);
    let query = format!("{until}&_hash={}", hash(&until));
    assert_eq!(verify(&query), Err(Error::MissingSignature), "{query}");
}
