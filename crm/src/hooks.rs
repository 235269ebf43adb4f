//! Webhooks under names, where the platform has several on one server: each at
//! `/webhook/NAME`, with a secret of its own.

use std::{collections::BTreeMap, env};

use signed_query::Key;

use crate::{
    variable::{ConfigError, key},
    webhook::Webhooks,
};

/// What the variable of a secret begins with; the rest is the hook's name.
pub const SECRET_OF: &str = "WEBHOOK_SECRET_";

/// Secrets by the names of hooks, in capitals.
pub type Secrets = BTreeMap<String, Key>;

/// The secrets that the environment has.
pub fn secrets(warnings: &mut Vec<String>) -> Result<Secrets, ConfigError> {
    let mut secrets = Secrets::new();
    for (variable, _) in env::vars_os() {
        let Some(name) = variable.to_str().and_then(|variable| variable.strip_prefix(SECRET_OF)) else {
            continue;
        };
        let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(ConfigError(format!(
                "{SECRET_OF}{name}: a webhook's name consists of capitals, digits and `_` here, as in \
                 {SECRET_OF}ORDERS for /webhook/orders"
            )));
        }
        if let Some(key) = key(&format!("{SECRET_OF}{name}"), warnings)? {
            secrets.insert(name.to_owned(), key);
        }
    }
    Ok(secrets)
}

/// Adds them to the usual webhook.
pub fn add(webhooks: &mut Webhooks, secrets: Secrets, previous: Option<&Key>) {
    for (name, key) in secrets {
        webhooks.add(&format!("/{name}"), key, previous);
    }
}
