//! The tool that explains a refusal, run as a developer would.

mod common;

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::{SECRET, did_not_run::did_not_run, now, unset};
use serde::Deserialize;
use signed_query::Key;

const HOST: &str = "http://127.0.0.1:8080/search";

/// A case of `explain/cases.json`, which `explain/make.py` writes.
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
    /// What each line says that is not of the details.
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
    // Who only prints help does not read it.
    let _ = process.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(said.chars().all(|char| char == '\n' || !char.is_control()), "{said:?}");
    Explained { said, code: output.status.code().unwrap() }
}

fn secret_of(secret: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("SECRET".to_owned(), secret.to_owned())])
}

/// What it says of a URL, with the secret that the server has.
fn explain(secret: &str, url: &str) -> Explained {
    let explained = run(&secret_of(secret), &[url], "");
    assert!(!explained.said.contains(secret.trim()), "the secret is in {}", explained.said);
    explained
}

#[test]
fn each_case_is_explained_by_what_is_wrong_with_it() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("explain/cases.json")).unwrap();
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
        // One line for each that was asked for, and none besides.
        let mut others = causes;
        let is_each_said = case.said.iter().all(|said| {
            let found = others.iter().position(|cause| cause.contains(said));
            found.map(|nth| others.remove(nth)).is_some()
        });
        // A secret that is shorter may be a word of any text.
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

/// The table is what the independent signer makes, and nothing else.
#[test]
fn the_cases_are_those_that_are_made() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/explain/make.py");
    let made = match Command::new("python3").arg(script).output() {
        Ok(made) => made,
        Err(error) => return did_not_run("python3", "python3", &error),
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(
        made.stdout == include_bytes!("explain/cases.json"),
        "make.py and cases.json differ: run it again"
    );
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
fn a_good_url_is_accepted_and_taken_apart() {
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

#[test]
fn an_expired_url_says_how_long_ago() {
    for (ago, part) in [
        (30, " s ago"),
        (90, "1 min 3"),
        (3700, "1 h 1 min ago"),
        (90_000, "1 day 1 h ago"),
        (176_500, "2 days 1 h ago"),
        (60_000_000, "694 days 10 h ago"),
        (64_000_000, "2 years ago"),
    ] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - ago).unwrap();
        let explained = explain(SECRET, &url);
        assert_eq!(explained.code, 1);
        let [cause] = explained.lines("Cause: ")[..] else { panic!("{}", explained.said) };
        assert!(cause.starts_with("it expired ") && cause.contains(part), "{part:?} is not in {cause}");
    }
}

#[test]
fn an_expiry_is_shown_as_a_date() {
    for (expires, date) in [
        (951_782_400, "2000-02-29 00:00:00"),
        (1_500_472_622, "2017-07-19 13:57:02"),
        (1_704_067_199, "2023-12-31 23:59:59"),
        (1_709_164_800, "2024-02-29 00:00:00"),
        (4_102_444_800, "2100-01-01 00:00:00"),
        (4_107_542_400, "2100-03-01 00:00:00"),
    ] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, expires).unwrap();
        let explained = explain(SECRET, &url);
        let shown = format!(", at {expires} ({date} UTC).\n");
        assert!(explained.said.contains(&shown), "{shown} is not in {}", explained.said);
    }
    // What is seconds since 2001 depends on the present.
    let of_apple = now() - 978_307_200 + 300;
    let url = Key::new(SECRET).unwrap().sign_url(HOST, of_apple).unwrap();
    let explained = explain(SECRET, &url);
    let [cause] = explained.lines("Cause: ")[..] else { panic!("{}", explained.said) };
    assert!(cause.contains("seconds since 2001"), "{cause}");
}

#[test]
fn what_nothing_explains_is_said_to_be_so() {
    let url = Key::new(SECRET).unwrap().sign_url(HOST, 4_102_444_800).unwrap();
    let explained = explain("wrong-secret", &url);
    assert!(
        explained.lines("Cause: ")[0].starts_with("unknown; nothing that was tried"),
        "{}",
        explained.said
    );
    assert!(explained.said.contains("\n  Ruled out, ") && explained.code == 1, "{}", explained.said);
}

/// The signature that would be right is worth as much as the secret.
#[test]
fn the_signature_that_was_expected_is_not_printed() {
    let right = Key::new(SECRET).unwrap().sign_url(&format!("{HOST}?q=red"), 4_102_444_800).unwrap();
    let (front, signature) = right.rsplit_once('=').unwrap();
    for wrong in
        ["0".repeat(64), "{sig}".into(), String::new(), signature[..32].into(), signature.to_uppercase()]
    {
        let said = explain(SECRET, &format!("{front}={wrong}")).said;
        assert!(!said.contains(signature), "{said}");
    }
}

