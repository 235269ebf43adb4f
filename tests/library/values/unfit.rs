//! What is read without its type, and the errors of what does not fit.

use std::net::IpAddr;

use crate::common::reading::{Kind, Map, expected, read, read_a, unfit, unfit_whole, verified};
use serde::Deserialize;
use serde_bytes::ByteBuf;
use serde_json::{Value, json};

#[test]
fn what_is_kept_aside_before_its_type_is_known_is_text() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Paged<P> {
        q: String,
        #[serde(flatten)]
        page: P,
    }
    #[derive(Debug, Deserialize, PartialEq)]
    struct Page<T> {
        size: T,
    }
    let paged = Paged { q: "x".into(), page: Page { size: "20".to_owned() } };
    assert_eq!(read::<Paged<Page<String>>>("q=x&size=20"), paged);
    assert_eq!(unfit_whole::<Paged<Page<u8>>>("q=x&size=20"), "u8");

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Either {
        Number(u8),
        Text(String),
        List(Vec<String>),
        Map(Map<String>),
    }
    assert_eq!(read_a::<Either>("a=1"), Either::Text("1".into()));
    assert_eq!(read_a::<Either>("a[]=1"), Either::List(vec!["1".into()]));
    assert_eq!(read_a::<Either>("a[1]=x"), Either::Map(Map::from([("1".into(), "x".into())])));

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(tag = "kind")]
    enum Tagged<T> {
        Note { text: T },
    }
    assert_eq!(read::<Tagged<String>>("kind=Note&text=1"), Tagged::Note { text: "1".to_owned() });
    assert_eq!(unfit_whole::<Tagged<u8>>("kind=Note&text=1"), "u8");

    // A list as json_encode has it; what is no text is bytes.
    let read_any = read::<Value>("a[]=1&a[][x]=2&b[1]=3&c[0]=1&c[2]=1&d=4");
    let any = json!({ "a": ["1", { "x": "2" }], "b": { "1": "3" }, "c": { "0": "1", "2": "1" }, "d": "4" });
    assert_eq!(read_any, any);
    assert_eq!(read::<Paged<Page<ByteBuf>>>("q=x&size=%FF").page.size, b"\xFF");
    assert_eq!(unfit::<Value>("a=%FF").0, "a");
}

#[test]
fn an_error_names_the_field_that_two_names_give() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is never read")]
    struct Page {
        #[serde(alias = "limit")]
        size: u32,
    }
    let twice = "no second value of this field";
    assert_eq!(unfit::<Page>("size=1&limit=2"), expected("size", twice));
    assert_eq!(unfit::<Map<Page>>("page[limit]=1&page[size]=2"), expected("page[size]", twice));
}

#[test]
fn an_error_names_the_parameter_and_never_its_value() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is never read")]
    struct Form {
        page: Page,
        #[serde(default)]
        ip: Option<IpAddr>,
        #[serde(default)]
        kind: Option<Kind>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is never read")]
    struct Page {
        size: u32,
        tags: Vec<(u8, bool)>,
    }
    let valid = "page[size]=1&page[tags][0][]=1&page[tags][0][]=1";
    assert!(verified(valid).deserialize::<Form>().is_ok());
    for (query, path, expected_here) in [
        ("page[size]=hunter2".to_owned(), "page[size]", "u32"),
        ("page=hunter2".to_owned(), "page", "struct Page"),
        ("page[size]=1".to_owned(), "page[tags]", "a value, but it is missing"),
        ("q=hunter2".to_owned(), "page", "a value, but it is missing"),
        (valid.to_owned() + "&page[tags][2][]=hunter2", "page[tags][2][0]", "u8"),
        (valid.to_owned() + "&page[tags][2][0]=2&page[tags][2][1]=hunter2", "page[tags][2][1]", "`1` or `0`"),
        (valid.to_owned() + "&page[other][x]=hunter2", "page[other]", "another name: one of `size`, `tags`"),
        (valid.to_owned() + "&ip=hunter2", "ip", "what its `Deserialize` takes"),
        (valid.to_owned() + "&kind[Newtype][]=hunter2", "kind[Newtype][0]", "u8"),
        (valid.to_owned() + "&kind=hunter2", "kind", "one of `Unit`, `Newtype`, `Tuple`, `Struct`"),
    ] {
        assert_eq!(unfit::<Form>(&query), expected(path, expected_here), "{query}");
        let error = verified(&query).deserialize::<Form>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the parameter {path:?} does not fit: expected {expected_here}")
        );
        assert!(!format!("{error:?}").contains("hunter2"));
    }
    assert_eq!(
        verified("0=1").deserialize::<u8>().unwrap_err().to_string(),
        "the whole value does not fit: expected u8"
    );
}
