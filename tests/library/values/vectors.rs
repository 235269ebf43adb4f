//! Values of which PHP recorded the queries (`tests/php/record_values.php`), without PHP.

use serde::Deserialize;
use signed_query::build_query;

#[derive(Deserialize)]
struct Vectors {
    values: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    why: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    json: String,
    query: String,
}

#[test]
fn every_value_of_the_recorded_vectors_is_written_as_php_does() {
    let vectors: Vectors = serde_json::from_str(include_str!("../../vectors/values.json")).unwrap();
    assert!(vectors.values.iter().map(|group| group.vectors.len()).sum::<usize>() > 25);
    for Group { why, vectors } in vectors.values {
        for Vector { json, query } in vectors {
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(build_query(&value).as_deref(), Ok(&*query), "{why}: {json}");
        }
    }
}
