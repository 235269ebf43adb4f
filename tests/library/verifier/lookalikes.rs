//! Names that only look like those that are read are names like any other.

use crate::common::{
    applications::{ALL, Application, NOW, symfony},
    example::{EXAMPLE, EXPIRES, verifier},
};
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

#[test]
fn what_only_looks_like_the_expiry_is_not_read_as_it() {
    for application in ALL {
        let name = application.name_of_expiry();
        let [valid, late] = [NOW, NOW - 1].map(|last| application.expiry(last).to_string());
        for like in like(name) {
            for (said, expected) in
                [(&valid, Ok(NOW)), (&late, Err(Error::Expired { expires: NOW - 1, now: NOW }))]
            {
                for other in ["1", "9999999999", "soon", ""] {
                    for parameters in [[(name, &**said), (&*like, other)], [(&like, other), (name, said)]] {
                        let query = application.signed(&written(application, &parameters));
                        assert_eq!(application.verify(&query, NOW), expected, "{query}");
                    }
                }
            }
            let query = application.signed(&written(application, &[("q", "red"), (&like, &valid)]));
            assert_eq!(application.verify(&query, NOW), Err(Error::MissingExpires), "{query}");
            // An element of an array is none either, nor is a value.
            for query in [format!("q%5B{name}%5D={valid}"), format!("q={name}%3D{valid}")] {
                let query = application.signed(&query);
                assert_eq!(application.verify(&query, NOW), Err(Error::MissingExpires), "{query}");
            }
        }
    }
}

#[test]
fn what_only_looks_like_the_signature_is_not_read_as_it() {
    for application in ALL {
        let (name, expiry) = (application.name_of_signature(), application.name_of_expiry());
        let valid = application.expiry(NOW).to_string();
        for like in like(name) {
            let text = written(application, &[(expiry, &valid)]);
            let query = format!("{text}&{like}={}", application.signature(&text));
            assert_eq!(application.verify(&query, NOW), Err(Error::MissingSignature), "{query}");
            for other in ["", "x", &application.signature(&text)] {
                for parameters in [[(expiry, &*valid), (&*like, other)], [(&like, other), (expiry, &valid)]] {
                    let text = written(application, &parameters);
                    let query = application.signed(&text);
                    assert_eq!(application.verify(&query, NOW), Ok(NOW), "{query}");
                    let (_, signature) = query.rsplit_once('&').unwrap();
                    let query = format!("{signature}&{text}");
                    assert_eq!(application.verify(&query, NOW), Ok(NOW), "{query}");
                }
            }
            // And it is signed.
            let query = format!("{}&{like}=x", application.signed(&text));
            assert_eq!(application.verify(&query, NOW), Err(Error::Mismatch), "{query}");
        }
    }
}

/// PHP reads a dot, a space or an unclosed bracket as `_`, and not as the end of a name.
#[test]
fn what_php_makes_another_name_of_is_not_read_as_the_expiry() {
    for application in ALL {
        let name = application.name_of_expiry();
        let valid = application.expiry(NOW).to_string();
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
            let (sent, written) = (format!("{name}{behind}={valid}"), format!("{name}{made}={valid}"));
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

/// The last 64 bytes behind `&sig=` may be more than one parameter, or less.
#[test]
fn what_only_looks_like_a_signature_at_the_end_is_read_as_php_reads_it() {
    let filled = |tail: &str| format!("q=red&sig={}{tail}", "0".repeat(64 - tail.len()));
    let verify = |tail: &str| verifier().verify_at(&filled(tail), EXPIRES).unwrap_err();
    assert_eq!(verify("&expires=1500472622"), Error::Mismatch);
    assert_eq!(verify("&expires=now"), Error::MalformedExpires);
    assert_eq!(verify("&expires[]=1"), Error::MalformedExpires);
    assert_eq!(verify(""), Error::MissingExpires);
    let ended = filled("\0&expires=1500472622");
    assert_eq!(verifier().verify_at(&ended, EXPIRES), Err(Error::MissingExpires));
    // What follows a raw NUL is not read, and so is not part of the signature.
    let valid = format!("{EXAMPLE}\0{}", "0".repeat(63));
    assert!(verifier().verify_at(&valid, EXPIRES).is_ok());
}
