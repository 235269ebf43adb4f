//! Whether a signed URL or query is valid, and the parameters that were signed.

use std::{
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::{
    outcome::Outcome,
    request::Request,
    rules::{self, Rules},
    settings::{self, Policy, Secrets},
    verdict::{Verified, refusal, verdict},
};

const ABOUT: &str = "Verify a signed URL or query, and print the parameters that were signed.";

const MORE: &str = "They are printed one per line as `name=value`, decoded, in the order of signing. If the
request is refused, a line says why; `explain` says more.";

const AFTER: &str =
    "Exit status: 0 if the request is valid, 1 if it is refused, 2 if the input can't be used.

Examples:
  SECRET=changeme! signed-query verify 'https://crm.example/search?q=…'
  SECRET=base64:… signed-query verify --laravel https://app.example '/unsubscribe?…'
  SECRET=… signed-query verify --signature hash --sorted 'hash=…&order=7'";

pub fn command() -> Command {
    Command::new("verify")
        .about(ABOUT)
        .long_about(format!("{ABOUT}\n\n{MORE}"))
        .after_help(format!("{}\n\n{}\n\n{AFTER}", rules::HELP, settings::HELP))
        .arg(
            Arg::new("url")
                .value_name("URL|QUERY")
                .required(true)
                .help("A URL, a path with a query, or a query alone. Quote it, or the shell cuts it at `&`"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print the parameters as a JSON object"),
        )
        .args(rules::arguments())
        .args(settings::arguments())
}

pub fn run(matches: &ArgMatches) -> Result<Outcome, Box<dyn Error>> {
    let given = matches.get_one::<String>("url").expect("it is required");
    let rules = Rules::of(matches)?;
    let policy = Policy::of(matches, &rules)?;
    let request = Request::read(given);
    let secrets = Secrets::at(&request.path, &rules)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Ok(match verdict(&request, &rules, &policy, &secrets.right, now)? {
        Ok(Verified { parameters, .. }) if matches.get_flag("json") => {
            Outcome { text: json(&parameters)?, is_accepted: true }
        }
        Ok(Verified { parameters, .. }) => {
            let lines: Vec<String> =
                parameters.iter().map(|(name, value)| format!("{}={}", line(name), line(value))).collect();
            Outcome { text: lines.join("\n"), is_accepted: true }
        }
        Err(error) => Outcome { text: refusal(&error), is_accepted: false },
    })
}

/// On one line, and without control characters.
fn line(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { char.escape_default().to_string() } else { char.into() })
        .collect()
}

/// An object with the names as PHP writes them (`a[0]`), in the order of signing.
fn json(parameters: &[(String, String)]) -> Result<String, serde_json::Error> {
    let member = |(name, value): &(String, String)| {
        Ok(format!("{}:{}", serde_json::to_string(name)?, serde_json::to_string(value)?))
    };
    let members: Result<Vec<String>, serde_json::Error> = parameters.iter().map(member).collect();
    Ok(format!("{{{}}}", members?.join(",")))
}
