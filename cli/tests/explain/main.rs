//! `signed-query explain`, run as a developer would.

#[path = "../common/mod.rs"]
mod common;
mod limits;
mod secrets;
mod times;

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use common::{SECRET, did_not_run::did_not_run, now, unset};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use signed_query::Key;

const HOST: &str = "http://127.0.0.1:8080/search";

/// A case of `cases.json`, which `make.py` writes.
#[derive(Deserialize)]
struct Case {
    kind: String,
    name: String,
    env: BTreeMap<String, String>,
    args: Vec<String>,
    stdin: Option<String>,
    status: u16,
    exit: i32,
    /// What each line says that begins with `Cause: `.
    said: Vec<String>,
}

/// What it printed, and its exit code.
struct Explained {
    said: String,
    code: i32,
}

impl Explained {
    /// What follows this label, on each line of the summary.
    fn lines(&self, label: &str) -> Vec<&str> {
        self.said.lines().filter_map(|line| line.strip_prefix(label)).collect()
    }
}

fn run(env: &BTreeMap<String, String>, args: &[&str], stdin: &str) -> Explained {
    let mut process = unset()
        .arg("explain")
        .envs(env)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is not read where only help is printed.
    let _ = process.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(said.chars().all(|char| char == '\n' || !char.is_control()), "{said:?}");
    Explained { said, code: output.status.code().unwrap() }
}

fn secret_of(secret: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("SECRET".to_owned(), secret.to_owned())])
}

/// What it says of a URL, with the server's secret.
fn explain(secret: &str, url: &str) -> Explained {
    let explained = run(&secret_of(secret), &[url], "");
    assert!(!explained.said.contains(secret.trim()), "the secret is in {}", explained.said);
    explained
}

