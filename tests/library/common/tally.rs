//! Random cases, and of how many something was shown.

use std::{
    cell::{Cell, RefCell},
    env,
};

use proptest::{prelude::*, test_runner::TestRunner};

/// How many cases to try: `CASES` of the environment, or so many.
pub fn cases(usual: u32) -> u32 {
    let cases = env::var("CASES").map_or(usual, |cases| cases.parse().expect("CASES is a number"));
    assert!(cases > 0, "CASES=0 would show nothing");
    cases
}

/// Runs a property on random inputs. It says of each whether it had anything to show: a
/// property that holds of nothing, say since all was refused, fails.
pub fn for_most<S: Strategy>(
    usual: u32,
    inputs: S,
    property: impl Fn(S::Value) -> Result<bool, TestCaseError>,
) {
    let cases = cases(usual);
    let shown = Cell::new(0);
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) });
    let run = runner.run(&inputs, |input| {
        shown.set(shown.get() + u32::from(property(input)?));
        Ok(())
    });
    run.unwrap();
    assert!(shown.get() >= (cases / 16).max(1), "only {} of {cases} had anything to show", shown.get());
}

/// The same for a comparison with PHP on 10,000 inputs, unless PHP is missing.
pub fn compare<P, S: Strategy>(
    php: Option<P>,
    inputs: S,
    comparison: impl Fn(&mut P, S::Value) -> Result<bool, TestCaseError>,
) {
    let Some(php) = php else { return };
    let php = RefCell::new(php);
    for_most(10_000, inputs, |input| comparison(&mut php.borrow_mut(), input));
}
