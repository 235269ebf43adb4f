//! Signs a URL or a query, to try a server by hand.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clap::{Arg, ArgMatches, Command, value_parser};
use http::Uri;
use serde_json::Value;
use signed_query::{
    Key, laravel,
    symfony::{self, Alphabet},
};

use crate::{
    outcome::Outcome,
    request::{self, Request},
    rules::{self, Own, Rules},
    settings::Secrets,
};

const ABOUT: &str = "Sign a URL or a query, and print it.";

const AFTER: &str =
    "The secret is read from the environment variable SECRET; for the platform's /iframe, from
IFRAME_SECRET if that is set.

Examples:
  curl \"$(SECRET=changeme! signed-query sign 'http://127.0.0.1:8080/search?q=smith')\"
  SECRET=base64:… signed-query sign --laravel https://app.example '/unsubscribe?user=7' 3600
  SECRET=… signed-query sign --signature hash --issued-at ts --max-age 300 --sorted 'user=7'
  SECRET=… signed-query sign --signature hash --values order.json";

const DEFAULT_LIFE: u64 = 300;

pub fn command() -> Command {
    Command::new("sign")
        .about(ABOUT)
        .after_help(format!("{}\n\n{AFTER}", rules::HELP))
        .arg(Arg::new("url").value_name("URL|QUERY").required_unless_present("values").help(
            "The URL (http:// or https://) or query to sign; for framework links, a path with its query as well. Quote it, or the shell cuts it at `&`",
        ))
        .arg(
            Arg::new("seconds")
                .value_name("SECONDS")
                .value_parser(value_parser!(u64))
                .help("How long the signature is valid, if the scheme has an expiry [default: 300]"),
        )
        .arg(
            Arg::new("values")
                .long("values")
                .value_name("FILE")
                .conflicts_with_all(["laravel", "laravel-relative", "symfony", "symfony-7.2"])
                .help("Sign the values in a JSON file, or on standard input (`-`), as PHP's http_build_query writes them; they become the query of URL, if one is given"),
        )
        .args(rules::arguments())
        .arg(
            Arg::new("symfony-7.2")
                .long("symfony-7.2")
                .value_name("ORIGIN")
                .conflicts_with_all(["laravel", "laravel-relative", "symfony"])
                .help_heading(rules::FRAMEWORK)
                .help("Symfony links that versions before 7.3 accept as well: their signature is in standard base64"),
        )
}

pub fn run(matches: &ArgMatches) -> Result<Outcome, Box<dyn Error>> {
    let given = matches.get_one::<String>("url").map_or("", String::as_str);
    let seconds = matches.get_one::<u64>("seconds").copied();
    let values = matches.get_one::<String>("values");
    // Values need no URL, and then the only argument is the seconds.
    let (given, seconds) = match given.parse() {
        Ok(number) if values.is_some() && seconds.is_none() => ("", Some(number)),
        _ => (given, seconds),
    };
    let old_symfony = matches.get_one::<String>("symfony-7.2").cloned();
    let is_old = old_symfony.is_some();
    let rules = match old_symfony {
        Some(origin) => Rules::Symfony { origin },
        None => Rules::of(matches)?,
    };
    let secrets = Secrets::at(&Request::read(given).path, &rules)?;
    let key = rules.key(&secrets.right[0].bytes)?;
    if given.contains("&amp;") {
        let _ = writeln!(
            io::stderr(),
            "signed-query sign: the URL has `&amp;`, which is how HTML writes `&`; it is signed unchanged. Was it \
             copied from a page's source?"
        );
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let life = Duration::from_secs(seconds.unwrap_or(DEFAULT_LIFE));
    let expires = now.checked_add(life).ok_or("that is too many seconds")?.as_secs();
    let text = match &rules {
        Rules::Query(own) => {
            let time = time(own, expires, now.as_secs(), seconds.is_some())?;
            match values {
                Some(file) => sign_values(&key, own, given, file, time)?,
                None => sign_query(&key, own, given, time)?,
            }
        }
        Rules::Laravel { origin: None } => {
            // The origin that it is sent to is not signed.
            let (origin, target) = request::split_origin(given);
            [origin, &laravel::sign(&key, target, Some(expires))?].concat()
        }
        Rules::Laravel { origin: Some(origin) } => {
            laravel::sign(&key, &at_origin(given, origin)?, Some(expires))?
        }
        Rules::Symfony { origin } => {
            let alphabet = if is_old { Alphabet::Standard } else { Alphabet::UrlSafe };
            symfony::sign(&key, &at_origin(given, origin)?, Some(expires), alphabet)?
        }
    };
    Ok(Outcome { text, is_accepted: true })
}

/// The time to send, of a request that expires then and is signed now.
fn time(own: &Own, expires: u64, now: u64, has_life: bool) -> Result<Option<u64>, &'static str> {
    match &own.time {
        Some(time) if time.max_age.is_none() => Ok(Some(expires)),
        _ if has_life => Err("SECONDS needs a scheme with an expiry, and this one has none"),
        Some(_) => Ok(Some(now)),
        None => Ok(None),
    }
}

fn sign_query(key: &Key, own: &Own, given: &str, time: Option<u64>) -> Result<String, Box<dyn Error>> {
    let is_query = request::is_query_alone(given);
    if !is_query {
        check(given)?;
    }
    let url = if is_query { format!("?{given}") } else { given.to_owned() };
    let signed = own.scheme()?.sign_url(key, &url, time)?;
    Ok(if is_query { signed[1..].to_owned() } else { signed })
}

/// Signs the values in a JSON file, in their order there, as the query of a URL or alone.
fn sign_values(
    key: &Key,
    own: &Own,
    url: &str,
    file: &str,
    time: Option<u64>,
) -> Result<String, Box<dyn Error>> {
    if !url.is_empty() {
        check(url)?;
    }
    if url.contains(['?', '#']) {
        return Err("the values become the query; give a URL without one".into());
    }
    let (name, read) = match file {
        "-" => ("standard input", io::read_to_string(io::stdin())),
        _ => (file, fs::read_to_string(file)),
    };
    let json = read.map_err(|error| format!("{name}: {error}"))?;
    let values: Value =
        serde_json::from_str(&json).map_err(|error| format!("{name} can't be read as JSON: {error}"))?;
    if !values.is_object() && !values.is_array() {
        return Err(format!("the JSON in {name} must be an object or an array").into());
    }
    let query = own.scheme()?.sign_value(key, &values, time)?;
    Ok(if url.is_empty() { query } else { format!("{url}?{query}") })
}

/// A URL of this origin, given whole or from its path on.
fn at_origin(given: &str, origin: &str) -> Result<String, String> {
    let (own, target) = request::split_origin(given);
    let origin = origin.trim_end_matches('/');
    match own.is_empty() || own.eq_ignore_ascii_case(origin) {
        true => Ok([origin, target].concat()),
        false => Err(format!("{given:?} is not a URL of {origin}; give its path, or another origin")),
    }
}

/// Refuses what has no scheme and host: to sign a name or a path alone gives nothing that
/// a browser or `curl` could open.
fn check(url: &str) -> Result<(), String> {
    let before_query = url.split(['?', '#']).next().unwrap_or_default();
    let uri = before_query.parse::<Uri>().ok();
    let is_url = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let refused = format!(
        "{url:?} is neither a URL, as in 'http://127.0.0.1:8080/search?q=smith', nor a query, as in 'q=smith'"
    );
    if is_url || url.starts_with('?') { Ok(()) } else { Err(refused) }
}
