//! What the command is given.

use std::error::Error;

use clap::{Arg, ArgMatches, Command};

use super::scheme::Scheme;
use crate::{
    rules::{self, Rules},
    settings::{self, Policy},
};

const ABOUT: &str = "Explain why a signed URL or webhook is accepted or refused.";

const MORE: &str =
    "It prints the verdict, then what is wrong as far as it can tell, what to change and on which
side, and finally the details, indented.";

const AFTER: &str = "For the platform's webhooks:
  WEBHOOK_SECRET       Instead of SECRET
  WEBHOOK_SECRET_NAME  For /webhook/name; without a path, any of them is accepted
In the output, a secret is replaced by [secret], even where it is escaped, unless it is
shorter than six bytes.

Exit status: 0 if the request is accepted, 1 if it is refused, 2 if the input can't be
used.

This is for a developer's terminal. Until the URL has expired, keep it and this output out
of logs, tickets and chats.

Examples:
  SECRET=changeme! signed-query explain 'https://crm.example/search?q=…'
  SECRET=base64:… signed-query explain --laravel https://app.example 'https://app.example/a?…'
  SECRET=changeme! signed-query explain --webhook 7c9a… < body.json";

/// What is to be explained.
pub enum Subject {
    Url(String),
    /// The hash that came with a body, and the path that it was sent to.
    Webhook(String, Option<String>),
}

pub struct Arguments {
    pub subject: Subject,
    pub scheme: Scheme,
    pub policy: Policy,
}

pub fn command() -> Command {
    let not_for_webhooks = ["laravel", "laravel-relative", "symfony", "signature", "ignore"];
    Command::new("explain")
        .about(ABOUT)
        .long_about(format!("{ABOUT}\n\n{MORE}"))
        .after_help(format!("{}\n\n{}\n{AFTER}", rules::HELP, settings::HELP))
        .arg(
            Arg::new("url")
                .value_name("URL")
                .help("A URL, a path with a query, a query alone, or a line of an access log. Quote it, or the shell cuts it at `&`")
                .required_unless_present("webhook"),
        )
        .arg(
            Arg::new("webhook")
                .long("webhook")
                .value_name("HASH")
                .help("Explain a webhook instead, from its SocialSignIn-Hash header; the body is read from standard input, and URL may be its path")
                .conflicts_with_all(not_for_webhooks),
        )
        .args(rules::arguments())
        .args(settings::arguments())
}

impl Arguments {
    pub fn of(matches: &ArgMatches) -> Result<Self, Box<dyn Error>> {
        let url = matches.get_one::<String>("url").cloned();
        let rules = Rules::of(matches)?;
        let policy = Policy::of(matches, &rules)?;
        Ok(Self {
            subject: match matches.get_one::<String>("webhook").cloned() {
                Some(hash) => Subject::Webhook(hash, url),
                None => Subject::Url(url.unwrap_or_default()),
            },
            scheme: Scheme::new(rules, &policy),
            policy,
        })
    }
}
