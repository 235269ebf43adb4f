//! How each kind of value is written, and which are refused.

use std::{collections::BTreeMap, net::IpAddr};

use serde::Serialize;
use serde_bytes::Bytes;
use serde_json::json;
use signed_query::{Error, build_query};

/// What is written for a parameter with a value, its brackets not escaped.
pub(super) fn written<T: Serialize>(value: T) -> String {
    build_query(&BTreeMap::from([("a", value)])).unwrap().replace("%5B", "[").replace("%5D", "]")
}

/// The path and the reason of a value that can't be written.
pub(super) fn refused<T: Serialize + ?Sized>(value: &T) -> (String, &'static str) {
    why(build_query(value))
}

fn why(result: Result<String, Error>) -> (String, &'static str) {
    let error = result.unwrap_err();
    assert_eq!(error.status(), 500);
    match error {
        Error::UnwritableValue { path: Some(path), why } => (path, why),
        error => panic!("{error:?}"),
    }
}

#[derive(Serialize)]
enum Kind {
    Unit,
    Newtype(u8),
    Tuple(u8, u8),
    Struct { x: u8 },
}

#[derive(Serialize)]
pub(super) struct Empty {}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Newtype<T>(pub(super) T);

#[derive(Serialize)]
pub(super) struct Pair<T>(pub(super) T, pub(super) T);

#[test]
fn booleans_are_1_and_0() {
    assert_eq!((written(true), written(false)), ("a=1".into(), "a=0".into()));
}

#[test]
fn what_is_none_or_empty_writes_nothing() {
    assert_eq!(written(None::<u8>), "");
    assert_eq!(written(()), "");
    assert_eq!(written(Unit), "");
    assert_eq!(written(Empty {}), "");
    assert_eq!(written([0_u8; 0]), "");
    assert_eq!(written(BTreeMap::<u8, u8>::new()), "");
    assert_eq!(written(vec![vec![None::<u8>]]), "");
}

#[test]
fn an_integer_of_any_type_is_its_digits() {
    assert_eq!(written((i8::MIN, i16::MIN, i32::MIN)), "a[0]=-128&a[1]=-32768&a[2]=-2147483648");
    assert_eq!(written((u8::MAX, u16::MAX, u32::MAX)), "a[0]=255&a[1]=65535&a[2]=4294967295");
    assert_eq!(written(i64::MIN), "a=-9223372036854775808");
    assert_eq!(written(i64::MAX as u64), "a=9223372036854775807");
    assert_eq!(written(i128::from(i64::MIN)), "a=-9223372036854775808");
    assert_eq!(written(i64::MAX as u128), "a=9223372036854775807");
}

#[test]
fn an_integer_beyond_phps_is_an_error() {
    let beyond = i64::MAX as u64 + 1;
    for (path, _) in [
        refused(&BTreeMap::from([("a", beyond)])),
        refused(&BTreeMap::from([("a", u128::from(beyond))])),
        refused(&BTreeMap::from([("a", i128::from(i64::MIN) - 1)])),
        refused(&BTreeMap::from([("a", u128::MAX)])),
    ] {
        assert_eq!(path, "a");
    }
}

#[test]
fn a_float_has_14_significant_digits() {
    for (float, text) in [
        (1.0, "1"),
        (0.1 + 0.2, "0.3"),
        (1e25, "1.0E%2B25"),
        (100_000_000_000_005.0, "1.0000000000000E%2B14"),
        (-0.0, "-0"),
        (f64::MAX, "1.7976931348623E%2B308"),
        (f64::from_bits(1), "4.9406564584125E-324"),
    ] {
        assert_eq!(written(float), format!("a={text}"));
    }
}

#[test]
fn an_f32_has_its_shortest_decimal() {
    for (float, text) in [
        (0.1, "0.1"),
        (16_777_216.0, "16777216"),
        (-0.0, "-0"),
        (1.0e-7, "1.0E-7"),
        (f32::MAX, "3.4028235E%2B38"),
        (f32::from_bits(1), "1.0E-45"),
    ] {
        assert_eq!(written::<f32>(float), format!("a={text}"));
    }
}

#[test]
fn a_float_that_is_no_number_is_an_error() {
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(refused(&json_like(float)).0, "a[b][1]");
        assert_eq!(refused(&json_like(float as f32)).0, "a[b][1]");
    }
}

