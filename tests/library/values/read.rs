//! Reading verified parameters as values.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU8,
    time::Duration,
};

use crate::common::example::{EXPIRES, key, verifier};
use crate::common::reading::{Kind, Map, expected, read, read_a, unfit, unfit_a, unfit_whole, verified};
use serde::Deserialize;
use serde_bytes::ByteBuf;
use serde_json::{Value, json};
use signed_query::{Scheme, laravel, symfony};

#[test]
fn the_time_is_no_parameter() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Search {
        q: String,
    }
    assert_eq!(read::<Search>("q=red"), Search { q: "red".into() });
    assert_eq!(unfit::<Search>("q=red&x[y]=1"), expected("x", "another name: `q`"));
    // One that is nested is a parameter like any other.
    assert_eq!(read::<Value>("a[expires]=1"), json!({ "a": { "expires": "1" } }));
    assert_eq!(read::<Value>(""), json!({}));
}

#[test]
fn what_was_not_signed_is_not_read() {
    let raw = key().sign([("q", "red")], EXPIRES).unwrap() + "&utm_source=mail";
    let query = verifier().ignoring(["utm_source"]).unwrap().verify_at(&raw, EXPIRES).unwrap();
    assert_eq!(query.deserialize::<Value>().unwrap(), json!({ "q": "red" }));
}

#[test]
fn the_time_of_any_scheme_is_left_out() {
    let expected = json!({ "id": "7", "tag": ["new"] });
    let pairs = [("id", "7"), ("tag[]", "new")];
    let scheme = || Scheme::new("hash").unwrap();
    for (scheme, time) in [
        (scheme(), None),
        (scheme().expires("until").unwrap(), Some(EXPIRES)),
        (scheme().issued_at("k~", Duration::from_secs(1)).unwrap().rfc3986().sorted(), Some(EXPIRES)),
        (scheme().only(["tag", "t", "id"]).unwrap().expires("t").unwrap(), Some(EXPIRES)),
    ] {
        let signed = scheme.sign(&key(), pairs, time).unwrap();
        let query = scheme.clone().verifier(key()).verify_at(&signed, EXPIRES).unwrap().into_owned();
        assert_eq!(query.deserialize::<Value>().unwrap(), expected, "{scheme:?}");
    }

    let link = laravel::sign(&key(), "/orders?id=7&tag[]=new", Some(EXPIRES)).unwrap();
    let link = laravel::Verifier::relative(key()).verify_at(&link, EXPIRES).unwrap();
    assert_eq!(link.query().deserialize::<Value>().unwrap(), expected);

    let origin = "https://app.example";
    let url = format!("{origin}/orders?tag[]=new&id=7");
    let link = symfony::sign(&key(), &url, Some(EXPIRES), symfony::Alphabet::UrlSafe).unwrap();
    let verifier = symfony::Verifier::absolute(key(), origin).unwrap();
    let link = verifier.verify_at(link.strip_prefix(origin).unwrap(), EXPIRES - 1).unwrap();
    assert_eq!(link.query().deserialize::<Value>().unwrap(), expected);
}

#[test]
fn a_number_is_its_decimal_digits() {
    assert_eq!(read_a::<u8>("a=255"), 255);
    assert_eq!(read_a::<i64>("a=-9223372036854775808"), i64::MIN);
    assert_eq!(read_a::<u128>("a=340282366920938463463374607431768211455"), u128::MAX);
    assert_eq!(read_a::<i128>("a=-170141183460469231731687303715884105728"), i128::MIN);
    assert_eq!(read_a::<f64>("a=1.0E%2B25"), 1e25);
    assert_eq!(read_a::<f32>("a=0.1"), 0.1);
    assert!(read_a::<f64>("a=-0").is_sign_negative());
    assert_eq!((read_a::<u8>("a=007"), read_a::<i8>("a=-07")), (7, -7));
    assert_eq!((read_a::<f64>("a=-07.50"), read_a::<f32>("a=1e-3")), (-7.5, 0.001));
    for wrong in ["a=256", "a=-1", "a=", "a=-", "a=1.0", "a=%2B1", "a=+1", "a=0x1", "a=1_0", "a=%FF", "a[]=1"]
    {
        assert_eq!(unfit_a::<u8>(wrong), expected("a", "u8"), "{wrong}");
    }
    for wrong in ["a=nan", "a=inf", "a=-infinity", "a=NAN", "a=-", "a=.5", "a=-.5", "a=%2B1", "a=%2B.5"] {
        assert_eq!(unfit_a::<f64>(wrong), expected("a", "f64"), "{wrong}");
    }
    for wrong in ["a=1e999", "a=-1e999", "a=", "a=1,5", "a=1e", "a=1e5x", "a=0x1", "a=%FF", "a[]=1"] {
        assert_eq!(unfit_a::<f64>(wrong), expected("a", "f64"), "{wrong}");
    }
    assert_eq!(unfit_a::<f32>("a=1e39"), expected("a", "f32"));
    assert_eq!(unfit_a::<NonZeroU8>("a=0"), expected("a", "a nonzero u8"));
}

