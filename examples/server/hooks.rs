//! The platform's webhooks, of which it can tell several apart on one server:
//! `/webhook`, and `/webhook/NAME` with a secret of its own.

use std::{collections::BTreeMap, env, fmt};

use signed_query::{Key, webhook::Receiver};

use crate::variable::{ConfigError, key};

const PATH: &str = "/webhook";
/// What the variable of a secret begins with; the rest is the hook's name.
const SECRET_OF: &str = "WEBHOOK_SECRET_";

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
                "{SECRET_OF}{name}: the name of a webhook is of letters, digits and `_`, in capitals here, as in \
                 {SECRET_OF}ORDERS for /webhook/orders"
            )));
        }
        if let Some(key) = key(&format!("{SECRET_OF}{name}"), warnings)? {
            secrets.insert(name.to_owned(), key);
        }
    }
    Ok(secrets)
}

/// One of the webhooks: who verifies what comes there.
pub struct Hook {
    name: String,
    pub receiver: Receiver,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// All of them; the usual one has no name.
pub struct Hooks(Vec<Hook>);

impl Hooks {
    /// The usual webhook has this key, and each accepts the previous one.
    pub fn new(usual: Key, named: Secrets, previous: Option<&Key>) -> Self {
        let hooks = [(String::new(), usual)].into_iter().chain(named).map(|(name, key)| Hook {
            name,
            receiver: previous.cloned().into_iter().fold(Receiver::new(key), Receiver::or_key),
        });
        Self(hooks.collect())
    }

    /// The webhook at a path.
    pub fn at(&self, path: &str) -> Option<&Hook> {
        let name = match path.strip_prefix(PATH)? {
            "" => "",
            rest => rest.strip_prefix('/').filter(|name| !name.is_empty())?,
        };
        self.0.iter().find(|hook| hook.name.eq_ignore_ascii_case(name))
    }
}
