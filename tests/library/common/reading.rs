//! Reading parameters that were verified, or why they can't be read.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use signed_query::{Error, VerifiedQuery};

use super::example::{EXPIRES, signed, verifier};

pub fn verified(query: &str) -> VerifiedQuery<'static> {
    verifier().verify_at(&signed(query), EXPIRES).unwrap().into_owned()
}

/// What the parameters of a query are read as.
pub fn read<T: DeserializeOwned>(query: &str) -> T {
    verified(query).deserialize().unwrap()
}

/// What the parameter `a` is read as.
pub fn read_a<T: DeserializeOwned>(query: &str) -> T {
    read::<BTreeMap<String, T>>(query).remove("a").unwrap()
}

/// The path of what does not fit, and what was expected.
pub fn unfit<T: DeserializeOwned>(query: &str) -> (String, String) {
    let (path, expected) = unfit_at::<T>(query);
    (path.expect("it is one parameter"), expected)
}

/// What was expected of the whole value, which does not fit.
pub fn unfit_whole<T: DeserializeOwned>(query: &str) -> String {
    let (path, expected) = unfit_at::<T>(query);
    assert_eq!(path, None);
    expected
}

fn unfit_at<T: DeserializeOwned>(query: &str) -> (Option<String>, String) {
    let error = verified(query).deserialize::<T>().map(|_| ()).unwrap_err();
    assert_eq!(error.status(), 400);
    match error {
        Error::UnexpectedValue { path, expected } => (path, expected),
        error => panic!("{error:?}"),
    }
}

pub type Map<T> = BTreeMap<String, T>;

pub fn unfit_a<T: DeserializeOwned>(query: &str) -> (String, String) {
    unfit::<Map<T>>(query)
}

pub fn expected(path: &str, expected: &str) -> (String, String) {
    (path.into(), expected.into())
}

#[derive(Debug, Deserialize, PartialEq)]
pub enum Kind {
    Unit,
    Newtype(Vec<u8>),
    Tuple(u8, Option<u8>),
    Struct { x: u8 },
}
