//! Tells a developer why a signed URL is refused:
//!
//!     SECRET=changeme! cargo run -q --example explain -- 'http://127.0.0.1:8080/search?q=red&expires=…&sig=…'
//!
//! What it prints is worth as much as the secret, so it is for a terminal and
//! never for a server: the library itself has no way to ask for any of it.

mod mistakes;

use std::{
    env,
    error::Error,
    fmt::Write,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use signed_query::{Key, UNSIGNED_BY_PLATFORM, Verifier, canonicalize};

use crate::mistakes::{Mac, is_signed, keep, known_mistake};

const HELP: &str = "\
Explains why a signed URL is accepted or refused.

Usage: SECRET=… cargo run -q --example explain -- URL

It prints what was signed, the parameters as PHP reads them, when the URL
expires or how long ago it did, and, where the signature does not match, which
known mistake of the signer explains that.

The secret is read from the environment variable SECRET and from nowhere else.
This is for a developer's terminal: do not put what it prints, nor the URL, into
a log, a ticket or a chat while it has not expired.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let explained = match &arguments[..] {
        [help] if help == "-h" || help == "--help" => Ok((HELP.to_owned(), true)),
        [url] if !url.starts_with('-') => explain(url),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match explained {
        Ok((text, is_good)) => {
            println!("{}", text.trim_end());
            if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("explain: {error}");
            ExitCode::from(2)
        }
    }
}

/// The explanation, and whether a server would accept the URL now.
fn explain(url: &str) -> Result<(String, bool), Box<dyn Error>> {
    let secret = env::var_os("SECRET").filter(|secret| !secret.is_empty()).ok_or(
        "SECRET is not set; set it to the secret that the server has, as in SECRET=changeme! cargo run …",
    )?;
    let secret = secret.as_encoded_bytes();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let verifier = Verifier::new(Key::new(secret)?).ignoring(UNSIGNED_BY_PLATFORM);
    let (_, query) =
        without_fragment(url).split_once('?').ok_or("the URL has no query, which begins with `?`")?;

    let verdict = verifier.verify_at(query, now);
    let mut text = String::new();
    match &verdict {
        Ok(_) => writeln!(text, "Accepted.")?,
        Err(error) => writeln!(text, "Refused with status {}: {error}.", error.status())?,
    }
    // A query past PHP's limits has no canonical form to show.
    let Ok(canonical) = canonicalize(query) else { return Ok((text, false)) };
    let parameters = Parameters::read(&canonical);
    writeln!(text, "\nThe signature is for this text:\n  {}", parameters.signed)?;
    writeln!(text, "\nThe parameters as PHP reads them:")?;
    for (name, value) in form_urlencoded::parse(canonical.as_bytes()) {
        let note = match UNSIGNED_BY_PLATFORM.contains(&base(&name)) {
            true => "   (not signed: the platform adds it)",
            false => "",
        };
        writeln!(text, "  {name:?} = {value:?}{note}")?;
    }
    if let Some(expires) = parameters.expires {
        writeln!(text, "\n{}", expiry(expires, now))?;
    }
    if let (Some(signature), Err(signed_query::Error::Mismatch)) = (&parameters.signature, &verdict) {
        let mac = Mac { secret, signature };
        match known_mistake(&mac, url, query, &canonical) {
            Some(mistake) => writeln!(text, "\nWhat explains the signature: {mistake}.")?,
            None => writeln!(
                text,
                "\nNo known mistake explains the signature. Most likely the secret is another one, or the \
                 query was changed on its way."
            )?,
        }
    }
    Ok((text, verdict.is_ok()))
}

/// What matters of a query in canonical form.
struct Parameters {
    signed: String,
    signature: Option<String>,
    expires: Option<u64>,
}

impl Parameters {
    fn read(canonical: &str) -> Self {
        let find = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(canonical.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        Self {
            signed: keep(canonical, is_signed),
            signature: find("sig"),
            expires: find("expires").and_then(|expires| expires.parse().ok()),
        }
    }
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

/// The name of the outermost array that a flat name is in.
fn base(name: &str) -> &str {
    name.split_once('[').map_or(name, |(base, _)| base)
}

fn expiry(expires: u64, now: u64) -> String {
    let (when, seconds) =
        if expires < now { ("It expired", now - expires) } else { ("It expires", expires - now) };
    let [days, hours, minutes] = [seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60];
    let long = match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} days {hours} h"),
    };
    match expires < now {
        true => format!("{when} {long} ago, at {expires} (Unix seconds)."),
        false => format!("{when} in {long}, at {expires} (Unix seconds)."),
    }
}
