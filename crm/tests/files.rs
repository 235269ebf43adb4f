//! A process that may have few files open.

mod common;

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use common::{client::Client, crm::crm, folder::Folder, server::Server, webhook::notify};

/// A server that is started from a shell with limits of its own.
fn limited(limits: &str, variables: &[(&str, &str)]) -> Server {
    let server = crm();
    let mut shell = Command::new("sh");
    shell.env_clear().args(["-c", &format!("{limits}; exec \"$0\"")]).arg(server.get_program());
    Server::spawn(&mut shell, variables)
}

/// How many files a server may have open.
fn limit(server: &Server) -> usize {
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// A new client is answered beside others that ask for nothing, before any of these has been idle
/// for the 75 seconds that it may be.
fn is_answered_beside_idle_ones(server: &Server, idle: usize) {
    let start = Instant::now();
    let _idle: Vec<_> = (0..idle).map(|_| Client::connect(server.address).unwrap()).collect();
    for nth in 0..5 {
        let mut client = Client::connect(server.address).unwrap();
        assert_eq!(client.get(&server.signed_path("/search?q=red")).unwrap().status, 200, "{nth}");
        assert!(start.elapsed() < Duration::from_secs(70), "{nth}: {:?}", start.elapsed());
    }
    assert_eq!(notify(server, "{}").status, 200);
}

#[test]
fn with_few_files_the_longest_idle_connection_is_closed() {
    let folder = Folder::new("few-files");
    let file = folder.file("people.db");
    let server = limited("ulimit -n 128", &[("DATABASE", &file), ("LOG", "info")]);
    is_answered_beside_idle_ones(&server, 300);
    // There is room for what else needs files.
    assert!(server.open_files() < 110, "{}", server.open_files());
    let (_, log) = server.stop();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("open files is 128")).collect();
    assert!(matches!(lines[..], [line] if line.contains(" WARN ") && line.contains("ulimit -n")), "{log}");
    assert!(log.lines().count() < 6, "{log}");
}

/// Since others of the process have them, or the whole machine does.
#[test]
fn when_files_run_out_the_longest_idle_connection_is_closed_too() {
    let server = limited("true", &[("LOG", "info")]);
    let few = server.open_files() + 20;
    let pid = server.pid().to_string();
    let lower = Command::new("prlimit").args(["--pid", &pid, &format!("--nofile={few}:{few}")]).status();
    assert!(lower.unwrap().success());
    let start = Instant::now();
    is_answered_beside_idle_ones(&server, 100);
    while start.elapsed() < Duration::from_secs(8) {
        assert!(server.open_files() <= few);
        thread::sleep(Duration::from_millis(100));
    }
    let (_, log) = server.stop();
    let lines = log.lines().filter(|line| line.contains("can't accept a connection"));
    assert_eq!(lines.count(), 1, "{log}");
}

#[test]
fn the_limit_is_raised_as_far_as_it_may_be() {
    let server = limited("ulimit -Sn 64; ulimit -Hn 3000", &[("LOG", "info")]);
    assert_eq!(limit(&server), 3000);
    let mut clients: Vec<_> = (0..400).map(|_| Client::connect(server.address).unwrap()).collect();
    thread::sleep(Duration::from_secs(2));
    for client in [0, 399] {
        assert_eq!(clients[client].get("/health").unwrap().status, 200);
    }
    let (_, log) = server.stop();
    assert!(!log.contains(" WARN "), "{log}");
}
