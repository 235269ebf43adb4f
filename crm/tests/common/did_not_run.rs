//! A test for which something is missing.

/// Says, past the capture of a test's output, that a test did not run for want of
/// a program; in CI that is a failure.
pub fn did_not_run(program: &str, package: &str, error: &std::io::Error) {
    use std::io::Write;

    assert!(std::env::var_os("CI").is_none(), "CI must have {program}: {error}");
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let notice = format!("{test} did not run: no {program} ({error}); install {package}\n");
    std::io::stderr().write_all(notice.as_bytes()).unwrap();
}
