//! The server's settings: secrets and policy, from the environment and the arguments. What is
//! the platform's is read as `crm` reads it, with the same names, defaults and bounds.

use std::{env, error::Error, ffi::OsString, ops::RangeInclusive, time::Duration};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use signed_query::UNSIGNED_BY_PLATFORM;

use crate::rules::Rules;

/// How long ahead a request of the platform may expire, and for how long clocks may differ.
const MAX_LIFETIME: (u64, RangeInclusive<u64>) = (24 * 60 * 60, 1..=366 * 24 * 60 * 60);
const LEEWAY: (u64, RangeInclusive<u64>) = (0, 0..=24 * 60 * 60);

/// What the name of a webhook's own secret begins with.
pub const SECRET_OF_HOOK: &str = "WEBHOOK_SECRET_";

pub const HELP: &str = "Environment (an empty variable counts as unset):
  SECRET           The server's secret; required
  PREVIOUS_SECRET  Accepted as well
For the platform's requests, as `crm` reads them:
  IFRAME_SECRET    Instead of SECRET for /iframe
  LEEWAY           How many seconds after its expiry a request is still accepted: 0 to
                   86400, by default 0
  MAX_LIFETIME     How many seconds ahead its expiry may lie: 1 to 31622400, by default 86400
Secrets are read from the environment, never from an argument.";

/// A secret, and the name of the variable that holds it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The server's secrets: those that are right for the request, and its others.
pub struct Secrets {
    pub right: Vec<Secret>,
    pub others: Vec<Secret>,
}

/// What a server decides by.
#[derive(Default)]
pub struct Policy {
    pub leeway: Duration,
    pub max_lifetime: Option<Duration>,
    /// Whether a link without an expiry is valid.
    pub allows_unlimited: bool,
    /// What is left out of the signature: names, and prefixes of names.
    pub ignored: Vec<String>,
    pub ignored_prefixes: Vec<String>,
    /// What neither the arguments nor the environment said.
    pub assumed: Vec<String>,
}

/// The options for what the environment does not say.
pub fn arguments() -> Vec<Arg> {
    const HEADING: &str = "The server's settings";
    let seconds = |name: &'static str| Arg::new(name).value_name("SECONDS").value_parser(value_parser!(u64));
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let repeated = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
    let frameworks = ["laravel", "laravel-relative", "symfony"];
    let all = [
        repeated("ignore")
            .value_name("NAME")
            .conflicts_with("symfony")
            .help("A parameter that the server ignores; may be repeated. In the platform's requests, the eight that it leaves unsigned are ignored as well"),
        repeated("ignore-prefix")
            .value_name("START")
            .conflicts_with_all(frameworks)
            .help("A prefix of parameter names that the server ignores, such as utm_; may be repeated"),
        flag("ignore-only")
            .conflicts_with_all(frameworks)
            .help("The server ignores only the parameters named here, not the platform's eight"),
        flag("allow-unlimited").help("The server accepts Laravel and Symfony links without an expiry"),
        seconds("leeway").long("leeway").help("How long after its expiry the server still accepts a request [default: LEEWAY, or 0; 0 for links and your own schemes]"),
        seconds("max-lifetime").long("max-lifetime").help("How far ahead of now an expiry may lie [default: MAX_LIFETIME, or 86400; no limit for links and your own schemes]"),
    ];
    all.into_iter().map(|argument| argument.help_heading(HEADING)).collect()
}

