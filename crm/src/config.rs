//! Configuration, from the environment.

use std::{path::PathBuf, time::Duration};

use signed_query::Key;
use tracing::Level;

use crate::{
    hooks,
    variable::{ConfigError, key, seconds, text, variable},
};

/// Where the platform shows iframes.
const PLATFORM_ORIGINS: &str = "https://app.socialsignin.net https://www.orlo.app";
/// Longer than any request of the platform is good for. Without a bound, one whose
/// signer counts milliseconds would be good for ever.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// For how long clocks may differ at most: with more, requests would hardly expire.
const MAX_LEEWAY: u64 = 24 * 60 * 60;
/// With more, what was meant is milliseconds.
const MAX_MAX_LIFETIME: u64 = 366 * 24 * 60 * 60;

pub const HELP: &str = "\
Answers SocialSignIn's (Orlo's) signed requests about the people of a CRM.

Usage: SECRET=… cargo run
       DATABASE=… cargo run -- import people.csv

import adds people from a CSV file to the database, beside running servers, and updates those
who are there. The first line names the columns: id, name and any of email, phone, handle and
crm_url.

  SECRET           shared with the platform; required
  PREVIOUS_SECRET  accepted as well, on every path
  IFRAME_SECRET    instead of SECRET for /iframe
  WEBHOOK_SECRET   instead of SECRET for /webhook
  WEBHOOK_SECRET_NAME
                   the secret of /webhook/name
  LEEWAY           for how many seconds a request is still accepted after it expired; by
                   default 0
  MAX_LIFETIME     how many seconds ahead a request may expire; by default 86400
  LISTEN           address and port, or a port of 127.0.0.1 alone; by default
                   127.0.0.1:8080
  DATABASE         a SQLite file, or postgres://user:password@host/database; by default
                   sample people in memory
  CURRENCY         what stands before amounts; by default £
  FRAME_ANCESTORS  the origins that may frame the page, separated by spaces; by default
                   the platform's
  LOG              error, warn, info, debug or trace; by default info

A variable that is empty counts as not set.";

/// What the server is to do.
pub struct Config {
    /// `SECRET`: shared with the platform.
    pub secret: Key,
    /// `PREVIOUS_SECRET`: accepted besides the others, everywhere.
    pub previous_secret: Option<Key>,
    /// `IFRAME_SECRET`: instead of `SECRET`, where the platform was given
    /// another one for the iframe.
    pub iframe_secret: Option<Key>,
    /// `WEBHOOK_SECRET`: instead of `SECRET`, where webhooks have another one.
    pub webhook_secret: Option<Key>,
    pub hooks: hooks::Secrets, // `WEBHOOK_SECRET_NAME`: for `/webhook/NAME`
    /// `LEEWAY`: for how many seconds a request is good after it expired, since
    /// clocks differ.
    pub leeway: Duration,
    /// `MAX_LIFETIME`: for how many seconds from now a request may be good.
    pub max_lifetime: Duration,
    /// `LISTEN`: an address and a port.
    pub listen: String,
    /// `DATABASE`: a file or, built with PostgreSQL, a URL; or sample people in memory.
    pub database: Option<PathBuf>,
    /// `CURRENCY`: what stands in front of amounts.
    pub currency: String,
    /// `FRAME_ANCESTORS`: who may show the iframe, as in a
    /// Content-Security-Policy.
    pub frame_ancestors: String,
    /// `LOG`: the least severe of what is logged. Each request is a line at
    /// `debug`, which by default is off: otherwise anyone who floods the server
    /// with refused requests fills its disk.
    pub log: Level,
    /// What looks like a slip, and may not be one.
    pub warnings: Vec<String>,
}

impl Config {
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut warnings = Vec::new();
        let secret = key("SECRET", &mut warnings)?.ok_or_else(|| {
            ConfigError(
                "SECRET is not set. Set it to the secret that the platform has for this integration, as in\n    \
                 SECRET=changeme! cargo run …"
                    .into(),
            )
        })?;
        Ok(Self {
            secret,
            previous_secret: key("PREVIOUS_SECRET", &mut warnings)?,
            iframe_secret: key("IFRAME_SECRET", &mut warnings)?,
            webhook_secret: key("WEBHOOK_SECRET", &mut warnings)?,
            hooks: hooks::secrets(&mut warnings)?,
            leeway: seconds("LEEWAY", 0..=MAX_LEEWAY)?.unwrap_or_default(),
            max_lifetime: seconds("MAX_LIFETIME", 1..=MAX_MAX_LIFETIME)?.unwrap_or(MAX_LIFETIME),
            listen: listen()?,
            database: variable("DATABASE").map(PathBuf::from),
            currency: text("CURRENCY")?.unwrap_or_else(|| "£".into()),
            frame_ancestors: frame_ancestors()?,
            log: log()?,
            warnings,
        })
    }
}

/// A port alone is one of this machine.
fn listen() -> Result<String, ConfigError> {
    let listen = text("LISTEN")?.unwrap_or_else(|| "8080".into());
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    match listen.rsplit_once(':') {
        None if is_port(&listen) => Ok(format!("127.0.0.1:{listen}")),
        Some((host, port)) if !host.is_empty() && is_port(port) => Ok(listen),
        _ => Err(ConfigError(format!(
            "LISTEN={listen} is neither a port nor an address and a port, as in LISTEN=8080, LISTEN=127.0.0.1:8080 or LISTEN=[::1]:8080"
        ))),
    }
}

fn frame_ancestors() -> Result<String, ConfigError> {
    let sources = text("FRAME_ANCESTORS")?.unwrap_or_else(|| PLATFORM_ORIGINS.into());
    // With others beside it, browsers take no notice of it.
    let is_none = sources.trim_matches([' ', '\t']).eq_ignore_ascii_case("'none'");
    let mut listed = sources.split([' ', '\t']).filter(|source| !source.is_empty()).peekable();
    let is_empty = listed.peek().is_none();
    let wrong = listed.find(|source| !is_source(source));
    if !is_none && (is_empty || wrong.is_some()) {
        let wrong = wrong.map(|source| format!(" ({source} is not one)")).unwrap_or_default();
        return Err(ConfigError(format!(
            "FRAME_ANCESTORS must be origins separated by spaces, as in https://a.example \
             https://b.example{wrong}, or 'self', or 'none' alone, in single quotes"
        )));
    }
    Ok(sources)
}

/// Whether a browser compares the origin that frames a page with this. It ignores
/// anything else, and then nobody may frame the page.
fn is_source(source: &str) -> bool {
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let is_port = |text: &str| text == "*" || text.parse::<u16>().is_ok();
    let is_label = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if source == "*"
        || source.eq_ignore_ascii_case("'self'")
        || source.strip_suffix(':').is_some_and(is_scheme)
    {
        return true;
    }
    let (scheme, place) = source.split_once("://").unwrap_or(("https", source));
    let place = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = place.rsplit_once(':').unwrap_or((place, "*"));
    // Which are meant as the words in quotes.
    let is_word = ["self", "none"].iter().any(|word| source.eq_ignore_ascii_case(word));
    is_scheme(scheme)
        && is_port(port)
        && !is_word
        && (host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(is_label))
}

fn log() -> Result<Level, ConfigError> {
    // Of what `Level` reads, no numbers.
    let level = text("LOG")?.unwrap_or_else(|| "info".into());
    let is_word = level.bytes().all(|byte| byte.is_ascii_alphabetic());
    level
        .parse()
        .ok()
        .filter(|_| is_word)
        .ok_or_else(|| ConfigError("LOG must be one of error, warn, info, debug and trace".into()))
}
