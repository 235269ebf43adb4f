//! The unit of docs/deployment, as systemd reads and judges it.

mod common;

use std::{fs, process::Command};

use common::{crm::crm, did_not_run::did_not_run, folder::Folder};

const UNIT: &str = include_str!("../../../docs/deployment/signed-query@.service");

/// The most exposure that `systemd-analyze security` may find, of 100.
const MAX_EXPOSURE: &str = "10";

#[test]
fn the_unit_is_understood_and_shuts_in_what_it_starts() {
    let folder = Folder::new("unit");
    let documented = "ExecStart=/usr/local/bin/signed-query-server";
    assert!(UNIT.contains(documented));
    let here = format!("ExecStart={}", crm().get_program().to_str().unwrap());
    fs::write(folder.file("signed-query@.service"), UNIT.replace(documented, &here)).unwrap();
    let analyze = |arguments: &[&str]| {
        Command::new("systemd-analyze").args(arguments).arg(folder.file("signed-query@8081.service")).output()
    };
    let verified = match analyze(&["verify", "--man=no"]) {
        Ok(output) => output,
        Err(error) => return did_not_run("systemd-analyze", "systemd", &error),
    };
    // What it can't read it ignores, with a line that says so.
    assert!(verified.status.success() && verified.stderr.is_empty(), "{verified:?}");
    let judged = analyze(&["security", "--offline=true", &format!("--threshold={MAX_EXPOSURE}")]).unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
}
