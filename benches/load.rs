//! The example server under load on loopback, beside a bare hyper server that
//! answers a constant body: `cargo bench --bench load`. Needs `wrk`.
//!
//! All share the machine's cores, wrk too, so a ratio is one of whole requests
//! and not of the server's own time. Rounds alternate, and the median counts.

use std::{
    convert::Infallible,
    fs,
    io::{BufRead, BufReader, ErrorKind},
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime},
};

use http_body_util::Full;
use hyper::{Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use signed_query::Key;
use tokio::net::TcpListener;

const SECRET: &str = "changeme!";
const ROUNDS: usize = 5;
const SECONDS: u32 = 3;
const CONNECTIONS: u32 = 32;

fn main() {
    if std::env::args().any(|argument| argument == "bare") {
        return serve_constant();
    }
    match Command::new("wrk").arg("-v").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return eprintln!("The load is not measured: there is no wrk; install it");
        }
        found => drop(found.unwrap()),
    }
    let bare = Server::start(Command::new(std::env::current_exe().unwrap()).arg("bare"));
    let mut command = built_example();
    let example = Server::start(&mut command);
    let logging = Server::start(command.env("LOG", "debug"));

    let key = Key::new(SECRET).unwrap();
    let expires = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 3600;
    let signed = |path: &str| key.sign_url(&format!("{}{path}", example.url), expires).unwrap();
    let refused = signed("/search?q=red").replace("q=red", "q=evil");
    let logged = refused.replace(&example.url, &logging.url);
    // The same request, which hyper has to read as well.
    let constant = refused.replace(&example.url, &bare.url);
    let (search, iframe) = (signed("/search?q=red"), signed("/iframe?id=1"));
    let mut kinds = [
        Kind::new("bare hyper, constant body", &bare, constant),
        Kind::new("refused: signature does not match", &example, refused),
        Kind::new("refused, with a line of log", &logging, logged),
        Kind::new("search with a hit", &example, search),
        Kind::new("page of a found person", &example, iframe),
    ];
    for _ in 0..ROUNDS {
        kinds.iter_mut().for_each(Kind::measure);
    }
    println!("| request | requests/s | of bare | p50 | p99 | memory at its highest |");
    println!("|---|---|---|---|---|---|");
    let bare_rate = kinds[0].median().rate;
    for kind in &mut kinds {
        let Load { rate, p50, p99 } = kind.median();
        let (name, memory) = (kind.name, kind.server.highest_memory());
        println!("| {name} | {rate:.0} | {:.0} % | {p50} | {p99} | {memory} |", 100.0 * rate / bare_rate);
    }
}

/// What one run of wrk measured.
#[derive(Clone)]
struct Load {
    rate: f64,
    p50: String,
    p99: String,
}

struct Kind<'s> {
    name: &'static str,
    server: &'s Server,
    url: String,
    loads: Vec<Load>,
}

impl<'s> Kind<'s> {
    fn new(name: &'static str, server: &'s Server, url: String) -> Self {
        Self { name, server, url, loads: Vec::new() }
    }

    fn measure(&mut self) {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "--latency", &format!("-c{CONNECTIONS}"), &format!("-d{SECONDS}s"), &self.url]);
        let output = String::from_utf8(wrk.output().unwrap().stdout).unwrap();
        let after = |label: &str| {
            let line = output.lines().find_map(|line| line.trim().strip_prefix(label));
            line.unwrap_or_else(|| panic!("no {label} in {output}")).trim().to_owned()
        };
        assert!(!output.contains("Socket errors"), "{output}");
        let rate = after("Requests/sec:").parse().unwrap();
        self.loads.push(Load { rate, p50: after("50%"), p99: after("99%") });
    }

    fn median(&mut self) -> Load {
        self.loads.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        self.loads[self.loads.len() / 2].clone()
    }
}

/// A server as a process of its own, which ends with this value.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("Listening on ").expect("the server starts").to_owned();
        Self { process, url }
    }

    fn highest_memory(&self) -> String {
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

/// The example server, built for release.
fn built_example() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--example", "server", "--message-format=json", "--quiet"]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the example does not build");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    let executables =
        messages.filter_map(|message| message.unwrap()["executable"].as_str().map(str::to_owned));
    let mut command = Command::new(executables.last().unwrap());
    command.env("SECRET", SECRET).env("LISTEN", "127.0.0.1:0");
    command
}

/// What hyper does with nothing to do, set up as the example sets it up.
#[tokio::main]
async fn serve_constant() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("Listening on http://{}", listener.local_addr().unwrap());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let body = || Full::new(Bytes::from_static(b"{\"results\":[]}"));
        let service = service_fn(move |_| async move { Ok::<_, Infallible>(Response::new(body())) });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(10))
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}
