//! What the command is given: its arguments, and the secrets in its environment.

use std::{env, error::Error, time::Duration};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{
    scheme::{Kind, Scheme},
    secret::Secret,
};

const ABOUT: &str = "Explains why a signed URL or a webhook is accepted or refused.

It prints the verdict; what is wrong, if it can tell; what to change, and on which side;
then the details, indented. The exit code is 0 if the request is accepted, 1 if it is
refused, and 2 if there is nothing to explain.";

const AFTER: &str = "Environment (an empty variable counts as not set):
  SECRET           The server's secret; required
  PREVIOUS_SECRET  Accepted as well
  IFRAME_SECRET    Instead of SECRET if the path ends in /iframe
  WEBHOOK_SECRET   Instead of SECRET for webhooks
  WEBHOOK_SECRET_… Accepted for webhooks as well

Secrets are read only from the environment. Where one stands in what is printed, it
shows as [secret]; but one of fewer than six bytes, or in other characters, such as
escaped, is not known again.

This is for a developer's terminal: until the URL has expired, keep it and what is
printed here out of logs, tickets and chats.

Examples:
  SECRET=changeme! signed-query explain 'https://crm.example/search?q=…'
  SECRET=changeme! signed-query explain --webhook 7c9a… < body.json";

/// The policy of a server, which decides with it.
pub struct Policy {
    pub leeway: Duration,
    pub max_lifetime: Option<Duration>,
    /// Whether a link without an expiry is good.
    pub allows_unlimited: bool,
}

/// What is to be explained.
pub enum Subject {
    Url(String),
    /// The hash that came with a body.
    Webhook(String),
}

pub struct Arguments {
    pub subject: Subject,
    pub scheme: Scheme,
    pub policy: Policy,
}

pub fn command() -> Command {
    let seconds = |name: &'static str| Arg::new(name).value_name("SECONDS").value_parser(value_parser!(u64));
    Command::new("explain")
        .about(ABOUT)
        .after_help(AFTER)
        .arg(
            Arg::new("url")
                .value_name("URL")
                .help("A URL, a path with a query, a bare query, or a line of an access log; in quotes, or the shell cuts it at `&`")
                .required_unless_present("webhook"),
        )
        .arg(
            Arg::new("webhook")
                .long("webhook")
                .value_name("HASH")
                .help("Explains a webhook instead: the value of its header SocialSignIn-Hash; the body is read from standard input")
                .conflicts_with("url"),
        )
        .arg(
            Arg::new("ignore")
                .long("ignore")
                .value_name("NAME")
                .action(ArgAction::Append)
                .help("A parameter that the server ignores besides the platform's eight; may be repeated"),
        )
        .arg(
            Arg::new("ignore-prefix")
                .long("ignore-prefix")
                .value_name("START")
                .action(ArgAction::Append)
                .help("The start of the names of parameters that the server ignores, such as utm_; may be repeated"),
        )
        .arg(
            Arg::new("ignore-only")
                .long("ignore-only")
                .action(ArgAction::SetTrue)
                .help("The server ignores only what is named here, and not the platform's eight"),
        )
        .arg(
            Arg::new("laravel")
                .long("laravel")
                .value_name("ORIGIN")
                .conflicts_with_all(["laravel-relative", "symfony", "webhook", "ignore-prefix", "ignore-only"])
                .help("Explains a link that Laravel signed, for this origin, such as https://app.example; SECRET is APP_KEY, exactly as in .env"),
        )
        .arg(
            Arg::new("laravel-relative")
                .long("laravel-relative")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["symfony", "webhook", "ignore-prefix", "ignore-only"])
                .help("Explains a link that Laravel signed without its origin"),
        )
        .arg(
            Arg::new("symfony")
                .long("symfony")
                .value_name("ORIGIN")
                .conflicts_with_all(["webhook", "ignore", "ignore-prefix", "ignore-only"])
                .help("Explains a link that Symfony signed, for this origin; SECRET is kernel.secret"),
        )
        .arg(
            Arg::new("allow-unlimited")
                .long("allow-unlimited")
                .action(ArgAction::SetTrue)
                .help("The server accepts Laravel and Symfony links that do not expire"),
        )
        .arg(seconds("leeway").long("leeway").help("How long after its expiry the server accepts a URL"))
        .arg(seconds("max-lifetime").long("max-lifetime").help("How far ahead of now an expiry may be"))
}

impl Arguments {
    pub fn of(matches: &ArgMatches) -> Self {
        let texts = |name: &str| matches.get_many::<String>(name).unwrap_or_default().cloned();
        let seconds = |name: &str| matches.get_one::<u64>(name).copied().map(Duration::from_secs);
        let origin = |name: &str| matches.get_one::<String>(name).cloned();
        let kind = match (origin("laravel"), origin("symfony")) {
            (Some(origin), _) => Kind::Laravel { origin: Some(origin) },
            (_, Some(origin)) => Kind::Symfony { origin },
            _ if matches.get_flag("laravel-relative") => Kind::Laravel { origin: None },
            _ => Kind::Platform,
        };
        let mut scheme = Scheme::new(kind);
        if matches.get_flag("ignore-only") {
            scheme.unsigned.clear();
        }
        scheme.unsigned.extend(texts("ignore"));
        scheme.unsigned_prefixes.extend(texts("ignore-prefix"));
        let webhook = matches.get_one::<String>("webhook").cloned().map(Subject::Webhook);
        Self {
            subject: webhook.unwrap_or_else(|| Subject::Url(texts("url").collect())),
            scheme,
            policy: Policy {
                leeway: seconds("leeway").unwrap_or_default(),
                max_lifetime: seconds("max-lifetime"),
                allows_unlimited: matches.get_flag("allow-unlimited"),
            },
        }
    }
}

/// The server's secrets: those that are right for the subject, and its others.
pub struct Secrets {
    pub right: Vec<Secret>,
    pub others: Vec<Secret>,
}

impl Secrets {
    /// What is set, for a subject whose own secret may be in a variable of its own.
    pub fn from_env(own: Option<&str>) -> Result<Self, Box<dyn Error>> {
        let mut set: Vec<Secret> = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, value)| is_secret(name) && !value.is_empty())
            .map(|(name, value)| Secret { name, bytes: value.as_encoded_bytes().into() })
            .collect();
        set.sort_by(|a, b| a.name.cmp(&b.name));
        let position = |name: &str| set.iter().position(|secret| secret.name == name);
        let main = own.and_then(&position).or_else(|| position("SECRET")).ok_or(
            "SECRET is not set; set it to the server's secret, as in SECRET=changeme! signed-query explain …",
        )?;
        let main = set.remove(main);
        let is_right = |secret: &Secret| {
            secret.name == "PREVIOUS_SECRET"
                || own == Some("WEBHOOK_SECRET") && secret.name.starts_with("WEBHOOK_SECRET")
        };
        let (mut right, others): (Vec<_>, Vec<_>) = set.into_iter().partition(is_right);
        right.insert(0, main);
        Ok(Self { right, others })
    }
}

fn is_secret(name: &str) -> bool {
    ["SECRET", "PREVIOUS_SECRET", "IFRAME_SECRET", "WEBHOOK_SECRET"].contains(&name)
        || name.starts_with("WEBHOOK_SECRET_")
}
