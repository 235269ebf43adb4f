//! How each of the examples starts: what it is given, and what it says.

mod common;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    io::{self, BufRead, BufReader},
    net::TcpListener,
    os::unix::ffi::OsStrExt,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use common::{
    client::Client,
    example::{ALL, PLATFORM, example},
    server::{SECRET, Server, kill, not_started},
    unwritable,
};

/// Whoever started it may not wait for its first line.
#[test]
fn the_first_line_need_not_be_read() {
    for name in PLATFORM {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let (_, closed) = io::pipe().unwrap();
        let mut command: Command = example(name);
        command.env("SECRET", SECRET).env("LISTEN", &address).stdout(closed).stderr(Stdio::piped());
        let process = command.spawn().unwrap();
        let connect = || Client::connect(address.parse().unwrap());
        let answered = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            connect().is_ok_and(|mut client| client.get("/nowhere").is_ok_and(|answer| answer.status == 404))
        });
        kill("INT", process.id());
        let output = process.wait_with_output().unwrap();
        assert!(answered && output.status.success(), "{name}: {output:?}");
    }
}

#[test]
fn each_example_takes_a_port_alone_and_says_what_is_wrong_in_a_sentence() {
    let set = [("SECRET", SECRET), ("APP_KEY", "a"), ("FOLDER", ".")];
    for (name, required) in [("server", "SECRET"), ("axum", "SECRET"), ("links", "FOLDER")] {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let server = Server::of(name, &[&set[..], &[("LISTEN", &port)]].concat());
        assert_eq!(server.address.to_string(), format!("127.0.0.1:{port}"), "{name}");
        for (variable, value, says) in [
            (required, "", "is not set; set it, as in"),
            ("LISTEN", "a b", "LISTEN"),
            ("LISTEN", "localhost", "LISTEN"),
        ] {
            let output = not_started(example(name).envs(set).env(variable, value));
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{name}");
            assert!(error.starts_with(&format!("{name}: ")) && error.contains(says), "{name}: {error}");
            assert!(!error.contains('"'), "{name}: {error}");
        }
    }
}

/// An empty LISTEN counts as unset. Somebody else may have the default port.
#[test]
fn by_default_each_example_listens_on_loopback_and_names_the_default_if_it_is_taken() {
    for name in ALL {
        for unset in [false, true] {
            // If another has it, that one may end in the meantime.
            let taken = unset.then(|| TcpListener::bind("127.0.0.1:8080").ok()).flatten();
            let mut command = example(name);
            command.envs([("SECRET", SECRET), ("APP_KEY", "a"), ("FOLDER", ".")]);
            if !unset {
                command.env("LISTEN", "");
            }
            let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let mut error = String::new();
            if line.is_empty() {
                BufReader::new(process.stderr.take().unwrap()).read_line(&mut error).unwrap();
            }
            let _ = process.kill();
            process.wait().unwrap();
            let is_taken = error
                .contains("can't listen on 127.0.0.1:8080 (the default; set LISTEN to change it): Address");
            let listens = taken.is_none() && line == "Listening on http://127.0.0.1:8080\n";
            assert!(is_taken || listens, "{name}: {line}{error}");
        }
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_its_variable() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    for name in PLATFORM {
        let output = not_started(example(name).env("SECRET", SECRET).env("LISTEN", &listen));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let place = format!("can't listen on {listen} (from LISTEN): ");
        assert!(error.contains(&place), "{name}: {error}");
    }
}

/// Scripts read it, and take what stands behind the last colon.
#[test]
fn the_first_line_ends_in_the_port() {
    for name in PLATFORM {
        let mut command = example(name);
        command.env("SECRET", SECRET).env("LISTEN", "127.0.0.1:0");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        let port =
            line.strip_prefix("Listening on http://127.0.0.1:").and_then(|rest| rest.strip_suffix('\n'));
        assert!(port.is_some_and(|port| port.parse::<u16>().is_ok()), "{name}: {line:?}");
    }
}

#[test]
fn the_help_of_each_example_names_its_variables() {
    let of_links = ["APP_KEY", "APP_SECRET", "APP_PREVIOUS_KEYS", "ORIGIN", "FOLDER", "PREFIX", "LISTEN"];
    for (name, variables) in
        [("server", &["SECRET", "LISTEN"][..]), ("axum", &["SECRET", "LISTEN"]), ("links", &of_links)]
    {
        let output = example(name).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{name}: {help}");
        assert!(help.contains(&format!("cargo run --example {name}")), "{help}");
        let is_of_names = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let words: Vec<&str> = help.split(|char| !is_of_names(char)).collect();
        for variable in variables {
            assert!(words.contains(variable), "{variable} is not in {help}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 90), "{help}");
    }
}

#[test]
fn an_unknown_argument_is_refused() {
    for name in ALL {
        for argument in [OsStr::new("--verbose"), OsStr::from_bytes(b"\xff")] {
            let output = example(name).arg(argument).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(1), "{name} {argument:?}: {said}");
            assert!(said.contains("--help") || said.contains("Usage: "), "{name} {argument:?}: {said}");
            assert!(!said.contains("panicked"), "{name} {argument:?}: {said}");
        }
    }
}

/// What can't start says so with its status where it can't with words; and help that can't
/// be printed is no failure.
#[test]
fn an_example_whose_output_can_not_be_written_ends_with_a_status_and_no_panic() {
    for name in ALL {
        for (stream, stderr, _kept) in unwritable::all() {
            let status = example(name).stderr(stderr).stdout(Stdio::null()).status().unwrap();
            assert_eq!(status.code(), Some(1), "{name}, {stream}");
        }
        for (stream, stdout, _kept) in unwritable::all() {
            let output = example(name).arg("--help").stdout(stdout).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{name}, {stream}: {output:?}");
        }
    }
}

/// A file that is read in one go, and a small build.
#[test]
fn the_smallest_example_stays_small() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let lines = std::fs::read_to_string(format!("{folder}/server.rs")).unwrap().lines().count();
    assert!(lines <= 140, "{lines} lines");
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-p", "examples", "-e", "normal,build,dev", "--prefix", "none"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    // A package that is there already is marked so where it stands again.
    let packages: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    assert!((20..=80).contains(&packages.len()), "{packages:#?}");
    let builds_c = packages.iter().find(|package| package.starts_with("cc v") || package.contains("-sys v"));
    assert_eq!(builds_c, None);
}
