//! A copy of the server, made with README's command.

mod common;

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use common::{
    documents::{ROOT, blocks, run, serving_shell, text},
    folder::Folder,
    server::Server,
};
use toml::{Table, Value};

#[test]
fn a_copy_of_the_server_builds_with_its_tests_and_serves() {
    // Not within this workspace, of which cargo would make it a member.
    let folder = Folder::for_all("copy");
    symlink(fs::canonicalize(ROOT).unwrap(), folder.file("signed-query")).unwrap();
    let [copying] = blocks("Copying the server", "sh").try_into().unwrap();
    assert_eq!(copying.lines().count(), 1, "{copying}");
    // What is built already, and downloaded, need not be again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let with_lock = copying.replacen("&& cargo", "&& cp ../signed-query/Cargo.lock . && cargo", 1);
    let mut command = serving_shell(&with_lock, &folder.file(""));
    command.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    let server = Server::spawn(&mut command, &[]);
    assert_eq!(server.get("/search?q=red").body, r#"{"results":[{"id":1,"name":"Susan Red"}]}"#);
    assert_eq!(server.get("/iframe?id=1").status, 200);
    let (status, log) = server.stop();
    assert!(status.success() && log.contains("stopping"), "{log}");
    assert!(!log.contains("warning"), "{log}");

    let copy = folder.file("mycrm");
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).current_dir(&copy).env("CARGO_TARGET_DIR", target);
        run(cargo.env("CARGO_NET_OFFLINE", "true"))
    };
    assert_eq!(cargo(&["fmt", "--check"]), "");
    assert_eq!(cargo(&["test", "--no-run", "--quiet"]), "");
    // What `cargo add` left is the table that it was, with another path.
    let manifest: Table = fs::read_to_string(format!("{copy}/Cargo.toml")).unwrap().parse().unwrap();
    assert_eq!(manifest["dependencies"]["signed-query"]["path"].as_str(), Some("../signed-query"));
    let packages = |manifest: &Table| -> Vec<String> {
        manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
    };
    assert_eq!(packages(&manifest), packages(&self::manifest("crm/Cargo.toml")));
}

/// Whoever has a copy has neither this repository nor its README.
#[test]
fn nothing_in_the_copy_speaks_of_where_it_came_from() {
    let mut folders = vec![Path::new(ROOT).join("crm")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let text = fs::read_to_string(entry.path()).unwrap();
            for word in ["README", "docs/", "--example", "-p crm", "workspace", "checkout", "examples/"] {
                assert!(!text.contains(word), "{word} is in {:?}", entry.path());
            }
            let is_source = entry.path().components().any(|part| part.as_os_str() == "src");
            assert!(!is_source || text.lines().count() <= 250, "{:?} is long", entry.path());
        }
    }
    assert!(files > 60, "{files}");
}

fn manifest(path: &str) -> Table {
    text(path).parse().unwrap()
}

/// All dependencies of a package, for tests too: by name, with how each is wanted.
fn dependencies(path: &str) -> Table {
    let manifest = manifest(path);
    let kinds = ["dependencies", "dev-dependencies"];
    let tables = kinds.iter().filter_map(|kind| manifest.get(*kind)?.as_table());
    tables.flatten().map(|(name, wanted)| (name.clone(), wanted.clone())).collect()
}

/// It inherits nothing, so that it can be copied; and is what was tested here all the same.
#[test]
fn the_server_wants_what_the_workspace_wants() {
    let (root, crm) = (manifest("Cargo.toml"), manifest("crm/Cargo.toml"));
    let workspace = root["workspace"].as_table().unwrap();
    for name in ["edition", "rust-version"] {
        assert_eq!(crm["package"][name], workspace["package"][name], "{name}");
    }
    assert_eq!(crm["lints"], workspace["lints"]);
    assert_eq!(text("crm/rustfmt.toml"), text("rustfmt.toml"));
    let shared = workspace["dependencies"].as_table().unwrap();
    let mut compared = 0;
    for (name, wanted) in &dependencies("crm/Cargo.toml") {
        assert!(wanted.get("workspace").is_none(), "{name}");
        if name == "signed-query" {
            assert_eq!(wanted["version"], shared[name]["version"]);
        } else if let Some(shared) = shared.get(name) {
            assert_eq!(wanted, shared, "{name}");
            compared += 1;
        }
        // What other members have by themselves.
        for other in ["examples", "cli", "benches", "tests/deployment"] {
            let there = dependencies(&format!("{other}/Cargo.toml"));
            let inherits = |there: &Value| there.get("workspace").is_some();
            if let Some(there) = there.get(name).filter(|there| !inherits(there)) {
                assert_eq!(wanted, there, "{name} in {other}");
            }
        }
    }
    assert!(compared > 8, "{compared}");
}
