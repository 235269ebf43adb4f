//! Prints a signed URL, to try a server by hand:
//!
//!     curl "$(SECRET=changeme! cargo run -q --example sign -- 'http://127.0.0.1:8080/search?q=smith')"

use std::{
    env,
    error::Error,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hyper::Uri;
use signed_query::{
    Key, laravel,
    symfony::{self, Alphabet},
};

const HELP: &str = "\
Prints a URL with its query signed.

Usage: SECRET=… cargo run -q --example sign -- [--laravel | --symfony | --symfony-7.2] URL [SECONDS]

  URL            what to sign, beginning with http:// or https://, as in
                 'http://127.0.0.1:8080/search?q=smith'
  SECONDS        for how many seconds the signature is valid (default: 300)
  --laravel      sign as Laravel does; SECRET is APP_KEY, including `base64:`, and a
                 path without a host, '/storage/a.txt', becomes a relative link
  --symfony      sign as Symfony 7.3 and later do
  --symfony-7.2  sign as Symfony 7.2 and older do

The secret is read from the environment variable SECRET.";

/// Whose rules to sign by.
#[derive(Clone, Copy)]
enum Scheme {
    Platform,
    Laravel,
    Symfony(Alphabet),
}

const DEFAULT_LIFE: &str = "300";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let texts: Option<Vec<&str>> = arguments.iter().map(|argument| argument.to_str()).collect();
    let Some(arguments) = texts else {
        let _ = writeln!(io::stderr(), "sign: the arguments are not UTF-8; percent-encode what a URL has");
        return ExitCode::from(2);
    };
    let (scheme, arguments) = match &arguments[..] {
        ["--laravel", rest @ ..] => (Scheme::Laravel, rest),
        ["--symfony", rest @ ..] => (Scheme::Symfony(Alphabet::UrlSafe), rest),
        ["--symfony-7.2", rest @ ..] => (Scheme::Symfony(Alphabet::Standard), rest),
        all => (Scheme::Platform, all),
    };
    let signed = match arguments[..] {
        ["-h" | "--help"] => Ok(HELP.to_owned()),
        [url] if !url.starts_with('-') => sign(scheme, url, DEFAULT_LIFE),
        [url, life] if !url.starts_with('-') => sign(scheme, url, life),
        _ => {
            let _ = writeln!(io::stderr(), "{HELP}");
            return ExitCode::from(2);
        }
    };
    // `println!` would panic where nobody reads it.
    match signed {
        Ok(text) => {
            let _ = writeln!(io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "sign: {error}");
            ExitCode::FAILURE
        }
    }
}

fn sign(scheme: Scheme, url: &str, life: &str) -> Result<String, Box<dyn Error>> {
    let secret = env::var_os("SECRET")
        .filter(|secret| !secret.is_empty())
        .ok_or("SECRET is not set; set it to the server's secret, as in SECRET=changeme! cargo run …")?;
    // The frameworks' schemes look at the URL themselves.
    if let Scheme::Platform = scheme {
        check(url)?;
    }
    if url.contains("&amp;") {
        let _ = writeln!(
            io::stderr(),
            "sign: the URL has `&amp;`, which is how HTML writes `&`; it is signed unchanged. Was it copied from \
             a page's source?"
        );
    }
    let life = life.parse().map_err(|_| format!("{life:?} is not a number of seconds"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let expires = now.checked_add(Duration::from_secs(life)).ok_or("that is too many seconds")?;
    let (key, expires) = (Key::new(secret.as_encoded_bytes())?, expires.as_secs());
    Ok(match scheme {
        Scheme::Platform => key.sign_url(url, expires)?,
        Scheme::Laravel => laravel::sign(&key, url, Some(expires))?,
        Scheme::Symfony(alphabet) => symfony::sign(&key, url, Some(expires), alphabet)?,
    })
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
