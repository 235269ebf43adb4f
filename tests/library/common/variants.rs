//! Which failures the crate has.

use std::collections::BTreeSet;

use signed_query::Error;

/// How many variants of `Error` there are by its source, and which of them these are.
pub fn variants(errors: &[Error]) -> (usize, BTreeSet<String>) {
    let source = include_str!("../../../src/error.rs");
    let count = source.lines().filter(|line| line.starts_with("    #[error(")).count();
    let name = |error| format!("{error:?}").split([' ', '(', '{']).next().unwrap().to_owned();
    (count, errors.iter().map(name).collect())
}
