//! Random values of JSON, as they are written and read here and by a live PHP; 200,000 with
//! `CASES=200000 cargo test --release --features serde --test library against_php::values`.

use crate::common::{php::Php, queries, tally::compare, values};
use proptest::prelude::*;
use serde_json::{Value, json};
use signed_query::{Error, Key, Verifier, build_query, canonicalize};

const SECRET: &str = "changeme!";
const NOW: u64 = 1_500_472_622;

/// How many values a query has, and how many brackets the deepest one.
fn size(query: &str) -> (usize, usize) {
    let names = query.split('&').filter_map(|parameter| parameter.split('=').next());
    let depth = names.map(|name| name.matches("%5D").count()).max().unwrap_or_default();
    (if query.is_empty() { 0 } else { query.split('&').count() }, depth)
}

#[test]
fn a_value_is_written_as_php_writes_it() {
    compare(Php::start(), values::json(), |php, value: Value| {
        let theirs = php.build(&value.to_string());
        match build_query(&value) {
            Ok(ours) => prop_assert_eq!(&ours, &theirs, "{}", value),
            // More than PHP reads back.
            Err(error) => {
                prop_assert!(matches!(error, Error::UnwritableValue { .. }), "{:?}", error);
                let (count, depth) = size(&theirs);
                prop_assert!(count > 1000 || depth > 64, "{}: {}", value, error);
            }
        }
        Ok(!theirs.is_empty())
    });
}

#[test]
fn a_float_is_written_as_php_writes_it() {
    compare(Php::start(), values::float(), |php, value| {
        let value = json!({ "f": value });
        prop_assert_eq!(build_query(&value).unwrap(), php.build(&value.to_string()), "{}", value);
        Ok(true)
    });
}

/// Whatever of it is signed, PHP accepts; and what is refused, PHP would not have read back.
#[test]
fn php_accepts_a_value_that_is_signed_here() {
    let key = Key::new(SECRET).unwrap();
    compare(Php::start(), values::json(), |php, value: Value| {
        let written = php.build(&value.to_string());
        match key.sign_value(&value, NOW) {
            Ok(signed) => {
                prop_assert_eq!(php.verdict(&signed, SECRET, NOW), 200, "{}", value);
                let read = canonicalize(&written).unwrap();
                let separator = if read.is_empty() { "" } else { "&" };
                let start = format!("{read}{separator}expires={NOW}&sig=");
                prop_assert!(signed.starts_with(&start), "{}: {}", value, signed);
                prop_assert_eq!(size(&read).0, size(&written).0, "{}: {}", value, signed);
                Ok(!read.is_empty())
            }
            Err(error) => {
                prop_assert_eq!(error.status(), 500);
                let is_reserved = matches!(error, Error::ReservedName { .. });
                let is_too_large = size(&written).0 > 998;
                let mut is_read_back = || php.reads_back(&value.to_string());
                prop_assert!(is_reserved || is_too_large || !is_read_back(), "{}: {}", value, error);
                Ok(false)
            }
        }
    });
}

/// What has no type of its own is read as `json_encode` of PHP's parameters has it.
#[test]
fn a_query_is_read_as_php_reads_it() {
    let key = Key::new(SECRET).unwrap();
    let verifier = Verifier::new(key.clone());
    compare(Php::start(), queries::any_query(), |php, query| {
        let query = query.replace('#', "");
        let Ok(signed) = key.sign_url(&format!("?{query}"), NOW) else { return Ok(false) };
        let read = verifier.verify_at(&signed[1..], NOW).unwrap().deserialize::<Value>();
        let theirs = php.read(&query).map(|json| match &*json {
            "[]" => json!({}),
            json => serde_json::from_str(json).unwrap(),
        });
        match (read, theirs) {
            (Ok(ours), Some(theirs)) => prop_assert_eq!(ours, theirs, "{}", query),
            (Err(Error::UnexpectedValue { .. }), None) => {}
            (ours, theirs) => prop_assert!(false, "{}: ours {:?}, PHP's {:?}", query, ours, theirs),
        }
        Ok(true)
    });
}
