//! How many tests did not run so far for want of a program: this target is its package's last.

#[path = "../../../crm/tests/common/did_not_run.rs"]
#[allow(dead_code, reason = "no program is looked for here")]
mod did_not_run;

#[test]
fn this_run_is_summed_up() {
    did_not_run::sum_up();
}