impl Policy {
    /// # Errors
    ///
    /// A setting with which the server would not start.
    pub fn of(matches: &ArgMatches, rules: &Rules) -> Result<Self, Box<dyn Error>> {
        let texts = |name: &str| matches.get_many::<String>(name).unwrap_or_default().cloned();
        let is_platform = rules.is_platform();
        let mut assumed = Vec::new();
        let mut seconds = |option: &str, variable: &str, (usual, allowed): (u64, RangeInclusive<u64>)| {
            let set = if is_platform { number(variable, allowed)? } else { None };
            let seconds = matches.get_one::<u64>(option).copied().or(set);
            if is_platform && seconds.is_none() {
                assumed.push(format!("{variable}={usual}, since it is not set"));
            }
            Ok::<_, Box<dyn Error>>(seconds.or(is_platform.then_some(usual)).map(Duration::from_secs))
        };
        let leeway = seconds("leeway", "LEEWAY", LEEWAY)?.unwrap_or_default();
        let max_lifetime = seconds("max-lifetime", "MAX_LIFETIME", MAX_LIFETIME)?;
        let platform = UNSIGNED_BY_PLATFORM.iter().map(|name| (*name).to_owned());
        let has_platform = is_platform && !matches.get_flag("ignore-only");
        Ok(Self {
            leeway,
            max_lifetime,
            allows_unlimited: matches.get_flag("allow-unlimited"),
            ignored: platform.filter(|_| has_platform).chain(texts("ignore")).collect(),
            ignored_prefixes: texts("ignore-prefix").collect(),
            assumed,
        })
    }
}

impl Secrets {
    /// What is set, where a secret of this name comes before `SECRET`.
    ///
    /// # Errors
    ///
    /// If there is none, or if the server would not start with what there is.
    pub fn from_env(own: Option<&str>) -> Result<Self, Box<dyn Error>> {
        let mut set: Vec<Secret> = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| is_secret(name))
            .map(|(name, value)| Secret { name, bytes: value.as_encoded_bytes().into() })
            .collect();
        for hook in set.iter().filter_map(|secret| secret.name.strip_prefix(SECRET_OF_HOOK)) {
            let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            if hook.is_empty() || !hook.bytes().all(is_name) {
                let wrong = "in this variable's name, write the webhook's name in capitals, digits and `_`";
                return Err(format!("{SECRET_OF_HOOK}{hook}: {wrong}").into());
            }
        }
        set.retain(|secret| !secret.bytes.is_empty());
        set.sort_by(|a, b| a.name.cmp(&b.name));
        let position = |name: &str| set.iter().position(|secret| secret.name == name);
        // Without it, the server does not start.
        let main = position("SECRET").ok_or(
            "SECRET is not set; set it to the server's secret, as in SECRET=changeme! signed-query …",
        )?;
        let main = own.and_then(position).unwrap_or(main);
        let main = set.remove(main);
        let (mut right, others): (Vec<_>, Vec<_>) =
            set.into_iter().partition(|secret| secret.name == "PREVIOUS_SECRET");
        right.insert(0, main);
        Ok(Self { right, others })
    }

    /// Those of a request to this path.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn at(path: &str, rules: &Rules) -> Result<Self, Box<dyn Error>> {
        let is_iframe = rules.is_platform() && path.trim_end_matches('/').ends_with("/iframe");
        Self::from_env(is_iframe.then_some("IFRAME_SECRET"))
    }

    /// The bytes of all of them.
    pub fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.right.iter().chain(&self.others).map(|secret| &secret.bytes[..])
    }
}

fn is_secret(name: &str) -> bool {
    ["SECRET", "PREVIOUS_SECRET", "IFRAME_SECRET", "WEBHOOK_SECRET"].contains(&name)
        || name.starts_with(SECRET_OF_HOOK)
}

/// A number of seconds in a variable.
fn number(name: &str, allowed: RangeInclusive<u64>) -> Result<Option<u64>, Box<dyn Error>> {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    let value = value.into_string().map_err(|_: OsString| format!("{name} is not UTF-8"))?;
    match value.parse() {
        Ok(seconds) if allowed.contains(&seconds) => Ok(Some(seconds)),
        _ => {
            let (least, most) = allowed.into_inner();
            Err(format!("{name}={value} is not a number of seconds from {least} to {most}, as in {name}=60")
                .into())
        }
    }
}
