//! The complete server under load on loopback, beside bare hyper servers: one that
//! answers a constant body, and ones that answer its own answers, headers
//! and all, without a look at the request: `cargo bench --bench load`. Needs `wrk`.
//!
//! A second table is of a database with a million people: `cargo bench --bench load --
//! million`. Needs `sqlite3`, or `psql` with `DATABASE=postgres://…` in the environment,
//! which names an empty database of PostgreSQL, or one that it filled before.
//!
//! All share the machine's cores, wrk too, so a ratio of rates is one of whole
//! requests and not of the server's own time, which stands beside it. Rounds are
//! short and alternate, ratios are taken within a round, and the median counts.

#[path = "../machine.rs"]
mod machine;
mod million;
mod server;

use std::{
    convert::Infallible,
    io::ErrorKind,
    process::{Command, ExitCode},
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Response,
    body::Bytes,
    header::{CONTENT_LENGTH, DATE},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use crate::server::{Server, built_crm, postgres_url};

/// The argument with which this program serves, and measures nothing.
const BARE: &str = "bare";
/// The argument with which the second table is measured.
const MILLION: &str = "million";
const ROUNDS: usize = 21;
const SECONDS: u32 = 1;
const CONNECTIONS: u32 = 32;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == BARE) {
        serve_constant(arguments.get(at + 1));
        return ExitCode::SUCCESS;
    }
    let is_million = arguments.iter().any(|argument| argument == MILLION);
    let (program, version, package) = match is_million {
        false => ("wrk", "-v", "wrk"),
        true if postgres_url().is_some() => ("psql", "--version", "postgresql-client"),
        true => ("sqlite3", "--version", "sqlite3"),
    };
    match Command::new(program).arg(version).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("The load is not measured: {program} is not installed: apt-get install {package}");
            return ExitCode::FAILURE;
        }
        found => drop(found.unwrap()),
    }
    println!("{}", machine::machine());
    let minutes = if is_million { 4 } else { 3 };
    println!("The server is built, which may take minutes; then it is measured for about {minutes}.\n");
    match is_million {
        true => million::measure(),
        false => requests(),
    }
    ExitCode::SUCCESS
}

fn requests() {
    let bare = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(BARE);
        command
    };
    let mut command = built_crm();
    let crm = Server::start(&mut command);
    let logging = Server::start(command.env("LOG", "debug"));

    let refused = crm.signed("/search?q=red").replace("q=red", "q=evil");
    let (search, page) = (crm.signed("/search?q=red"), crm.signed("/iframe?id=1"));
    let constant = Server::start(&mut bare());
    let constant_refusal = Server::start(bare().arg(&refused));
    let constant_page = Server::start(bare().arg(&page));
    // The same request for each, which hyper has to read.
    let at = |server: &Server, url: &str| url.replace(&crm.url, &server.url);
    let mut kinds = [
        Kind::new("bare hyper: a constant body", &constant, at(&constant, &refused)),
        Kind::new("bare hyper: the refusal", &constant_refusal, at(&constant_refusal, &refused)),
        Kind::new("refused: the signature does not match", &crm, refused.clone()),
        Kind::new("refused, with a line of log", &logging, at(&logging, &refused)),
        Kind::new("bare hyper: the page", &constant_page, at(&constant_page, &page)),
        Kind::new("page of a found person", &crm, page.clone()),
        Kind::new("search with a hit", &crm, search),
    ];
    for _ in 0..ROUNDS {
        kinds.iter_mut().for_each(Kind::measure);
    }
    println!("| request | requests/s | of the first | µs of CPU | p50 | p99 | peak memory |");
    println!("|---|---|---|---|---|---|---|");
    for kind in &kinds {
        let Load { rate, p50, p99, .. } = kind.median();
        let ratio = 100.0 * kind.median_ratio(&kinds[0]);
        let (name, cpu, memory) = (kind.name, kind.cpu_of_request(), kind.server.highest_memory());
        println!("| {name} | {rate:.0} | {ratio:.0} % | {cpu:.1} | {p50} | {p99} | {memory} |");
    }
    println!("Refused, of the same answer as a constant: {:.0} %", 100.0 * kinds[2].median_ratio(&kinds[1]));
    println!("The page, of the same answer as a constant: {:.0} %", 100.0 * kinds[5].median_ratio(&kinds[4]));
}

/// What one run of wrk measured.
#[derive(Clone)]
struct Load {
    rate: f64,
    requests: f64,
    /// What the server used of the processor, in seconds.
    cpu: f64,
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
        let cpu = self.server.cpu();
        let output = String::from_utf8(wrk.output().unwrap().stdout).unwrap();
        let after = |label: &str| {
            let line = output.lines().find_map(|line| line.trim().strip_prefix(label));
            line.unwrap_or_else(|| panic!("no {label} in {output}")).trim().to_owned()
        };
        assert!(!output.contains("Socket errors"), "{output}");
        let rate = after("Requests/sec:").parse().unwrap();
        let (requests, _) = output.split_once(" requests in").unwrap();
        let requests = requests.rsplit(char::is_whitespace).next().unwrap().parse().unwrap();
        let cpu = self.server.cpu() - cpu;
        self.loads.push(Load { rate, requests, cpu, p50: after("50%"), p99: after("99%") });
    }

    /// The run with the median rate.
    fn median(&self) -> Load {
        let mut loads = self.loads.clone();
        loads.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        loads.swap_remove(loads.len() / 2)
    }

    /// The median ratio of this rate to another in the same round.
    fn median_ratio(&self, other: &Self) -> f64 {
        let rounds = self.loads.iter().zip(&other.loads);
        let mut ratios: Vec<f64> = rounds.map(|(ours, theirs)| ours.rate / theirs.rate).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }

    /// What the server used of the processor for a request, in microseconds.
    fn cpu_of_request(&self) -> f64 {
        let sum = |of: fn(&Load) -> f64| self.loads.iter().map(of).sum::<f64>();
        1e6 * sum(|load| load.cpu) / sum(|load| load.requests)
    }
}

/// What hyper does with nothing to do, set up as the server sets it up: it always
/// answers what this URL gives, or something small.
#[tokio::main]
async fn serve_constant(url: Option<&String>) {
    let constant = match url {
        Some(url) => answer_of(url),
        None => Response::new(Bytes::from_static(b"{\"results\":[]}")),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("Listening on http://{}", listener.local_addr().unwrap());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let constant = constant.clone();
        let service = service_fn(move |_| {
            let answer = constant.clone().map(Full::new);
            async { Ok::<_, Infallible>(answer) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(10))
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

/// The answer at a URL, less the headers that hyper writes anew.
fn answer_of(url: &str) -> Response<Bytes> {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut answer = agent.get(url).call().unwrap();
    let body = Bytes::from(answer.body_mut().read_to_vec().unwrap());
    let mut constant = Response::new(body);
    *constant.status_mut() = answer.status();
    *constant.headers_mut() = answer.headers().clone();
    for written_anew in [CONTENT_LENGTH, DATE] {
        constant.headers_mut().remove(written_anew);
    }
    constant
}
