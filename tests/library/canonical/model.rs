//! The canonical form of random queries, beside the slow one that is written statement
//! by statement as in PHP's source. It needs no PHP.

use crate::common::{
    model::{self, Rules},
    queries,
    tally::for_most,
};
use proptest::{prelude::*, test_runner::TestCaseError};
use signed_query::{Error, canonicalize};

/// Whether the query was one that PHP reads whole.
fn is_that_of_the_model(query: &str) -> Result<bool, TestCaseError> {
    let expected = model::canonical(query.as_bytes(), Rules::TODAY);
    match canonicalize(query) {
        Ok(canonical) => prop_assert_eq!(Some(&*canonical), expected.as_deref(), "{:?}", query),
        Err(Error::TooManyParameters | Error::TooDeep) => prop_assert_eq!(&expected, &None, "{:?}", query),
        Err(error) => return Err(TestCaseError::fail(format!("{error:?} of {query:?}"))),
    }
    Ok(expected.is_some_and(|canonical| !canonical.is_empty()))
}

#[test]
fn the_canonical_form_is_that_of_the_model() {
    for_most(4096, queries::any_query(), |query| is_that_of_the_model(&query));
}

/// Keys are found again among up to a thousand, in the array that they are of.
#[test]
fn few_names_in_many_arrays_are_told_apart() {
    for_most(512, queries::crowded(), |query| is_that_of_the_model(&query));
}

#[test]
fn every_recorded_query_is_read_by_the_model_as_by_php() {
    for query in queries::recorded() {
        is_that_of_the_model(&query).unwrap();
    }
}