fn json_like<T>(value: T) -> BTreeMap<&'static str, BTreeMap<&'static str, (u8, T)>> {
    BTreeMap::from([("a", BTreeMap::from([("b", (0, value))]))])
}

#[test]
fn text_and_bytes_are_escaped() {
    assert_eq!(written("x y*~-._é\0"), "a=x+y%2A%7E-._%C3%A9%00");
    assert_eq!(written(('é', '&')), "a[0]=%C3%A9&a[1]=%26");
    assert_eq!(written(Bytes::new(b"\xFF\0a")), "a=%FF%00a");
    assert_eq!(written(""), "a=");
    assert_eq!(written(IpAddr::from([127, 0, 0, 1])), "a=127.0.0.1");
}

#[test]
fn an_element_that_writes_nothing_leaves_its_index_out() {
    assert_eq!(written([Some(1), None, Some(3)]), "a[0]=1&a[2]=3");
    assert_eq!(written((None::<u8>, "x", [0_u8; 0], 'y')), "a[1]=x&a[3]=y");
    assert_eq!(written(Pair(None, Some(1))), "a[1]=1");
}

#[test]
fn an_enum_is_its_name_or_an_array_of_one() {
    assert_eq!(written(Kind::Unit), "a=Unit");
    assert_eq!(written(Kind::Newtype(1)), "a[Newtype]=1");
    assert_eq!(written(Kind::Tuple(1, 2)), "a[Tuple][0]=1&a[Tuple][1]=2");
    assert_eq!(written([Kind::Struct { x: 1 }]), "a[0][Struct][x]=1");
}

#[test]
fn newtypes_and_some_are_what_is_in_them() {
    assert_eq!(written(Newtype(Some(Newtype(1)))), "a=1");
    assert_eq!(build_query(&Some(Newtype(Empty {}))).as_deref(), Ok(""));
    assert_eq!(build_query(&Newtype(Some(Pair("x", "y")))).as_deref(), Ok("0=x&1=y"));
}

#[test]
fn the_whole_is_a_map_a_struct_or_a_sequence() {
    assert_eq!(build_query(&Empty {}).as_deref(), Ok(""));
    assert_eq!(build_query(&[0_u8; 0]).as_deref(), Ok(""));
    assert_eq!(build_query(&["x", "y"][..]).as_deref(), Ok("0=x&1=y"));
    assert_eq!(build_query(&vec![("a", "1")]).as_deref(), Ok("0%5B0%5D=a&0%5B1%5D=1"));
    assert_eq!(build_query(&Kind::Struct { x: 1 }).as_deref(), Ok("Struct%5Bx%5D=1"));
    assert_eq!(build_query(&Kind::Newtype(1)).as_deref(), Ok("Newtype=1"));
    for refused in [
        build_query(&1),
        build_query(&true),
        build_query(&1.5),
        build_query("a=1"),
        build_query(&'a'),
        build_query(Bytes::new(b"a=1")),
        build_query(&()),
        build_query(&Unit),
        build_query(&None::<Empty>),
        build_query(&Some(Newtype(1))),
        build_query(&Kind::Unit),
    ] {
        let why = "a query is a map, a struct or a sequence";
        assert_eq!(refused, Err(Error::UnwritableValue { path: None, why }));
    }
}

#[test]
fn names_are_written_as_they_are() {
    let names = json!({ "": 1, " a": 2, "a.b": { "": 3, "]": 4 }, "a[": 5 });
    let query = "=1&+a=2&a.b%5B%5D=3&a.b%5B%5D%5D=4&a%5B=5";
    assert_eq!(build_query(&names).as_deref(), Ok(query));
}

#[test]
fn an_error_names_the_field_and_not_what_serde_says_of_it() {
    struct Refusing;
    impl Serialize for Refusing {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the value is hunter2"))
        }
    }
    let error = build_query(&json_like(Refusing)).unwrap_err();
    assert_eq!(error.to_string(), "the parameter \"a[b][1]\" can't be written: its `Serialize` refused it");
    // A name can be empty, and is not the whole value then.
    let error = build_query(&BTreeMap::from([("", f64::NAN)])).unwrap_err();
    assert_eq!(error.to_string(), "the parameter \"\" can't be written: it is NaN or infinite");
    let error = build_query(&1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the whole value can't be written: a query is a map, a struct or a sequence"
    );
}