/// Else two elements would be one entry of a map.
#[test]
fn a_key_is_an_integer_only_as_php_writes_it() {
    for (key, as_read) in [
        ("05", "05"),
        ("%2B5", "+5"),
        ("+5", " 5"),
        ("-0", "-0"),
        ("00", "00"),
        ("5.0", "5.0"),
        ("9223372036854775808", "9223372036854775808"),
    ] {
        let query = format!("a[5]=1&a[{key}]=2");
        let path = format!("a[{as_read}]");
        assert_eq!(unfit_a::<BTreeMap<u64, u8>>(&query), expected(&path, "u64"));
        assert_eq!(unfit_a::<BTreeMap<i128, u8>>(&query), expected(&path, "i128"));
    }
    assert_eq!(unfit::<BTreeMap<u64, u8>>("5=1&05=2&%2B5=3"), expected("05", "u64"));
    assert_eq!(unfit_a::<BTreeMap<NonZeroU8, u8>>("a[1]=1&a[01]=2"), expected("a[01]", "a nonzero u8"));
    assert_eq!(read_a::<BTreeMap<Option<i64>, u8>>("a[-5]=1&a[]=2").len(), 2);
    // A float is no key: two integers can be the same one.
    let unfit = unfit_a::<Map<Pairs>>("a[b][9007199254740993]=1&a[b][9007199254740992]=2");
    assert_eq!(unfit, expected("a[b][9007199254740993]", "f64"));
}

/// A map with keys that a `BTreeMap` can't have.
#[derive(Debug)]
struct Pairs;

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Pairs;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("pairs")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                while map.next_entry::<f64, u8>()?.is_some() {}
                Ok(Pairs)
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[test]
fn a_boolean_is_1_or_0() {
    assert_eq!((read_a::<bool>("a=1"), read_a::<bool>("a=0")), (true, false));
    for wrong in ["a=true", "a=", "a=01", "a=2"] {
        assert_eq!(unfit_a::<bool>(wrong), expected("a", "`1` or `0`"), "{wrong}");
    }
    assert_eq!(unfit_a::<bool>("a[]=1").0, "a");
}

#[test]
fn text_is_utf_8_and_bytes_are_exact() {
    assert_eq!(read_a::<String>("a=caf%C3%A9+noir"), "café noir");
    assert_eq!(read_a::<char>("a=%C3%A9"), 'é');
    assert_eq!(read_a::<ByteBuf>("a=%FF%00+x"), b"\xFF\0 x");
    assert_eq!(read_a::<ByteBuf>("a=x"), b"x");
    assert_eq!(unfit_a::<String>("a=%FF"), expected("a", "text in UTF-8"));
    assert_eq!(unfit::<Map<String>>("%FF=a").1, "text in UTF-8");
    assert_eq!(unfit_a::<String>("a[]=x").0, "a");
    assert_eq!(unfit_a::<char>("a=xy").0, "a");
    assert_eq!(unfit_a::<ByteBuf>("a[]=x").0, "a");
}

#[test]
fn a_name_that_is_no_text_is_a_name_that_is_not_known() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Search {
        q: String,
    }
    assert_eq!(read::<Search>("%FF=x&q=red&%FE[]=y"), Search { q: "red".into() });
}

