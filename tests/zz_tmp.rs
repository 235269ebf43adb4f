use std::time::Instant;
use signed_query::*;
use serde_json::Value;
#[test]
fn t() {
    let key = Key::new("x").unwrap();
    for (n, q) in [("deep", (0..990).map(|nth| format!("&a{}[{nth}]=1", "[x]".repeat(63))).collect::<String>()),
       ("deepdistinct", (0..990).map(|nth| format!("&a{}[{nth}]=1", format!("[{nth}]").repeat(63))).collect::<String>()),
       ("wide", (0..990).map(|nth| format!("&a{nth}=1")).collect()),
       ("widelong", (0..990).map(|nth| format!("&a[{}{nth}]=1", "k".repeat(500))).collect()), ("small","q=red&page[size]=20&page[number]=3".into())] {
        let raw = key.sign_url(&format!("?{q}"), 60).unwrap().split_off(1);
        let v = Verifier::new(key.clone());
        let t = Instant::now(); let vq = v.verify_at(&raw, 0).unwrap(); let a = t.elapsed();
        let t = Instant::now(); let x: Value = vq.deserialize().unwrap(); let b = t.elapsed();
        let t = Instant::now(); let _: serde::de::IgnoredAny = vq.deserialize().unwrap(); let c = t.elapsed();
        let t = Instant::now(); key.sign_value(&x, 60).unwrap(); let d = t.elapsed();
        println!("{n} len {} verify {a:?} any {b:?} ignored {c:?} sign_value {d:?}", raw.len());
    }
    let pairs = (0..499).map(|n| (format!("a.{n}"), 1)).chain((0..499).map(|n| (format!("a_{n}"), 1)));
    let map: std::collections::BTreeMap<_, _> = pairs.collect();
    let t = Instant::now(); let e = key.sign_value(&map, 60).unwrap_err(); println!("{e} {:?}", t.elapsed());
}
