//! Targets of links: what no request has, and what stands between the parameters.

use crate::common::applications::{Application, NOW, ORIGIN, laravel, mac, symfony};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use signed_query::{Error, VerifiedLink};

fn verify_laravel(target: &str) -> Result<VerifiedLink<'_>, Error> {
    laravel().allow_unlimited().ignoring(["x"]).unwrap().verify_at(target, NOW)
}

fn verify_symfony(target: &str) -> Result<VerifiedLink<'_>, Error> {
    symfony().allow_unlimited().verify_at(target, NOW)
}

/// Any control character, in a path, a query or a fragment, though all of it was signed.
#[test]
fn control_characters_are_refused() {
    for control in (0..=0x1F).chain([0x7F]).map(char::from) {
        for target in [format!("/a{control}"), format!("/{control}a?b=1"), format!("/a?b={control}")] {
            let separator = if target.contains('?') { '&' } else { '?' };
            for fragment in ["", "#b"] {
                let link = format!("{target}{separator}signature={}{fragment}", hex::encode(mac(&target)));
                assert_eq!(verify_laravel(&link), Err(Error::MalformedTarget), "{link:?}");
                let hash = BASE64_URL_SAFE_NO_PAD.encode(mac(&format!("{ORIGIN}{target}")));
                let link = format!("{target}{separator}_hash={hash}{fragment}");
                assert_eq!(verify_symfony(&link), Err(Error::MalformedTarget), "{link:?}");
            }
        }
        for name in ["signature", "_hash"] {
            let link = format!("/a?{name}=x#{control}");
            assert_eq!(verify_laravel(&link), Err(Error::MalformedTarget), "{link:?}");
            assert_eq!(verify_symfony(&link), Err(Error::MalformedTarget), "{link:?}");
        }
    }
}

/// Wherever the signature stands, and what is ignored.
#[test]
fn laravel_signs_empty_parameters_as_they_stand() {
    for query in ["&b=1&c=2", "&&b=1&c=2", "b=1&&c=2", "b=1&c=2&", "&b=1&&c=2&&", "&b=1&c=2&"] {
        let signature = format!("signature={}", Application::Laravel.signature(query));
        let parameters: Vec<_> = query.split('&').collect();
        for place in 0..=parameters.len() {
            for taken in [&[&*signature][..], &["x=1", &signature], &[&signature, "x"]] {
                let mut sent = parameters.clone();
                sent.splice(place..place, taken.iter().copied());
                let target = format!("/a?{}", sent.join("&"));
                assert!(verify_laravel(&target).is_ok(), "{target}");
                for (from, to) in [("?", "?&"), ("b=1", "b=1&"), ("c=2", "&c=2")] {
                    assert_eq!(
                        verify_laravel(&target.replace(from, to)),
                        Err(Error::Mismatch),
                        "{target} {to}"
                    );
                }
                for fewer in [
                    target.replace("?&", "?"),
                    target.replace("&&", "&"),
                    target.trim_end_matches('&').into(),
                ] {
                    let verdict = verify_laravel(&fewer);
                    assert_eq!(verdict.is_ok(), fewer == target, "{target} {fewer}");
                }
            }
        }
    }
}

/// Wherever the hash stands: to PHP they are no parameters.
#[test]
fn to_symfony_empty_parameters_are_none() {
    let hash = format!("_hash={}", Application::Symfony.signature("b=1&c=2"));
    for query in ["b=1&c=2", "&b=1&c=2", "b=1&&c=2", "b=1&c=2&", "&b=1&&&c=2&&", "&c=2&b=1&"] {
        let parameters: Vec<_> = query.split('&').collect();
        for place in 0..=parameters.len() {
            let mut sent = parameters.clone();
            sent.insert(place, &hash);
            let target = format!("/a?{}", sent.join("&"));
            let link = verify_symfony(&target).unwrap_or_else(|error| panic!("{target}: {error}"));
            assert_eq!(link.query().canonical(), "b=1&c=2", "{target}");
        }
    }
}

/// What is signed is hashed in pieces, and where one ends must not matter.
#[test]
fn paths_and_queries_of_any_length_are_signed_whole() {
    for (path, query) in (1..140).flat_map(|path| [0, 1, 7, 63, 64, 65, 130].map(|query| (path, query))) {
        let target = format!("/{}?q={}", "a".repeat(path), "b".repeat(query));
        let link = format!("{target}&signature={}", hex::encode(mac(&target)));
        assert!(verify_laravel(&link).is_ok(), "{link}");
        let hash = BASE64_URL_SAFE_NO_PAD.encode(mac(&format!("{ORIGIN}{target}")));
        let link = format!("{target}&_hash={hash}");
        assert!(verify_symfony(&link).is_ok(), "{link}");
    }
}