#[test]
fn each_case_is_explained_by_its_causes_alone() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let args: Vec<&str> = case.args.iter().map(String::as_str).collect();
        let explained = run(&case.env, &args, case.stdin.as_deref().unwrap_or_default());
        let verdict = if case.status == 200 {
            "Accepted.".to_owned()
        } else {
            format!("Refused with status {}: ", case.status)
        };
        let causes = [explained.lines("Cause: "), explained.lines("But: ")].concat();
        // One line for each expected cause, and no other.
        let mut others = causes;
        let is_each_said = case.said.iter().all(|said| {
            let found = others.iter().position(|cause| cause.contains(said));
            found.map(|nth| others.remove(nth)).is_some()
        });
        // A shorter secret may be part of any text.
        let mut secrets = case.env.values().filter(|secret| secret.len() >= 6);
        let is_right = explained.code == case.exit
            && explained.said.starts_with(&verdict)
            && is_each_said
            && others.is_empty()
            && !secrets.any(|secret| explained.said.contains(secret));
        if !is_right {
            wrong.push(format!(
                "{}, {}: {:?} is not all of\n{}",
                case.kind, case.name, case.said, explained.said
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    let count = |kind: &str| cases.iter().filter(|case| case.kind == kind).count();
    assert!(count("together") >= 20 && cases.len() > 200);
}

#[test]
fn the_cases_are_what_the_independent_signer_makes() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/explain/make.py");
    let made = match Command::new("python3").arg(script).output() {
        Ok(made) => made,
        Err(error) => return did_not_run("python3", "python3", &error),
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(made.stdout == include_bytes!("cases.json"), "make.py and cases.json differ: run it again");
}

#[test]
fn each_cause_comes_with_a_change_and_its_side() {
    let url = Key::new("\"changeme!\"").unwrap().sign_url(&format!("{HOST}?q=red"), now() + 60).unwrap();
    let explained = explain(SECRET, &url.replace("sig=", "utm_source=mail&sig="));
    let said = &explained.said;
    let summary: Vec<&str> = said.lines().take_while(|line| !line.is_empty()).collect();
    assert!(summary[0].starts_with("Refused with status 403: "), "{said}");
    assert_eq!(explained.lines("Cause: ").len(), 2, "{said}");
    assert!(explained.lines("Change at the signer: ").len() == 1, "{said}");
    assert!(explained.lines("Change between signer and server: ").len() == 1, "{said}");
    assert!(summary.len() < 6, "{said}");
    let details = said.lines().skip(summary.len());
    assert!(details.into_iter().all(|line| line.is_empty() || line.starts_with("  ")), "{said}");
}

#[test]
fn a_valid_url_is_accepted_and_taken_apart() {
    let signed = Key::new(SECRET).unwrap();
    let url = signed.sign_url(&format!("{HOST}?q=caf%c3%a9&a.b[]=x+y#top"), now() + 4000).unwrap();
    let explained = explain(SECRET, &url.replace("#top", "&message_sentiment=good#top"));
    assert_eq!(explained.code, 0, "{}", explained.said);
    for part in [
        "Accepted.\n",
        "\n    q=caf%C3%A9&a_b%5B0%5D=x+y&expires=",
        r#""q" = "café""#,
        r#""a_b[0]" = "x y""#,
        r#""message_sentiment" = "good"   (not signed"#,
        "It expires in 1 h ",
    ] {
        assert!(explained.said.contains(part), "{part:?} is not in {}", explained.said);
    }
}

/// A plain hash has no secret, or has it in its text.
#[test]
fn the_heading_above_the_text_says_how_it_was_hashed_and_with_which_secret() {
    let (text, body) = ("q=red&expires=4102444800", "{}");
    let hashed = |text: &str| hex::encode(Sha256::digest(text));
    for (query, webhook, heading) in [
        (hashed(text), hashed(body), "What was hashed, without a secret:"),
        (
            hashed(&format!("{SECRET}{text}")),
            hashed(&format!("{SECRET}{body}")),
            "What was hashed, with SECRET:",
        ),
        (
            hashed(&format!("{text}&key={SECRET}")),
            hashed(&format!("{body}&key={SECRET}")),
            "What was hashed, with SECRET:",
        ),
    ] {
        let said = explain(SECRET, &format!("?{text}&sig={query}")).said;
        assert!(said.contains(&format!("\n  {heading}\n    {text}\n")), "{heading} is not in {said}");
        let said = run(&secret_of(SECRET), &["--webhook", &webhook], body).said;
        assert!(said.contains(&format!("\n  {heading}\n    {body}\n")), "{heading} is not in {said}");
    }
    let signed = Key::new("\"changeme!\"").unwrap().sign_url("?q=red", 4_102_444_800).unwrap();
    let said = explain(SECRET, &signed).said;
    assert!(said.contains("\n  What was signed, with SECRET:\n"), "{said}");
}

/// What came with a webhook is a hash, and no cause calls it a signature.
#[test]
fn what_came_with_a_webhook_is_called_a_hash() {
    let hash = hex::encode(Sha256::digest("{}"));
    for (sent, says) in [
        ("00", "the hash is `00`, a placeholder"),
        ("", "the hash is empty"),
        (SECRET, "sent as the hash"),
        (&hash[..30], "the hash was cut to 15 of 32 bytes"),
        ("0123456789abcdef0123456789abcd", "the hash has only 30 characters"),
        (&hash, "the hash is a plain hash of the text"),
        (&hash.to_uppercase(), "the hash is in upper-case hex"),
        (&format!("sha256={hash}"), "precedes the hash"),
    ] {
        let explained = run(&secret_of(SECRET), &["--webhook", sent], "{}");
        let causes = explained.lines("Cause: ").join("\n");
        let changes = explained.lines("Change ").join("\n");
        assert!(causes.contains(says), "{sent}: {says} is not in {causes}");
        assert!(!causes.contains("signature") && !changes.contains("signature"), "{}", explained.said);
    }
}

#[test]
fn a_signature_that_nothing_gives_is_said_to_be_unexplained() {
    let url = Key::new(SECRET).unwrap().sign_url(HOST, 4_102_444_800).unwrap();
    let explained = explain("wrong-secret", &url);
    assert!(
        explained.lines("Cause: ")[0].starts_with("unknown; nothing that was tried"),
        "{}",
        explained.said
    );
    assert!(
        explained.said.contains("\n  Ruled out, singly and up to three at a time (") && explained.code == 1,
        "{}",
        explained.said
    );
}

/// Without a path, the secret of any webhook is accepted, and the assumption is printed.
#[test]
fn the_path_of_a_webhook_selects_its_secret() {
    use hmac::{Hmac, KeyInit, Mac};
    let key = Hmac::<Sha256>::new_from_slice(b"secret of crm").unwrap();
    let hash = hex::encode(key.chain_update("{}").finalize().into_bytes());
    let mut env = secret_of(SECRET);
    env.insert("WEBHOOK_SECRET_CRM".into(), "secret of crm".into());
    for (path, code, says) in [
        (None, 0, "Assumed: it was sent to /webhook/crm"),
        (Some("/webhook/crm"), 0, "Accepted"),
        (Some("https://a.example/webhook/CRM"), 0, "Accepted"),
        (Some("/webhook"), 1, "the secret in WEBHOOK_SECRET_CRM instead of SECRET"),
        (Some("/webhook/other"), 2, "WEBHOOK_SECRET_OTHER is not set"),
    ] {
        let args: Vec<&str> = ["--webhook", &*hash].into_iter().chain(path).collect();
        let explained = run(&env, &args, "{}");
        assert_eq!(explained.code, code, "{}", explained.said);
        assert!(explained.said.contains(says), "{says} is not in {}", explained.said);
    }
}

#[test]
fn what_was_signed_is_compared_with_what_should_have_been() {
    let url = Key::new(SECRET).unwrap().sign_url("?q=red&expires_not=1", now() + 60).unwrap();
    let said = explain(SECRET, &url.replace("q=red", "q=red&utm_source=x")).said;
    let lines: Vec<&str> = said.lines().collect();
    let mark = lines.iter().position(|line| line.trim_start().starts_with('^')).expect(&said);
    let place = lines[mark].find('^').unwrap();
    assert!(lines[mark - 1][place..].starts_with("utm_source=x&"), "{said}");
    assert!(lines[mark - 4][place..].starts_with("expires_not=1&"), "{said}");
    assert_eq!(lines[mark - 1][..place], lines[mark - 4][..place], "{said}");
}
