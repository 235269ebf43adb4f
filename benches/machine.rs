//! What the figures are from.

use std::{env, fs, process::Command};

/// The processor and the version of Rust.
pub fn machine() -> String {
    format!("{}, {}", processor(), rust())
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of_linux = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    match of_linux {
        Some((_, name)) => name.to_owned(),
        None => said_by("sysctl", "-n machdep.cpu.brand_string").unwrap_or("unknown processor".to_owned()),
    }
}

fn rust() -> String {
    let rustc = env::var("RUSTC").unwrap_or("rustc".to_owned());
    let version = said_by(&rustc, "--version").unwrap_or("unknown rustc".to_owned());
    version.split(" (").next().unwrap_or_default().replace("rustc", "Rust")
}

fn said_by(program: &str, arguments: &str) -> Option<String> {
    let output = Command::new(program).args(arguments.split(' ')).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.trim().to_owned())
}
