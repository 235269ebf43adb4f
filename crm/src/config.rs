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
/// Longer than any of the platform's requests is valid. Without a bound, a request whose
/// signer counts milliseconds would be valid for ever.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The most that clocks may differ by: with more, requests would hardly expire.
const MAX_LEEWAY: u64 = 24 * 60 * 60;
/// Anything larger was meant as milliseconds.
const MAX_MAX_LIFETIME: u64 = 366 * 24 * 60 * 60;

pub const HELP: &str = "\
Answers SocialSignIn's (Orlo's) signed requests about the people of a CRM.

Usage: SECRET=… crm
       DATABASE=… crm import people.csv

import adds the people in a CSV file to the database and updates those whose id is already
there; servers can keep running meanwhile. The first line of the file names its columns: id
and name, and any of email, phone, handle and crm_url.

  SECRET           the secret shared with the platform; required
  PREVIOUS_SECRET  a former secret, which is still accepted on every path
  IFRAME_SECRET    used instead of SECRET for /iframe
  WEBHOOK_SECRET   used instead of SECRET for /webhook
  WEBHOOK_SECRET_NAME
                   used instead of SECRET for /webhook/name
  LEEWAY           how many seconds after it expired a request is still accepted;
                   default: 0
  MAX_LIFETIME     how many seconds ahead a request may expire; default: 86400
  LISTEN           address and port, or just a port, on 127.0.0.1;
                   default: 127.0.0.1:8080
  DATABASE         a SQLite file, or postgres://user:password@host/database if built
                   with the feature postgres; default: sample people in memory
  CURRENCY         the currency sign before amounts; default: £
  FRAME_ANCESTORS  the origins that may frame the page, separated by spaces;
                   default: the platform's
  LOG              error, warn, info, debug or trace; default: info

An empty variable counts as unset.";

/// What the server is to do.
pub struct Config {
    /// `SECRET`: shared with the platform.
    pub secret: Key,
    /// `PREVIOUS_SECRET`: accepted as well as the others, everywhere.
    pub previous_secret: Option<Key>,
    /// `IFRAME_SECRET`: used instead of `SECRET` where the platform has a separate one for
    /// the iframe.
    pub iframe_secret: Option<Key>,
    /// `WEBHOOK_SECRET`: used instead of `SECRET` where webhooks have a separate one.
    pub webhook_secret: Option<Key>,
    pub hooks: hooks::Secrets, // `WEBHOOK_SECRET_NAME`: for `/webhook/NAME`
    /// `LEEWAY`: for how many seconds a request stays valid after it expired, since clocks
    /// differ.
    pub leeway: Duration,
    /// `MAX_LIFETIME`: how many seconds from now a request may expire.
    pub max_lifetime: Duration,
    /// `LISTEN`: an address and a port.
    pub listen: String,
    /// `DATABASE`: a file or, if built with PostgreSQL, a URL; if unset, sample people in memory.
    pub database: Option<PathBuf>,
    /// `CURRENCY`: the sign in front of amounts.
    pub currency: String,
    /// `FRAME_ANCESTORS`: the origins that may frame the page, as in a
    /// Content-Security-Policy.
    pub frame_ancestors: String,
    /// `LOG`: the least severe level that is logged. Each request is a line at `debug`, which
    /// is off by default: otherwise anyone could fill the disk by flooding the server with
    /// requests that are refused.
    pub log: Level,
    /// Values that look like mistakes but need not be.
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

/// A port alone is on 127.0.0.1.
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
    // Browsers ignore it beside other sources.
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

/// Whether this is a source that a browser understands. Any other is ignored, and then nobody
/// may frame the page.
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
    // These were meant as the quoted keywords.
    let is_word = ["self", "none"].iter().any(|word| source.eq_ignore_ascii_case(word));
    is_scheme(scheme)
        && is_port(port)
        && !is_word
        && (host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(is_label))
}

fn log() -> Result<Level, ConfigError> {
    // `Level` also parses numbers, which nobody documents.
    let level = text("LOG")?.unwrap_or_else(|| "info".into());
    let is_word = level.bytes().all(|byte| byte.is_ascii_alphabetic());
    level
        .parse()
        .ok()
        .filter(|_| is_word)
        .ok_or_else(|| ConfigError("LOG must be one of error, warn, info, debug and trace".into()))
}
