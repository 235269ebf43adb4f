//! Certificates that vouch for themselves.

use std::process::Command;

use super::folder::Folder;

/// Makes one for a host, known by a name, and its key. They are files of the folder.
pub fn make(folder: &Folder, host: &str, name: &str, [certificate, key]: [&str; 2], more: &[&str]) {
    let output = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-noenc",
            "-days",
            "2",
        ])
        .args(["-subj", &format!("/CN={name}"), "-addext", &format!("subjectAltName=DNS:{host}")])
        .args(more)
        .args(["-out", &folder.file(certificate), "-keyout", &folder.file(key)])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
