//! Any query, signed and read as values: what is read of it can be signed again, to the same
//! text. Whatever type it is read as, and whatever a webhook has in it, nothing panics.
#![no_main]

use std::{collections::BTreeMap, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::Value;
use signed_query::{Error, Key, VerifiedQuery, Verifier, webhook::Receiver};

const EXPIRES: u64 = 1_500_472_622;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::new("changeme!").unwrap());
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(KEY.clone()));
static RECEIVER: LazyLock<Receiver> = LazyLock::new(|| Receiver::new(KEY.clone()));

fuzz_target!(|query: &str| {
    let raw = query.as_bytes();
    assert!(RECEIVER.verify(raw, |_| Some(raw)).is_err());
    let Ok(signed) = KEY.sign_url(&format!("?{}", query.replace('#', "")), EXPIRES) else { return };
    let verified = VERIFIER.verify_at(&signed[1..], EXPIRES).expect("it was signed");
    read_as_types(&verified);
    match verified.deserialize::<Value>() {
        Ok(value) => assert_eq!(KEY.sign_value(&value, EXPIRES).as_deref(), Ok(&signed[1..]), "{value}"),
        // JSON has no bytes that are not UTF-8.
        Err(error) => assert!(matches!(error, Error::UnexpectedValue { .. }), "{error}"),
    }
});

/// Types of each kind that serde has.
fn read_as_types(query: &VerifiedQuery<'_>) {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "it is only read")]
    struct Fields<'q> {
        #[serde(borrow)]
        a: Option<&'q str>,
        #[serde(default)]
        b: Vec<(i8, Option<bool>)>,
        q: Option<Choice>,
        #[serde(flatten)]
        others: BTreeMap<String, Vec<f32>>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "it is only read")]
    enum Choice {
        A,
        B(char),
        C(u64, ()),
        D { a: i128 },
    }

    let _ = query.deserialize::<Fields<'_>>();
    let _ = query.deserialize::<BTreeMap<String, Choice>>();
    let _ = query.deserialize::<BTreeMap<i64, BTreeMap<Option<u8>, f64>>>();
    let _ = query.deserialize::<BTreeMap<String, Vec<Vec<String>>>>();
    let _ = query.deserialize::<[(); 2]>();
}
