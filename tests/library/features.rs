//! What cargo made of the features that it was asked for: those of all packages that are
//! built together add up, and a test without the clock would be one with it.

/// `.ci/run` sets `WITHOUT_STD` in its steps with `--no-default-features`.
#[test]
fn std_is_on_unless_it_was_turned_off() {
    let is_turned_off = std::env::var_os("WITHOUT_STD").is_some();
    assert_eq!(cfg!(feature = "std"), !is_turned_off);
}
