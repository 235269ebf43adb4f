//! A server as a process of its own, on a port of its own, and what asks it.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use signed_query::Key;

pub use super::request::*;

pub const SECRET: &str = "changeme!";

pub struct Server {
    process: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
    log_reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a command that serves.
    pub fn spawn(command: &mut Command, variables: &[(&str, &str)]) -> Self {
        Self::spawn_logging_to(Stdio::piped(), command, variables)
    }

    /// Starts one with its log going there and not to this value.
    pub fn spawn_logging_to(
        stderr: impl Into<Stdio>,
        command: &mut Command,
        variables: &[(&str, &str)],
    ) -> Self {
        let mut process = command
            .env("LISTEN", "127.0.0.1:0")
            .env("SECRET", SECRET)
            .env("LOG", "debug")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let log_reader = process.stderr.take().map(|stderr| {
            let log = Arc::clone(&log);
            thread::spawn(move || {
                for line in BufReader::new(stderr).lines() {
                    let mut log = log.lock().unwrap();
                    log.push_str(&line.unwrap());
                    log.push('\n');
                }
            })
        });
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("Listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line:?}: {}", log.lock().unwrap())).parse().unwrap();
        Self { process, address, log, log_reader }
    }

    /// What the server logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub fn url(&self, path_and_query: &str) -> String {
        format!("http://{}{path_and_query}", self.address)
    }

    /// The URL, signed with the usual secret for a minute.
    pub fn signed_url(&self, path_and_query: &str) -> String {
        self.signed_url_with(SECRET, path_and_query)
    }

    pub fn signed_url_with(&self, secret: &str, path_and_query: &str) -> String {
        Key::new(secret).unwrap().sign_url(&self.url(path_and_query), now() + 60).unwrap()
    }

    /// What a signed `GET` gives.
    pub fn get(&self, path_and_query: &str) -> Reply {
        fetch("GET", &self.signed_url(path_and_query))
    }

    /// The names of the people that a signed search gives.
    pub fn names(&self, path_and_query: &str) -> Vec<String> {
        let found = self.get(path_and_query).json()["results"].take();
        found.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Where the form of a page goes, without the place in the page that comes.
    pub fn note_url(&self, page: &Reply) -> String {
        let (_, action) = page.body.split_once(r#"action=""#).unwrap();
        self.url("/") + &action.split_once('#').unwrap().0.replace("&amp;", "&")
    }

    /// Where an answer sends to, in the same way.
    pub fn location(&self, reply: &Reply) -> String {
        assert_eq!(reply.status, 303, "{}", reply.body);
        self.url("/") + reply.header("location").split_once('#').unwrap().0
    }

    /// Where the link with this text goes.
    pub fn link_url(&self, page: &Reply, text: &str) -> String {
        let (before, _) = page.body.split_once(&format!("\">{text}</a>")).unwrap();
        let (_, address) = before.rsplit_once("href=\"").unwrap();
        self.url("/") + &address.replace("&amp;", "&")
    }

    /// The page that an answer sends to.
    pub fn follow(&self, reply: &Reply) -> Reply {
        fetch("GET", &self.location(reply))
    }

    /// The path and query of a request that is signed for a minute.
    pub fn signed_path(&self, path_and_query: &str) -> String {
        self.signed_url(path_and_query).split_off(self.url("").len())
    }

    /// The most memory that the server has used so far, in KiB.
    pub fn highest_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
    }

    /// How many files it has open, connections among them.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        kill(name, self.process.id());
    }

    /// Waits until the server has ended, which is to be within 20 seconds, and
    /// gives how.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not end: {}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The same, with its whole log.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let status = self.wait_for_end();
        if let Some(log_reader) = self.log_reader.take() {
            log_reader.join().unwrap();
        }
        (status, self.log())
    }

    pub fn stop(self) -> (ExitStatus, String) {
        self.stop_by("TERM")
    }

    pub fn stop_by(self, signal: &str) -> (ExitStatus, String) {
        self.signal(signal);
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a signal to a process, by the `kill` that every shell has.
pub fn kill(signal: &str, pid: u32) {
    let kill = format!("kill -s {signal} {pid}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// What a command prints that is to serve and can't. One that serves all the same is ended.
pub fn not_started(command: &mut Command) -> Output {
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if !line.is_empty() {
        let _ = process.kill();
    }
    Output { stdout: line.into(), ..process.wait_with_output().unwrap() }
}

/// The key of links for a purpose that the server makes of a secret.
pub fn derived(secret: &str, purpose: &str) -> Key {
    let key = Key::new(secret).unwrap();
    Key::new(key.sign([("purpose", purpose)], 0).unwrap()).unwrap()
}

/// Now, in Unix seconds.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The id of a person that a search found, which is a number if it can be one.
pub fn id_of(person: &serde_json::Value) -> String {
    person["id"].as_str().map_or_else(|| person["id"].to_string(), str::to_owned)
}
