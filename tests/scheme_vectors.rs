//! Requests by PHP's schemes, recorded with their verdicts (`tests/php/schemes.php record`),
//! without PHP.

mod common;

use std::collections::BTreeSet;

use common::schemes::Request;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    requests: Vec<Request>,
}

fn requests() -> Vec<Request> {
    serde_json::from_str::<Vectors>(include_str!("vectors/schemes.json")).unwrap().requests
}

#[test]
fn the_verdict_and_the_signed_text_are_those_of_php() {
    let requests = requests();
    for request in &requests {
        request.compare();
    }
    let shown = |of: fn(&Request) -> String| requests.iter().map(of).collect::<BTreeSet<_>>().len();
    assert!(requests.len() > 300);
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
