//! Requests by PHP's schemes, recorded with their verdicts (`tests/php/schemes.php record`),
//! without PHP.

use std::collections::BTreeSet;

use crate::common::schemes::Request;
use serde::Deserialize;
use signed_query::{Key, Scheme, Writing};

#[derive(Deserialize)]
struct Vectors {
    requests: Vec<Request>,
}

fn requests() -> Vec<Request> {
    serde_json::from_str::<Vectors>(include_str!("../../vectors/schemes.json")).unwrap().requests
}

#[test]
fn the_verdict_and_the_signed_text_are_those_of_php() {
    let requests = requests();
    for request in &requests {
        request.compare();
    }
    let shown = |of: fn(&Request) -> String| requests.iter().map(of).collect::<BTreeSet<_>>().len();
    assert!(requests.len() > 600);
    assert_eq!(shown(|request| request.name.clone()), 14, "the known schemes, and random ones");
    assert_eq!(shown(|request| request.what.clone()), 43, "as signed, and changed in many ways");
    let writings =
        |Request { scheme, .. }: &Request| format!("{} {} {}", scheme.order, scheme.writing, scheme.mac);
    assert_eq!(shown(writings), 3 * 4 * 2);
}

#[test]
fn what_is_signed_of_the_same_parameters_verifies() {
    let requests = requests();
    let signed = requests.iter().filter_map(Request::sign);
    assert!(signed.count() > requests.len() * 9 / 10);
}

/// VK's own documentation has it, with its secret and signature.
#[test]
fn the_published_parameters_of_a_mini_app_are_verified() {
    let raw = "vk_user_id=494075&vk_app_id=6736218&vk_is_app_user=1&vk_are_notifications_enabled=1&vk_language=ru\
               &vk_access_token_settings=&vk_platform=android&sign=htQFduJpLxz7ribXRZpDFUH-XEUhC9rBPTJkjUFEkRA";
    let scheme =
        Scheme::new("sign").unwrap().only_prefix("vk_").unwrap().sorted().written_as(Writing::Base64Url);
    let key = Key::new("wvl68m4dR1UpLrVRli").unwrap();
    for raw in [raw.to_owned(), format!("{raw}&utm_source=x"), raw.replace("=android", "=ios")] {
        let verified = scheme.clone().verifier(key.clone()).verify_at(&raw, 0);
        assert_eq!(verified.is_ok(), raw.contains("android"), "{raw}");
    }
}
