//! Named webhooks, for a platform that has several of them on one server: each at
//! `/webhook/NAME`, with its own secret.

use std::{collections::BTreeMap, env};

use signed_query::Key;

use crate::{
    variable::{ConfigError, key},
    webhook::Webhooks,
};

/// How the names of these variables begin; the rest is the webhook's name.
pub const SECRET_OF: &str = "WEBHOOK_SECRET_";

/// Secrets by webhook name, in capitals.
pub type Secrets = BTreeMap<String, Key>;

/// Reads the secrets from the environment.
pub fn secrets(warnings: &mut Vec<String>) -> Result<Secrets, ConfigError> {
    let mut secrets = Secrets::new();
    for (variable, _) in env::vars_os() {
        let Some(name) = variable.to_str().and_then(|variable| variable.strip_prefix(SECRET_OF)) else {
            continue;
        };
        let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(ConfigError(format!(
                "{SECRET_OF}{name}: in this variable's name, write the webhook's name in capitals, digits and \
                 `_`, as in {SECRET_OF}ORDERS for /webhook/orders"
            )));
        }
        if let Some(key) = key(&format!("{SECRET_OF}{name}"), warnings)? {
            secrets.insert(name.to_owned(), key);
        }
    }
    Ok(secrets)
}

/// Adds the named webhooks to the unnamed one.
pub fn add(webhooks: &mut Webhooks, secrets: Secrets, previous: Option<&Key>) {
    for (name, key) in secrets {
        webhooks.add(&format!("/{name}"), key, previous);
    }
}
