//! Random values, made of what PHP treats in a way of its own.

use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::queries::odd_text;

/// A float: any at all, and those at which PHP's ways of writing one meet.
pub fn float() -> impl Strategy<Value = f64> {
    let finite = any::<u64>().prop_map(f64::from_bits).prop_filter("JSON has no other", |f| f.is_finite());
    let decimal = (any::<i64>(), -330_i32..310)
        .prop_map(|(digits, exponent)| format!("{digits}e{exponent}").parse().unwrap());
    let short = (-100_000_i32..100_000, -20_i32..20)
        .prop_map(|(digits, exponent)| format!("{digits}e{exponent}").parse().unwrap());
    // In the middle of two of 14 digits, or close to it.
    let middle =
        (1_000_000_u64..10_000_000, select(&[1_u64, 10, 1_000, 1_000_000, 10_000_000][..]), -2_i32..3)
            .prop_map(|(digits, step, aside)| {
                (digits / step * step) * 100_000_000 + 5_u64.saturating_add_signed(aside.into())
            });
    let middle = (middle, -20_i32..20, any::<bool>()).prop_map(|(digits, exponent, is_whole)| {
        let exponent = if is_whole { 0 } else { exponent };
        format!("{digits}e{exponent}").parse().unwrap()
    });
    let whole = prop_oneof![any::<u64>(), 0_u64..1_000_000_000_000_000].prop_map(|whole| whole as f64);
    prop_oneof![finite, decimal, short, middle, whole]
        .prop_filter("JSON has no other", |float: &f64| float.is_finite())
}

/// An integer that PHP has.
pub fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -10_i64..10, select(&[i64::MIN, i64::MAX][..])]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![2 => "[a-zA-Z0-9 ]{0,8}", 1 => odd_text(), 1 => ".{0,12}"]
}

/// A key: mostly one that PHP reads back.
fn key() -> impl Strategy<Value = String> {
    let odd = select(
        &[
            "", " ", "\t", "\u{b}", "sig", "expires", "a.b", "a_b", " a", "a[b]", "a[", "a]", "a\0b", "[",
            "__Host-a", "01", "-0",
        ][..],
    );
    prop_oneof![
        8 => "[a-c]",
        4 => "[a-zA-Z_-]{1,6}",
        2 => integer().prop_map(|key| key.to_string()),
        1 => odd.prop_map(str::to_owned),
        1 => text(),
    ]
}

/// A map or an array, of any depth up to a few.
pub fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        2 => any::<bool>().prop_map(Value::Bool),
        4 => integer().prop_map(Value::from),
        4 => float().prop_map(Value::from),
        6 => text().prop_map(Value::String),
    ];
    let nested = leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array), map(inner),]
    });
    prop_oneof![
        40 => map(nested.clone()),
        10 => prop::collection::vec(nested, 0..6).prop_map(Value::Array),
        1 => large(),
    ]
}

fn map(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let entries = prop::collection::vec((key(), inner), 0..6);
    entries.prop_map(|entries| Value::Object(Map::from_iter(entries)))
}

/// One at PHP's limits, or a little past them.
fn large() -> impl Strategy<Value = Value> {
    let deep = (60_usize..70, any::<bool>()).prop_map(|(depth, is_list)| {
        (0..depth).fold(json!(1), |inner, _| if is_list { json!([inner]) } else { json!({ "k": inner }) })
    });
    let wide = (990_usize..1010, any::<bool>()).prop_map(|(count, is_nested)| {
        let values = vec![json!("v"); count];
        if is_nested { json!({ "a": values }) } else { json!(values) }
    });
    prop_oneof![deep, wide]
}