#[test]
fn text_without_escapes_is_borrowed() {
    #[derive(Deserialize)]
    struct Borrowed<'a> {
        a: &'a str,
        #[serde(borrow)]
        b: BTreeMap<&'a str, &'a [u8]>,
    }
    let query = verified("a=red&b[k]=x");
    let Borrowed { a, b } = query.deserialize().unwrap();
    assert_eq!((a, b["k"]), ("red", &b"x"[..]));
    let canonical = query.canonical().as_bytes().as_ptr_range();
    assert!(canonical.contains(&a.as_ptr()) && canonical.contains(&b["k"].as_ptr()));
    assert!(verified("a=x+y&b[k]=x").deserialize::<Borrowed<'_>>().is_err());
}

#[test]
fn an_option_is_what_is_there() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Optional {
        text: Option<String>,
        number: Option<u8>,
        list: Option<Vec<u8>>,
    }
    let none = Optional { text: None, number: None, list: None };
    assert_eq!(read::<Optional>(""), none);
    assert_eq!(read::<Optional>("text="), Optional { text: Some(String::new()), ..none });
    let all = Optional { text: Some("x".into()), number: Some(1), list: Some(vec![2]) };
    assert_eq!(read::<Optional>("text=x&number=1&list[]=2"), all);
    assert_eq!(unfit::<Optional>("number="), expected("number", "u8"));
}

#[test]
fn a_sequence_is_an_array_of_integer_keys_in_phps_order() {
    assert_eq!(read_a::<Vec<u8>>("a[]=1&a[]=2"), [1, 2]);
    assert_eq!(read_a::<Vec<u8>>("a[5]=1&a[]=2&a[-3]=3"), [1, 2, 3]);
    assert_eq!(read_a::<Vec<u8>>("a[1]=1&a[0]=2"), [1, 2]);
    assert_eq!(read_a::<Vec<Vec<u8>>>("a[7][]=1&a[9][]=2&a[7][]=3"), [vec![1, 3], vec![2]]);
    assert_eq!(read_a::<BTreeSet<u8>>("a[]=1&a[]=1"), BTreeSet::from([1]));
    assert_eq!(read::<Vec<String>>("7=x&3=y"), ["x", "y"]);
    assert_eq!(unfit_a::<Vec<u8>>("a=1"), expected("a", "a sequence"));
    for key in ["x", "01", "-0", "9223372036854775808", "+1"] {
        let (path, expected) = unfit_a::<Vec<u8>>(&format!("a[]=1&a[{key}]=2"));
        assert_eq!(path, format!("a[{}]", key.replace('+', " ")));
        assert_eq!(expected, "an integer as the key of an element");
    }
    assert_eq!(unfit::<Vec<String>>("q=x").0, "q");
}

#[test]
fn a_tuple_has_the_indices_from_0_on() {
    assert_eq!(read_a::<(u8, String)>("a[]=1&a[]=x"), (1, "x".into()));
    assert_eq!(read_a::<(u8, u8)>("a[1]=1&a[0]=2"), (2, 1));
    assert_eq!(read_a::<[u8; 3]>("a[]=1&a[]=2&a[]=3"), [1, 2, 3]);
    assert_eq!(read_a::<(u8, Option<u8>, u8, Option<u8>)>("a[0]=1&a[2]=3"), (1, None, 3, None));
    assert_eq!(unfit_a::<(u8, u8)>("a[1]=1&a[2]=2"), expected("a[0]", "a value, but it is missing"));
    assert_eq!(unfit_a::<(u8, Vec<u8>)>("a[0]=1").0, "a[1]");
    assert_eq!(unfit::<(u8, u8)>("0=1").0, "1");
    assert_eq!(unfit_a::<(u8,)>("a[]=1&a[]=2"), expected("a[1]", "no element here"));
    assert_eq!(unfit_a::<(u8,)>("a[]=1&a[x]=2").0, "a[x]");
    assert_eq!(unfit_a::<(u8,)>("a=1").0, "a");
}

