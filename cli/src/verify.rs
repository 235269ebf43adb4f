//! Whether a signed URL or query is valid, and the parameters that were signed.

use std::error::Error;

use clap::{Arg, ArgMatches, Command};
use signed_query::{UNSIGNED_BY_PLATFORM, Verifier};

use crate::{key, outcome::Outcome};

const ABOUT: &str = "Verifies a signed URL or query, and prints its parameters, one a line.

The platform's eight unsigned parameters are left out. If the request is refused, the line
says why.";

const AFTER: &str = "The secret is read from the environment variable SECRET.

Exit status: 0 if the request is valid, 1 if it is refused, 2 if what is given can't be used.";

pub fn command() -> Command {
    Command::new("verify").about(ABOUT).after_help(AFTER).arg(
        Arg::new("url")
            .value_name("URL|QUERY")
            .required(true)
            .help("A URL with a query, or a query alone; in quotes, or the shell cuts it at `&`"),
    )
}

pub fn run(matches: &ArgMatches) -> Result<Outcome, Box<dyn Error>> {
    let given = matches.get_one::<String>("url").expect("it is required");
    let verifier = Verifier::new(key()?).ignoring(UNSIGNED_BY_PLATFORM)?;
    let is_url = given.contains("://") || given.starts_with(['/', '?']);
    let verified = if is_url { verifier.verify_url(given) } else { verifier.verify(given) };
    Ok(match verified {
        Ok(query) => {
            let lines: Vec<String> =
                query.iter().map(|(name, value)| format!("{}={}", line(&name), line(&value))).collect();
            Outcome { text: lines.join("\n"), is_accepted: true }
        }
        Err(error) => {
            Outcome { text: format!("Refused with status {}: {error}", error.status()), is_accepted: false }
        }
    })
}

/// In one line, and without what would steer a terminal.
fn line(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { char.escape_default().to_string() } else { char.into() })
        .collect()
}
