//! Environment variables. An empty one counts as unset.

use std::{env, error::Error, ffi::OsString, fmt, ops::RangeInclusive, time::Duration};

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

/// A number of seconds within a range: any other must be a mistake.
pub fn seconds(name: &str, allowed: RangeInclusive<u64>) -> Result<Option<Duration>, ConfigError> {
    let Some(text) = text(name)? else { return Ok(None) };
    match text.parse() {
        Ok(seconds) if allowed.contains(&seconds) => Ok(Some(Duration::from_secs(seconds))),
        _ => {
            let (least, most) = allowed.into_inner();
            Err(ConfigError(format!(
                "{name}={text} is not a number of seconds from {least} to {most}, as in {name}=60"
            )))
        }
    }
}

/// A secret, which may be any bytes, and a warning if it looks mistyped.
pub fn key(name: &str, warnings: &mut Vec<String>) -> Result<Option<Key>, ConfigError> {
    let Some(secret) = variable(name) else { return Ok(None) };
    let secret = secret.as_encoded_bytes();
    warnings.extend(
        slip(secret).map(|slip| {
            format!("{name} {slip}. It is used as it is: does the platform have exactly the same?")
        }),
    );
    Key::new(secret).map(Some).map_err(|error| ConfigError(format!("{name}: {error}")))
}

/// Something that shells and editors tend to add to a secret.
fn slip(secret: &[u8]) -> Option<&'static str> {
    /// Those of programs and those of prose.
    const QUOTES: &[char] =
        &['"', '\'', '`', '´', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›'];
    let text = String::from_utf8_lossy(secret);
    if text.trim() != text {
        Some("begins or ends with white space")
    } else if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        Some("begins or ends with quotes")
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
