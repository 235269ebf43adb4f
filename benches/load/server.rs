//! The servers that are measured.

#[path = "../../tests/deployment/tests/common/built.rs"]
mod built;

use std::{
    env, fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::SystemTime,
};

use signed_query::Key;

use self::built::built;

pub const SECRET: &str = "changeme!";

/// A server as a process of its own, which ends with this value.
pub struct Server {
    process: Child,
    pub url: String,
}

impl Server {
    pub fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("Listening on ").expect("the server starts").to_owned();
        Self { process, url }
    }

    /// A path and query, signed for an hour.
    pub fn signed(&self, path_and_query: &str) -> String {
        let expires = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 3600;
        let key = Key::new(SECRET).unwrap();
        key.sign_url(&format!("{}{path_and_query}", self.url), expires).unwrap()
    }

    /// What the server used of the processor so far, in seconds: see `proc(5)`.
    pub fn cpu(&self) -> f64 {
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let (_, behind_name) = stat.rsplit_once(')').unwrap();
        let fields: Vec<_> = behind_name.split_whitespace().collect();
        let ticks = |nth: usize| fields[nth].parse::<f64>().unwrap();
        (ticks(11) + ticks(12)) / TICKS_PER_SECOND
    }

    pub fn highest_memory(&self) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The complete server, built for release.
pub fn built_crm() -> Command {
    let mut arguments = vec!["--release", "-p", "crm"];
    if postgres_url().is_some() {
        arguments.extend(["--features", "postgres"]);
    }
    let executables = built(&arguments);
    let mut command = Command::new(executables.last().unwrap());
    command.env("SECRET", SECRET).env("LISTEN", "127.0.0.1:0");
    command
}

/// The database to measure with, where it is a PostgreSQL.
pub fn postgres_url() -> Option<String> {
    env::var("DATABASE").ok().filter(|url| url.starts_with("postgres://"))
}