/// Wherever one stands: in what came, or in what was found to be signed.
#[test]
fn no_secret_of_the_server_is_printed() {
    let names = ["SECRET", "PREVIOUS_SECRET", "IFRAME_SECRET", "WEBHOOK_SECRET", "WEBHOOK_SECRET_CRM"];
    let secrets = names.map(|name| (name.to_owned(), format!("{}-hunter2", name.to_lowercase())));
    let env = BTreeMap::from(secrets.clone());
    for (name, secret) in &secrets {
        let good = Key::new(secret).unwrap().sign_url(&format!("{HOST}?q={secret}"), 4_102_444_800).unwrap();
        let wrong = good.replace("sig=", "sig=0");
        let hash = "0".repeat(64);
        for (args, stdin) in [
            (&[&*good][..], ""),
            (&[&*wrong], ""),
            (&[&*good.replace("/search", "/iframe")], ""),
            (&["--webhook", &*hash], &**secret),
        ] {
            let said = run(&env, args, stdin).said;
            assert!(said.contains("[secret]") && !said.contains("hunter2"), "{name}: {said}");
        }
    }
}

/// As it stands in a URL, in JSON or in HTML, and escaped once more.
#[test]
fn a_secret_is_masked_in_other_spellings() {
    let secret = r#"a"b/c&d ~é{x}*"#;
    let escapes = |space: &str| {
        let plain: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        plain.replace('+', space)
    };
    let json = serde_json::to_string(secret).unwrap();
    let json = json.trim_matches('"');
    for spelling in [
        escapes("+"),
        escapes("%20"),
        escapes("%20").to_lowercase(),
        escapes("%20").replace('%', "%25"),
        escapes("%20").replace("%7E", "~"),
        json.to_owned(),
        json.replace('/', r"\/"),
        json.replace('é', r"\u00e9"),
        secret.replace('&', "&amp;").replace('"', "&quot;"),
    ] {
        for url in
            [format!("{HOST}?note=x&q={spelling}&sig=00"), format!("{HOST}?{spelling}=1&expires=1&sig=00")]
        {
            let said = run(&secret_of(secret), &[&url], "").said;
            assert!(!said.contains(&spelling), "{spelling} is in {said}");
        }
        let said = run(&secret_of(secret), &["--webhook", "00"], &spelling).said;
        assert!(said.contains("[secret]") && !said.contains(&spelling), "{spelling} is in {said}");
    }
}

#[test]
fn an_expiry_in_another_time_zone_is_said_to_look_like_one() {
    // Of a request that lives for five minutes: signed just now by a clock that is behind.
    for (minutes, zone) in [
        (5 * 60 - 5, "5 h 0 min less 5 min"),
        (330 - 5, "5 h 30 min less 5 min"),
        (60 - 5, "1 h 0 min less 5 min"),
    ] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - 60 * minutes).unwrap();
        let explained = explain(SECRET, &url);
        let [cause] = explained.lines("Cause: ")[..] else { panic!("{}", explained.said) };
        assert!(cause.contains(zone) && cause.contains("local time"), "{cause}");
    }
    for minutes in [30, 3 * 60 + 10, 2 * 60 + 25, 40 * 60] {
        let url = Key::new(SECRET).unwrap().sign_url(HOST, now() - 60 * minutes).unwrap();
        let explained = explain(SECRET, &url);
        assert!(!explained.said.contains("local time"), "{}", explained.said);
    }
}

