//! Which keys a map may have, and how each is written.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_bytes::Bytes;

use super::written::{Empty, Newtype, Pair, refused, written};

#[test]
fn a_key_is_text_a_character_an_integer_a_unit_variant_or_a_newtype_of_these() {
    assert_eq!(written(BTreeMap::from([("k e", 1)])), "a[k+e]=1");
    assert_eq!(written(BTreeMap::from([('é', 1)])), "a[%C3%A9]=1");
    assert_eq!(written(BTreeMap::from([(-5_i8, 1)])), "a[-5]=1");
    assert_eq!(written(BTreeMap::from([(7_u128, 1), (8, 2)])), "a[7]=1&a[8]=2");
    assert_eq!(written(BTreeMap::from([(Newtype(Newtype("k")), 1)])), "a[k]=1");
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    enum Key {
        #[serde(rename = "first key")]
        First,
    }
    assert_eq!(written(BTreeMap::from([(Key::First, 1)])), "a[first+key]=1");
}

/// A map with one key, of any type: `f64` has no order.
struct Keyed<K>(K);

impl<K: Serialize> Serialize for Keyed<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.0, 1)])
    }
}

#[test]
fn a_key_may_be_an_integer_of_any_type() {
    let (signed, unsigned) = ("a[-5]=1", "a[5]=1");
    assert_eq!(written(Keyed(-5_i8)), signed);
    assert_eq!(written(Keyed(-5_i16)), signed);
    assert_eq!(written(Keyed(-5_i32)), signed);
    assert_eq!(written(Keyed(-5_i64)), signed);
    assert_eq!(written(Keyed(-5_i128)), signed);
    assert_eq!(written(Keyed(5_u8)), unsigned);
    assert_eq!(written(Keyed(5_u16)), unsigned);
    assert_eq!(written(Keyed(5_u32)), unsigned);
    assert_eq!(written(Keyed(5_u64)), unsigned);
    assert_eq!(written(Keyed(5_u128)), unsigned);
}

#[test]
fn any_other_key_is_an_error_of_its_map() {
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    enum Key {
        Newtype(u8),
        Tuple(u8, u8),
        Struct { x: u8 },
    }
    fn refused_key<K: Serialize>(key: K) -> (String, &'static str) {
        refused(&BTreeMap::from([("a", Keyed(key))]))
    }
    for refusal in [
        refused_key(true),
        refused_key(1.5_f32),
        refused_key(1.5_f64),
        refused_key(Some("k")),
        refused_key(None::<u8>),
        refused_key(()),
        refused_key(Unit),
        refused_key((1, 2)),
        refused_key(Pair(1, 2)),
        refused_key([1]),
        refused_key(vec![1]),
        refused_key(Key::Newtype(1)),
        refused_key(Key::Tuple(1, 2)),
        refused_key(Key::Struct { x: 1 }),
        refused_key(Empty {}),
        refused_key(BTreeMap::from([(1, 2)])),
        refused_key(Bytes::new(b"k")),
    ] {
        let why = "a key in it is neither text, a character, an integer nor a unit variant";
        assert_eq!(refusal, ("a".to_owned(), why));
    }
    assert_eq!(refused_key(u64::MAX), refused(&BTreeMap::from([("a", u64::MAX)])));
}
