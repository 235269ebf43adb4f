//! Configuration, from the environment.

use std::{
    env,
    error::Error,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use hyper::header::HeaderValue;
use signed_query::Key;
use tracing::Level;

/// Where the platform shows iframes.
const PLATFORM_ORIGIN: &str = "https://app.socialsignin.net";

/// What the server is to do. A variable that is empty counts as not set.
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
    /// `LISTEN`: an address and a port.
    pub listen: String,
    /// `DATABASE`: a file, or sample people in memory.
    pub database: Option<PathBuf>,
    /// `FRAME_ANCESTORS`: who may show the iframe, as in a
    /// Content-Security-Policy.
    pub frame_ancestors: String,
    /// `LOG`: the least severe of what is logged. Each request is a line at
    /// `debug`, which by default is off: else whoever floods the server with
    /// refused requests fills its disk.
    pub log: Level,
}

/// What is wrong with the configuration, and what to do about it.
#[derive(Debug)]
pub struct ConfigError(String);

impl Config {
    pub fn from_env() -> Result<Self, ConfigError> {
        let secret = key("SECRET")?.ok_or_else(|| {
            ConfigError(
                "SECRET is not set. Set it to the secret that the platform has for this integration, as in\n    \
                 SECRET=changeme! cargo run --example server"
                    .into(),
            )
        })?;
        Ok(Self {
            secret,
            previous_secret: key("PREVIOUS_SECRET")?,
            iframe_secret: key("IFRAME_SECRET")?,
            webhook_secret: key("WEBHOOK_SECRET")?,
            listen: text("LISTEN")?.unwrap_or_else(|| "127.0.0.1:8080".into()),
            database: variable("DATABASE").map(|path| Path::new(&path).to_owned()),
            frame_ancestors: frame_ancestors()?,
            log: log()?,
        })
    }
}

fn frame_ancestors() -> Result<String, ConfigError> {
    let sources = text("FRAME_ANCESTORS")?.unwrap_or_else(|| PLATFORM_ORIGIN.into());
    // Either character would end the list and begin something else.
    if sources.contains([';', ',']) || HeaderValue::from_str(&sources).is_err() {
        return Err(ConfigError(
            "FRAME_ANCESTORS is not a list of origins with spaces between, as in https://a.example https://b.example"
                .into(),
        ));
    }
    Ok(sources)
}

fn log() -> Result<Level, ConfigError> {
    let level = text("LOG")?.map_or(Ok(Level::INFO), |level| level.parse());
    level.map_err(|_| ConfigError("LOG is none of error, warn, info, debug and trace".into()))
}

/// A secret may be any bytes.
fn key(name: &str) -> Result<Option<Key>, ConfigError> {
    let secret = variable(name);
    let key = secret.map(|secret| Key::new(secret.as_encoded_bytes())).transpose();
    key.map_err(|error| ConfigError(format!("{name}: {error}")))
}

fn text(name: &str) -> Result<Option<String>, ConfigError> {
    let text = variable(name).map(OsString::into_string).transpose();
    text.map_err(|_| ConfigError(format!("{name} is not UTF-8")))
}

fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}
