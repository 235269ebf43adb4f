//! The complete server with a million people: searches of each kind, and pages and
//! webhooks beside eight that search all the time.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::server::{SECRET, Server, built_crm, postgres_url};

const PEOPLE: u32 = 1_000_000;
/// How many times each search is run.
const REPEATS: usize = 101;
const SEARCHERS: usize = 8;
/// How long pages and webhooks are requested beside them.
const BESIDE: Duration = Duration::from_secs(10);

/// Names of two words, of which one in twenty is Smith; addresses of both with a number.
const DATA: &str = "
    CREATE TEMP TABLE first AS SELECT row_number() OVER () - 1 AS n, a.column1 || b.column1 AS word FROM
        (VALUES ('An'), ('Ber'), ('Cla'), ('Do'), ('Em'), ('Fran'), ('Gre'), ('Hel'), ('I'), ('Jo'), ('Ka'), ('Lu'),
                ('Mar'), ('No'), ('Ol'), ('Pe'), ('Ro'), ('Su'), ('Ti'), ('Zo')) AS a CROSS JOIN
        (VALUES ('na'), ('ta'), ('ra'), ('rian'), ('ma'), ('ton'), ('ta'), ('en'), ('sa'), ('hn'), ('rl'), ('is')) AS b;
    CREATE TEMP TABLE second AS SELECT row_number() OVER () - 1 AS n, a.column1 || b.column1 || c.column1 AS word FROM
        (VALUES ('Ab'), ('Bro'), ('Ca'), ('Du'), ('Ed'), ('Fi'), ('Gar'), ('Ho'), ('Jen'), ('Kow'), ('Mc'), ('Tay')) AS a CROSS JOIN
        (VALUES ('bo'), ('ber'), ('da'), ('do'), ('gan'), ('ler'), ('mi'), ('na'), ('ri'), ('ver')) AS b CROSS JOIN
        (VALUES (''), ('ck'), ('dt'), ('ev'), ('ford'), ('idge'), ('land'), ('man'), ('sen'), ('son'), ('worth')) AS c;
    INSERT INTO people (id, name, email)
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1000000),
        random AS (SELECT n, n * 2654435761 % 4294967296 AS r FROM number),
        named AS (SELECT random.n, first.word AS first, CASE random.r % 20 WHEN 0 THEN 'Smith' ELSE second.word END AS second
            FROM random JOIN first ON first.n = random.r / 64 % 240 JOIN second ON second.n = random.r / 32768 % 1320)
        SELECT CAST(n AS TEXT), first || ' ' || second, lower(first || '.' || second) || n || '@example.com' FROM named;
    INSERT INTO notes (person, written_at, text) SELECT id, 1700000000 + CAST(id AS INTEGER), 'A note about ' || name FROM people WHERE CAST(id AS INTEGER) % 3 = 0;
";

/// What is searched for, and what of.
const SEARCHES: [(&str, &str); 14] = [
    ("one character, common", "a"),
    ("one character, nobody", "#"),
    ("two characters, common", "sm"),
    ("two characters, nobody", "qx"),
    ("a common name", "smith"),
    ("a first name", "zoton"),
    ("a part of a word", "ssmi"),
    ("what almost everybody has", "example.com"),
    ("one person's number", "765432"),
    ("one person's address", "765432@example.com"),
    ("two words", "smith zoton"),
    ("two common words that nobody has", "smith brobersen"),
    ("nobody", "zebra"),
    ("nobody, of common parts", "exampleexample"),
];