/// A webhook's path tells its secret; without one, any of them is accepted, which is said.
#[test]
fn the_path_of_a_webhook_tells_its_secret() {
    use hmac::{Hmac, KeyInit, Mac};
    let key = Hmac::<sha2::Sha256>::new_from_slice(b"secret of crm").unwrap();
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

/// What was signed stands above what should have been, marked where they first differ.
#[test]
fn both_texts_are_shown_and_marked() {
    let url = Key::new(SECRET).unwrap().sign_url("?q=red&expires_not=1", now() + 60).unwrap();
    let said = explain(SECRET, &url.replace("q=red", "q=red&utm_source=x")).said;
    let lines: Vec<&str> = said.lines().collect();
    let mark = lines.iter().position(|line| line.trim_start().starts_with('^')).expect(&said);
    let place = lines[mark].find('^').unwrap();
    assert!(lines[mark - 1][place..].starts_with("utm_source=x&"), "{said}");
    assert!(lines[mark - 4][place..].starts_with("expires_not=1&"), "{said}");
    assert_eq!(lines[mark - 1][..place], lines[mark - 4][..place], "{said}");
}

/// Requests with much to go through: as long as they may take, even where other
/// tests are running beside. What bounds them is a count of MACs.
#[test]
fn the_whole_search_ends_soon() {
    let signature = "0123456789abcdef".repeat(4);
    let many: String = (0..990).map(|nth| format!("n{nth}=v+{nth}&")).collect();
    for query in [
        "q=red",
        "q=%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%7E+%C3%A9&a[]=x",
        "a=1&b=2&c=3&d=4&e=5&f=6&message_sentiment=1&message_language_code=2&message_socialsignin_id=3",
        &many,
        &format!("q={}", "%C3%A9+".repeat(6000)),
        &"a[][][]=+&amp;%25;?".repeat(300),
    ] {
        let url = format!("https://crm.example:8443/search/?{query}&expires=4102444800&sig={signature}");
        let start = Instant::now();
        let explained = explain(SECRET, &url);
        let took = start.elapsed();
        assert_eq!(explained.code, 1);
        assert!(took < Duration::from_secs(60), "{took:?} for {}", &url[..100]);
    }
}

/// `ulimit` counts addresses in KiB, of which what is resident is a part.
#[test]
#[cfg(target_os = "linux")]
fn no_request_takes_more_than_100_mb() {
    let signature = "0123456789abcdef".repeat(4);
    let special: String = (b' '..0x7f).filter(|byte| !byte.is_ascii_alphanumeric()).map(char::from).collect();
    let special: String = form_urlencoded::byte_serialize(special.as_bytes()).collect();
    let of = |each: &dyn Fn(usize) -> String, count: usize| -> String {
        (0..count).map(each).collect::<Vec<_>>().join("&")
    };
    let json = |items: usize| format!("[{}]", vec![r#"{"n":"é/ <b>&","x":1.0}"#; items].join(","));
    for (query, body) in [
        (of(&|nth| format!("p{nth}={special}"), 1), None),
        (of(&|nth| format!("p{nth}={special}"), 20), None),
        (of(&|nth| format!("a.b{nth}[x y][]=+%C3%A9"), 300), None),
        (of(&|nth| format!("K{nth}=%20A,1.50,%26amp;O%27Br%2Fien+%C3%A9"), 12), None),
        (of(&|nth| format!("sig={nth:064}"), 300), None),
        (format!("q={}", special.repeat(400)), None),
        (String::new(), Some(json(500))),
        (String::new(), Some(json(38_000))),
        (String::new(), Some(json(400_000))),
    ] {
        let url = format!("https://crm.example/search?{query}&expires=4102444800&sig={signature}");
        let args = if body.is_some() { vec!["--webhook", &signature] } else { vec![&*url] };
        let mut process = Command::new("sh")
            .args(["-c", r#"ulimit -v 97656 && exec "$0" explain "$@""#, env!("CARGO_BIN_EXE_signed-query")])
            .args(args)
            .env("SECRET", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = process.stdin.take().unwrap().write_all(body.unwrap_or_default().as_bytes());
        let output = process.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", url.chars().take(90).collect::<String>());
    }
}

#[test]
fn hostile_input_is_shown_harmlessly() {
    for url in [
        "",
        "?",
        "&",
        "=",
        "?=&=",
        "%",
        "?%",
        "?sig",
        "?sig[]=1&expires[]=2",
        "https://",
        "://?a=b&sig=c",
        "https://[::1]:99999/?a=1&sig=2",
        "?\u{1b}[31m=\u{7}&sig=\u{202e}&expires=\u{1}1",
        "?é%=%é&sig=é&expires=é",
        "GET",
        "GET /",
        "\"GET /?",
        "https://urldefense.com/v3/__;**!",
        "?a=%u00e9&sig=%",
        "?expires=99999999999999999999999999&sig=0",
        "?expires=18446744073709551615&sig=aa",
        "http://é?é&sig=a=3D",
        "https://a.example/http%3A%2F%2Fé?sig=1",
    ] {
        let explained = run(&secret_of(SECRET), &["--", url], "");
        assert!([0, 1, 2].contains(&explained.code), "{url:?}: {}", explained.said);
        assert!(!explained.said.contains("panicked"), "{url:?}: {}", explained.said);
    }
    let nested = explain(SECRET, &format!("{HOST}?a{}=1", "[]".repeat(65)));
    assert!(nested.said.contains("64 levels") && nested.code == 1, "{}", nested.said);
}

#[test]
fn its_help_says_whom_it_is_for() {
    let none = BTreeMap::new();
    let help = run(&none, &["--help"], "");
    for part in ["developer's terminal", "SECRET", "--webhook", "--ignore", "--leeway", "--max-lifetime"] {
        assert!(help.said.contains(part) && help.code == 0, "{part} is not in {}", help.said);
    }
    let unset = run(&none, &["?a=1"], "");
    assert!(unset.said.contains("SECRET is not set") && unset.code == 2, "{}", unset.said);
    assert_eq!(run(&none, &[], "").code, 2);
    let no_query = explain(SECRET, HOST);
    assert!(no_query.said.contains("no query") && no_query.code == 2, "{}", no_query.said);
}
