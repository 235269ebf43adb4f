//! `signed-query explain` and `verify` decide as the server does in the same environment.

mod common;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use common::{
    crm::crm,
    program::command,
    server::{Server, fetch, not_started, now, send},
    webhook::{hash, headers},
};
use signed_query::Key;

/// Marsaglia's xorshift: the same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }
}

const VALUES: [&str; 5] = ["changeme!", "blue-Harbour-77", "iframe secret", "old one", "\"quoted\""];

/// What each variable may be: valid, at its bounds, or one with which the server does not start.
const VARIABLES: [(&str, &[&str]); 7] = [
    ("SECRET", &VALUES),
    ("PREVIOUS_SECRET", &VALUES),
    ("IFRAME_SECRET", &VALUES),
    ("WEBHOOK_SECRET", &VALUES),
    ("WEBHOOK_SECRET_CRM", &VALUES),
    ("LEEWAY", &["0", "1", "60", "3600", "86400", "86401", "-1", "1.5", "60s"]),
    ("MAX_LIFETIME", &["1", "60", "7200", "86400", "31622400", "31622401", "0", "a day", " 60"]),
];

fn environment(random: &mut Random) -> Vec<(&'static str, &'static str)> {
    let mut set = Vec::new();
    for (name, values) in VARIABLES {
        // Mostly numbers with which the server starts.
        let valid = if values.len() > VALUES.len() && random.below(8) > 0 { &values[..5] } else { values };
        match random.below(4) {
            _ if name == "SECRET" => set.push((name, random.of(valid))),
            0 => set.push((name, "")),
            1 | 2 => set.push((name, random.of(valid))),
            _ => {}
        }
    }
    if random.below(40) == 0 {
        set.push(("WEBHOOK_SECRET_small", "any"));
    }
    set
}

/// Seconds from now that are near what may be set, but not so near that a second matters.
const SPANS: [i64; 12] =
    [30, 300, 90, 7_000, 7_500, 86_000, 90_000, 180_000, 31_000_000, 40_000_000, 3_000_000_000_000, 20];

struct Programs<'p> {
    command: &'p Path,
    environment: &'p [(&'static str, &'static str)],
}

impl Programs<'_> {
    fn ask(&self, arguments: &[&str], stdin: &str) -> Output {
        let mut process = Command::new(self.command)
            .env_clear()
            .envs(self.environment.iter().copied())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It is not read where the environment is refused.
        let _ = process.stdin.take().unwrap().write_all(stdin.as_bytes());
        process.wait_with_output().unwrap()
    }
}

fn status_of(output: &Output) -> u16 {
    let said = String::from_utf8_lossy(&output.stdout);
    let (code, status) = match said.strip_prefix("Refused with status ") {
        Some(rest) => (1, rest[..3].parse().unwrap()),
        None => (0, 200),
    };
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    status
}

#[test]
fn the_command_decides_as_the_server_does() {
    let command = command();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut accepted, mut refused, mut not_served) = (0, 0, 0);
    for _ in 0..200 {
        let environment = environment(&mut random);
        let programs = Programs { command: &command, environment: &environment };
        let span = SPANS[random.below(SPANS.len() as u64) as usize];
        let sign = if random.below(2) == 0 { 1 } else { -1 };
        let expires = now().saturating_add_signed(sign * span);
        let signer = random.of(&VALUES);
        let of = |name: &str| {
            environment.iter().find(|(set, value)| *set == name && !value.is_empty()).map(|(_, value)| *value)
        };
        let kind = random.of(&["/search?q=smith", "/iframe?id=2", "/webhook", "/webhook/crm"]);
        let own = match kind {
            "/search?q=smith" => None,
            "/iframe?id=2" => of("IFRAME_SECRET"),
            "/webhook" => of("WEBHOOK_SECRET"),
            _ => of("WEBHOOK_SECRET_CRM"),
        };
        // Two times out of three, the secret that the server uses there.
        let signer = if random.below(3) > 0 { own.or(of("SECRET")).unwrap() } else { signer };
        let body = r#"{"person":"2"}"#;
        let hash = hash(signer, body);
        let url = Key::new(signer).unwrap().sign_url(kind, expires).unwrap();
        let is_webhook = kind.starts_with("/webhook");
        let explained = match is_webhook {
            true => programs.ask(&["explain", "--webhook", &hash, kind], body),
            false => programs.ask(&["explain", &url], ""),
        };
        let case = format!("{kind} by {signer:?}, expiry {expires}, in {environment:?}: {explained:?}");
        let started = not_started(crm().envs(environment.iter().copied()).env("LISTEN", "127.0.0.1:0"));
        if started.stdout.is_empty() {
            not_served += 1;
            assert_eq!(explained.status.code(), Some(2), "{case}");
            // In the same words.
            let [server, said] =
                [started.stderr, explained.stderr].map(|said| String::from_utf8(said).unwrap());
            let reason =
                |said: &str| said.split_once(": ").unwrap().1.split([',', '\n']).next().unwrap().to_owned();
            assert_eq!(reason(&server), reason(&said), "{case}");
            continue;
        }
        let server = Server::with(&environment);
        let answered = match is_webhook {
            true => send("POST", &server.url(kind), &headers(&hash), body),
            false => fetch("GET", &server.url(&url)),
        };
        let answered = answered.status;
        if explained.status.code() == Some(2) {
            // There is no webhook at that path.
            assert_eq!((answered, is_webhook), (404, true), "{case}");
            continue;
        }
        assert_eq!(status_of(&explained), answered, "{case}");
        if !is_webhook {
            let verified = programs.ask(&["verify", &url], "");
            assert_eq!(verified.status.success(), answered == 200, "{case}: {verified:?}");
        }
        if answered == 200 { accepted += 1 } else { refused += 1 }
    }
    assert!(accepted > 30 && refused > 30 && not_served > 10, "{accepted}, {refused}, {not_served}");
}
