//! Signs a URL, to try a server by hand.

use std::{
    error::Error,
    io::{self, Write},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};
use http::Uri;
use signed_query::{
    laravel,
    symfony::{self, Alphabet},
};

use crate::{key, outcome::Outcome};

const ABOUT: &str = "Prints a URL with its query signed.";

const AFTER: &str = "The secret is read from the environment variable SECRET.

Example:
  curl \"$(SECRET=changeme! signed-query sign 'http://127.0.0.1:8080/search?q=smith')\"";

pub fn command() -> Command {
    let scheme = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    };
    Command::new("sign")
        .about(ABOUT)
        .after_help(AFTER)
        .arg(
            Arg::new("url")
                .value_name("URL")
                .required(true)
                .help("What to sign, beginning with http:// or https://; in quotes, or the shell cuts it at `&`"),
        )
        .arg(
            Arg::new("seconds")
                .value_name("SECONDS")
                .value_parser(value_parser!(u64))
                .default_value("300")
                .help("For how many seconds the signature is valid"),
        )
        .arg(scheme(
            "laravel",
            "Signs as Laravel does; SECRET is APP_KEY, including `base64:`, and a path without a host becomes a relative link",
        ))
        .arg(scheme("symfony", "Signs as Symfony 7.3 and later do"))
        .arg(scheme("symfony-7.2", "Signs as Symfony 7.2 and older do"))
        .group(ArgGroup::new("scheme").args(["laravel", "symfony", "symfony-7.2"]))
}

pub fn run(matches: &ArgMatches) -> Result<Outcome, Box<dyn Error>> {
    let url = matches.get_one::<String>("url").expect("it is required");
    let life = *matches.get_one::<u64>("seconds").expect("it has a default");
    let key = key()?;
    let is = |scheme| matches.get_flag(scheme);
    let is_of_framework = is("laravel") || is("symfony") || is("symfony-7.2");
    // The frameworks' schemes look at the URL themselves.
    if !is_of_framework {
        check(url)?;
    }
    if url.contains("&amp;") {
        let _ = writeln!(
            io::stderr(),
            "signed-query sign: the URL has `&amp;`, which is how HTML writes `&`; it is signed unchanged. Was it \
             copied from a page's source?"
        );
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let expires = now.checked_add(Duration::from_secs(life)).ok_or("that is too many seconds")?.as_secs();
    let text = if is("laravel") {
        laravel::sign(&key, url, Some(expires))?
    } else if is("symfony") {
        symfony::sign(&key, url, Some(expires), Alphabet::UrlSafe)?
    } else if is("symfony-7.2") {
        symfony::sign(&key, url, Some(expires), Alphabet::Standard)?
    } else {
        key.sign_url(url, expires)?
    };
    Ok(Outcome { text, is_accepted: true })
}

/// Refuses what has no scheme and host: to sign a name or a query alone gives
/// nothing that a browser or `curl` could open.
fn check(url: &str) -> Result<(), String> {
    let before_query = url.split(['?', '#']).next().unwrap_or_default();
    let uri = before_query.parse::<Uri>().ok();
    let is_url = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let refused = format!("{url:?} is not a URL like 'http://127.0.0.1:8080/search?q=smith'");
    if is_url { Ok(()) } else { Err(refused) }
}
