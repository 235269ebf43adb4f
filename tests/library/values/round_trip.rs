//! What is signed of a value is read back equal.

use std::{collections::BTreeMap, fmt::Debug};

use crate::common::example::{EXPIRES, key, verifier};
use crate::common::tally::for_most;
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;

/// One of each kind. What may write nothing has a default, or an `Option` around it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct All {
    truth: bool,
    small: (i8, i16, i32, i64, i128),
    natural: (u8, u16, u32, u64, u128),
    floats: (f32, f64),
    character: char,
    text: String,
    bytes: ByteBuf,
    option: Option<String>,
    #[serde(default)]
    list: Vec<Newtype>,
    tuple: (u8, Option<String>, Option<Vec<u8>>),
    pair: Pair,
    array: [u8; 3],
    #[serde(default)]
    map: BTreeMap<String, Kind>,
    #[serde(default)]
    integers: BTreeMap<i64, u8>,
    #[serde(default)]
    characters: BTreeMap<char, Newtype>,
    #[serde(default)]
    variants: BTreeMap<Key, Kind>,
    inner: Option<Box<All>>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Newtype(u8);

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Pair(u8, Option<Newtype>);

#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
enum Key {
    First,
    #[serde(rename = "the second")]
    Second,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Kind {
    Unit,
    Newtype(String),
    List(Vec<Kind>),
    Tuple(u8, Option<u8>),
    Struct { x: bool, y: Option<u8> },
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,6}", ".{0,6}", any::<String>()]
}

/// A key in brackets that PHP reads back.
fn nested_key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,3}", "[0-9]{1,2}", "[^\\]\0]{2,6}", "[^\\]\0\\s]"]
        .prop_filter("PHP drops these", |key| !key.starts_with("__"))
}

/// A float of no more than 14 digits.
fn float() -> impl Strategy<Value = f64> {
    (-99_999_999_999_999_i64..=99_999_999_999_999, -300_i32..280)
        .prop_map(|(digits, exponent)| format!("{digits}e{exponent}").parse().unwrap())
}

fn kind() -> impl Strategy<Value = Kind> {
    let flat = prop_oneof![
        Just(Kind::Unit),
        text().prop_map(Kind::Newtype),
        any::<(u8, Option<u8>)>().prop_map(|(a, b)| Kind::Tuple(a, b)),
        any::<(bool, Option<u8>)>().prop_map(|(x, y)| Kind::Struct { x, y }),
    ];
    flat.prop_recursive(2, 6, 3, |inner| vec(inner, 1..3).prop_map(Kind::List))
}

fn all() -> impl Strategy<Value = All> {
    (flat(), option::of(flat())).prop_map(|(outer, inner)| All { inner: inner.map(Box::new), ..outer })
}

fn flat() -> impl Strategy<Value = All> {
    let within = |bits: i64| i128::from(bits);
    let numbers = (
        any::<(i8, i16, i32, i64)>(),
        any::<i64>().prop_map(within),
        any::<(u8, u16, u32)>(),
        0..=i64::MAX as u64,
        0..=i64::MAX as u128,
        any::<f32>().prop_filter("an error", |float| float.is_finite()),
        float(),
    );
    let texts = (any::<bool>(), any::<char>(), text(), vec(any::<u8>(), 0..6), option::of(text()));
    let lists = (
        vec(any::<u8>().prop_map(Newtype), 0..4),
        (any::<u8>(), option::of(text()), option::of(vec(any::<u8>(), 1..3))),
        any::<(u8, Option<u8>)>().prop_map(|(a, b)| Pair(a, b.map(Newtype))),
        any::<[u8; 3]>(),
    );
    let character = any::<char>().prop_filter("it is not read back", |&character| {
        !matches!(character, ']' | '\0' | ' ' | '\t'..='\r')
    });
    let maps = (
        btree_map(nested_key(), kind(), 0..4),
        btree_map(any::<i64>(), any::<u8>(), 0..3),
        btree_map(character, any::<u8>().prop_map(Newtype), 0..3),
        btree_map(prop_oneof![Just(Key::First), Just(Key::Second)], kind(), 0..3),
    );
    (numbers, texts, lists, maps).prop_map(|(numbers, texts, lists, maps)| {
        let ((a, b, c, d), e, (f, g, h), i, j, float, double) = numbers;
        let (truth, character, text, bytes, option) = texts;
        let (list, tuple, pair, array) = lists;
        let (map, integers, characters, variants) = maps;
        All {
            truth,
            small: (a, b, c, d, e),
            natural: (f, g, h, i, j),
            floats: (float, double),
            character,
            text,
            bytes: ByteBuf::from(bytes),
            option,
            list,
            tuple,
            pair,
            array,
            map,
            integers,
            characters,
            variants,
            inner: None,
        }
    })
}

/// Signs a value, and reads it back.
fn is_read_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
    let signed = key().sign_value(value, EXPIRES).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let verified = verifier().verify_at(&signed, EXPIRES).unwrap();
    prop_assert_eq!(
        &verified.deserialize::<T>().map_err(|error| TestCaseError::fail(error.to_string()))?,
        value
    );
    Ok(())
}

#[test]
fn a_struct_of_all_kinds_is_read_back_equal() {
    for_most(1_000, all(), |value| is_read_back(&value).map(|()| true));
}

#[test]
fn a_whole_of_any_kind_is_read_back_equal() {
    let name = "[a-d]{1,3}";
    let wholes =
        (vec(kind(), 0..5), btree_map(name, kind(), 0..5), kind(), (any::<u8>(), option::of(kind())));
    for_most(1_000, wholes, |(list, map, kind, tuple)| {
        is_read_back(&list)?;
        is_read_back(&map)?;
        is_read_back(&tuple)?;
        is_read_back(&Some(tuple))?;
        if kind != Kind::Unit {
            is_read_back(&kind)?;
        }
        Ok(true)
    });
}