pub fn measure() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("million-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("people.db").to_str().unwrap().to_owned();
    let database = postgres_url().unwrap_or_else(|| file.clone());
    let server = Server::start(built_crm().env("DATABASE", &database));
    if other(&database, "SELECT count(*) FROM people;").unwrap().trim() == "0" {
        fill(&database);
    }
    let size = match fs::metadata(&file) {
        Ok(file) => file.len().to_string(),
        Err(_) => other(&database, "SELECT pg_database_size(current_database());").unwrap(),
    };
    println!("The database has {} MiB\n", size.trim().parse::<u64>().unwrap() >> 20);

    println!("| search | text | results | p50 | p99 |\n|---|---|---|---|---|");
    let agent = agent();
    for (kind, text) in SEARCHES {
        let url = search_url(&server, text);
        let mut found = String::new();
        let times = (0..REPEATS).map(|_| {
            let start = Instant::now();
            found = agent.get(&url).call().unwrap().body_mut().read_to_string().unwrap();
            start.elapsed()
        });
        let (p50, p99) = percentiles(times.collect());
        println!("| {kind} | `{text}` | {} | {p50} | {p99} |", found.matches("\"id\"").count());
    }
    beside_searchers(&server);
    println!("\nThe server's peak memory: {}", server.highest_memory());
    drop(server);
    fs::remove_dir_all(folder).unwrap();
}

fn fill(database: &str) {
    let start = Instant::now();
    other(database, DATA).unwrap();
    println!("\n{PEOPLE} people were inserted by another program in {:.0} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let left = if postgres_url().is_some() { "unindexed" } else { "changed" };
    while other(database, &format!("SELECT count(*) FROM {left};")).unwrap().trim() != "0" {
        thread::sleep(Duration::from_millis(500));
    }
    println!("and indexed in {:.0} s", start.elapsed().as_secs_f64());
}

fn beside_searchers(server: &Server) {
    let (stop, searches) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (mut pages, mut webhooks) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        for searcher in 0..SEARCHERS {
            let (stop, searches) = (&stop, &searches);
            scope.spawn(move || {
                let agent = agent();
                for (_, text) in SEARCHES.iter().cycle().skip(searcher) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    agent.get(search_url(server, text)).call().unwrap().body_mut().read_to_string().unwrap();
                    searches.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let (agent, start) = (agent(), Instant::now());
        for number in 0.. {
            if start.elapsed() > BESIDE {
                break;
            }
            let page = server.signed(&format!("/iframe?id={}", 1 + number * 7919 % PEOPLE));
            let asked = Instant::now();
            agent.get(page).call().unwrap().body_mut().read_to_string().unwrap();
            pages.push(asked.elapsed());
            let body = format!(r#"{{"number":{number}}}"#);
            let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(body.as_bytes());
            let asked = Instant::now();
            agent
                .post(format!("{}/webhook", server.url))
                .header("SocialSignIn-HookId", "6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55")
                .header("SocialSignIn-Hash", hex::encode(mac.finalize().into_bytes()))
                .send(body)
                .unwrap();
            webhooks.push(asked.elapsed());
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!("\n| beside {SEARCHERS} searchers | requests/s | p50 | p99 |\n|---|---|---|---|");
    let rate = |count: usize| count as f64 / BESIDE.as_secs_f64();
    for (kind, times) in [("a page", pages), ("a webhook", webhooks)] {
        let rate = rate(times.len());
        let (p50, p99) = percentiles(times);
        println!("| {kind} | {rate:.0} | {p50} | {p99} |");
    }
    println!("| the searches | {:.0} | | |", rate(searches.into_inner()));
}

fn search_url(server: &Server, text: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    server.signed(&format!("/search?{query}"))
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().new_agent()
}

fn percentiles(mut times: Vec<Duration>) -> (String, String) {
    times.sort();
    let at =
        |percent: usize| format!("{:.2} ms", 1e3 * times[(times.len() - 1) * percent / 100].as_secs_f64());
    (at(50), at(99))
}

/// What the database's own program says, which waits for the server's locks.
fn other(database: &str, sql: &str) -> std::io::Result<String> {
    let mut command = if postgres_url().is_some() {
        let mut psql = Command::new("psql");
        psql.args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]);
        psql
    } else {
        let mut sqlite = Command::new("sqlite3");
        sqlite.args(["-bail", "-cmd", ".timeout 60000"]);
        sqlite
    };
    let mut process = command.arg(database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    process.stdin.take().unwrap().write_all(sql.as_bytes())?;
    let output = process.wait_with_output()?;
    assert!(output.status.success());
    Ok(String::from_utf8(output.stdout).unwrap())
}
