//! Variables of the environment. One that is empty counts as not set.

use std::{env, error::Error, ffi::OsString, fmt, time::Duration};

use signed_query::Key;

/// What is wrong with the configuration, and what to do about it.
#[derive(Debug)]
pub struct ConfigError(pub String);

pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

pub fn text(name: &str) -> Result<Option<String>, ConfigError> {
    let text = variable(name).map(OsString::into_string).transpose();
    text.map_err(|_| ConfigError(format!("{name} is not UTF-8")))
}

pub fn seconds(name: &str) -> Result<Option<Duration>, ConfigError> {
    let seconds = text(name)?.map(|text| text.parse().map(Duration::from_secs)).transpose();
    seconds.map_err(|_| ConfigError(format!("{name} is not a number of seconds, as in {name}=60")))
}

/// A secret, which may be any bytes; and a warning if it looks like a slip.
pub fn key(name: &str, warnings: &mut Vec<String>) -> Result<Option<Key>, ConfigError> {
    let Some(secret) = variable(name) else { return Ok(None) };
    let secret = secret.as_encoded_bytes();
    warnings.extend(slip(secret).map(|slip| {
        format!("{name} {slip}, which is taken as a part of the secret: is it one in the platform, too?")
    }));
    Key::new(secret).map(Some).map_err(|error| ConfigError(format!("{name}: {error}")))
}

/// What a secret has that shells and editors add.
fn slip(secret: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(secret);
    let is_quoted = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if text.trim() != text {
        Some("begins or ends in white space")
    } else if is_quoted('"') || is_quoted('\'') {
        Some("stands in quotes")
    } else {
        None
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}