#[test]
fn a_map_has_keys_of_any_kind() {
    #[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    enum Color {
        Red,
    }
    #[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Id(i64);
    assert_eq!(read_a::<BTreeMap<char, u8>>("a[%C3%A9]=1"), BTreeMap::from([('é', 1)]));
    assert_eq!(read_a::<BTreeMap<Id, u8>>("a[-5]=1"), BTreeMap::from([(Id(-5), 1)]));
    assert_eq!(read_a::<BTreeMap<Color, u8>>("a[Red]=1"), BTreeMap::from([(Color::Red, 1)]));
    assert_eq!(read_a::<Map<u8>>("a[0]=1&a[[b]=2"), Map::from([("0".into(), 1), ("[b".into(), 2)]));
    assert_eq!(unfit_a::<BTreeMap<u8, u8>>("a[1]=1&a[x]=1"), expected("a[x]", "u8"));
    assert_eq!(unfit_a::<BTreeMap<Color, u8>>("a[blue]=1"), expected("a[blue]", "`Red`"));
    assert_eq!(unfit_a::<Map<u8>>("a=1"), expected("a", "a map"));
}

#[test]
fn an_enum_is_a_name_or_an_array_of_one() {
    assert_eq!(read_a::<Kind>("a=Unit"), Kind::Unit);
    assert_eq!(read_a::<Kind>("a[Newtype][]=1"), Kind::Newtype(vec![1]));
    assert_eq!(read_a::<Kind>("a[Tuple][0]=1"), Kind::Tuple(1, None));
    assert_eq!(read_a::<Kind>("a[Struct][x]=1"), Kind::Struct { x: 1 });
    assert_eq!(read::<Kind>("Struct[x]=1"), Kind::Struct { x: 1 });
    let variants = "one of `Unit`, `Newtype`, `Tuple`, `Struct`";
    assert_eq!(unfit_a::<Kind>("a=hunter2"), expected("a", variants));
    assert_eq!(unfit_a::<Kind>("a[Other]=1"), expected("a", variants));
    assert_eq!(unfit_a::<Kind>("a[Unit]=1"), expected("a[Unit]", "the name of the variant alone"));
    assert_eq!(unfit_a::<Kind>("a=Newtype").0, "a");
    assert_eq!(unfit_a::<Kind>("a[Struct][x]=1&a[Unit]=").0, "a[Unit]");
    assert_eq!(unfit_a::<Kind>("a[Struct][x]=x"), expected("a[Struct][x]", "u8"));
    assert_eq!(unfit_a::<Kind>("a[Struct][y]=x").0, "a[Struct][x]");
    assert_eq!(unfit_whole::<Kind>(""), "enum Kind");
}

#[test]
fn newtypes_and_some_are_looked_through() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Newtype<T>(T);
    assert_eq!(read_a::<Newtype<Option<Newtype<u8>>>>("a=1"), Newtype(Some(Newtype(1))));
    assert_eq!(read::<Option<Newtype<Vec<u8>>>>("0=1"), Some(Newtype(vec![1])));
}

#[test]
fn arrays_are_told_apart_by_their_whole_keys() {
    let value = read::<Value>("a[b]=1&a[bc]=2&ab[c]=3&a][]=4&a[b]c[d]=5&a[[]=6");
    assert_eq!(value, json!({ "a": { "b": "5", "bc": "2", "[": "6" }, "ab": { "c": "3" }, "a]": ["4"] }));
}

#[test]
fn a_query_as_deep_and_as_wide_as_php_reads_is_read() {
    let deep: String = (0..990).map(|nth| format!("&a{}[{nth}]=1", "[x]".repeat(63))).collect();
    let query = verified(&deep);
    let mut value: &Value = &query.deserialize().unwrap();
    for _ in 0..63 {
        value = value.get("a").or_else(|| value.get("x")).unwrap();
    }
    assert_eq!(value["x"].as_array().unwrap().len(), 990);
    assert!(key().sign_value(&query.deserialize::<Value>().unwrap(), EXPIRES).is_ok());
}

/// Wherever it stands, and whatever ends or begins as it does.
#[test]
fn the_time_alone_is_left_out_where_other_names_contain_its_own() {
    let scheme = Scheme::new("hash").unwrap().expires("exp").unwrap().sorted();
    let pairs = [("a", "1"), ("aexp", "2"), ("exp_", "3"), ("zexp", "4")];
    let signed = scheme.sign(&key(), pairs, 1_893_456_000).unwrap();
    let verifier = scheme.verifier(key());
    let query = verifier.verify_at(&signed, 1_893_456_000).unwrap();
    let read: BTreeMap<String, String> = query.deserialize().unwrap();
    assert!(read.iter().map(|(name, value)| (&**name, &**value)).eq(pairs), "{read:?}");
}
