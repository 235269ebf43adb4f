//! By whose rules a request is signed: the options that all subcommands share.

use std::{error::Error, time::Duration};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use signed_query::{Key, Scheme, Writing};

/// Whose rules they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rules {
    /// Those of a PHP application, or of the platform.
    Query(Own),
    /// Laravel's, of links with this origin, or of relative ones.
    Laravel { origin: Option<String> },
    /// Symfony's, of links with this origin.
    Symfony { origin: String },
}

/// A scheme, as it is given on the command line. The default is the platform's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Own {
    pub signature: String,
    pub time: Option<Time>,
    pub order: Order,
    pub is_rfc3986: bool,
    /// The names that are signed; if this is empty, all are.
    pub only: Vec<String>,
    pub only_prefix: Option<String>,
    pub is_sha512: bool,
    pub writing: Writing,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Time {
    pub name: String,
    /// `None` if the parameter contains the expiry, and not the time of signing.
    pub max_age: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    AsBuilt,
    Sorted,
    SortedAsText,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            signature: "sig".to_owned(),
            time: Some(Time { name: "expires".to_owned(), max_age: None }),
            order: Order::AsBuilt,
            is_rfc3986: false,
            only: Vec::new(),
            only_prefix: None,
            is_sha512: false,
            writing: Writing::Hex,
        }
    }
}

/// The options of a scheme of one's own.
const OWN: [&str; 11] = [
    "signature",
    "expires",
    "issued-at",
    "max-age",
    "sorted",
    "sorted-as-text",
    "rfc3986",
    "only",
    "only-prefix",
    "sha512",
    "write",
];

const WRITINGS: [(&str, Writing); 4] = [
    ("hex", Writing::Hex),
    ("upper-hex", Writing::UpperHex),
    ("base64", Writing::Base64),
    ("base64url", Writing::Base64Url),
];

pub const HELP: &str =
    "Without options for a framework or a scheme, requests are those of the platform SocialSignIn (Orlo), with `sig` and `expires`.
With --signature, a scheme has a time only if --expires or --issued-at names it.";

/// The heading above the options for links.
pub const FRAMEWORK: &str = "Framework links";

/// The options that tell whose rules they are.
pub fn arguments() -> Vec<Arg> {
    const SCHEME: &str = "A scheme of your own";
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help_heading(SCHEME);
    let named = |name: &'static str| Arg::new(name).long(name).value_name("NAME").help_heading(SCHEME);
    let framework =
        |name: &'static str| Arg::new(name).long(name).help_heading(FRAMEWORK).conflicts_with_all(OWN);
    vec![
        framework("laravel")
            .value_name("ORIGIN")
            .conflicts_with_all(["laravel-relative", "symfony"])
            .help("Laravel links with this origin, such as https://app.example; SECRET is APP_KEY exactly as in .env"),
        framework("laravel-relative")
            .action(ArgAction::SetTrue)
            .conflicts_with("symfony")
            .help("Relative Laravel links, which are signed without an origin"),
        framework("symfony")
            .value_name("ORIGIN")
            .help("Symfony links with this origin; SECRET is kernel.secret"),
        named("signature").help("The parameter that holds the signature [default: sig]"),
        named("expires").help("The parameter that holds the last second at which a request is valid"),
        named("issued-at")
            .conflicts_with("expires")
            .requires("max-age")
            .help("The parameter that holds the second at which a request was signed"),
        Arg::new("max-age")
            .long("max-age")
            .value_name("SECONDS")
            .value_parser(value_parser!(u64))
            .requires("issued-at")
            .help_heading(SCHEME)
            .help("How long a request is valid after it was signed"),
        flag("sorted").conflicts_with("sorted-as-text").help("Names are sorted, as by ksort($p)"),
        flag("sorted-as-text").help("Names are sorted by their bytes, as by ksort($p, SORT_STRING)"),
        flag("rfc3986").help("A space is signed as `%20` and `~` unescaped, as with PHP_QUERY_RFC3986"),
        named("only")
            .action(ArgAction::Append)
            .help("Only this parameter is signed; may be repeated, in the order of signing"),
        named("only-prefix").value_name("START").help("Only parameters whose names start with this are signed"),
        flag("sha512").help("The MAC is HMAC-SHA512"),
        Arg::new("write")
            .long("write")
            .value_name("FORM")
            .value_parser(WRITINGS.map(|(name, _)| name))
            .help_heading(SCHEME)
            .help("How the signature is written [default: hex]"),
    ]
}

impl Rules {
    /// # Errors
    ///
    /// What the library says of a scheme that can't exist.
    pub fn of(matches: &ArgMatches) -> Result<Self, Box<dyn Error>> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        Ok(match (text("laravel"), text("symfony")) {
            (Some(origin), _) => Self::Laravel { origin: Some(origin) },
            (_, Some(origin)) => Self::Symfony { origin },
            _ if matches.get_flag("laravel-relative") => Self::Laravel { origin: None },
            _ => {
                let own = Own::of(matches);
                own.scheme()?;
                Self::Query(own)
            }
        })
    }

    /// Whether a request is one of the platform's, which `crm` answers.
    pub fn is_platform(&self) -> bool {
        matches!(self, Self::Query(own) if *own == Own::default())
    }

    /// The key that is made of a secret.
    pub fn key(&self, secret: &[u8]) -> Result<Key, signed_query::Error> {
        match self {
            Self::Query(Own { is_sha512: true, .. }) => Key::sha512(secret),
            _ => Key::new(secret),
        }
    }
}

impl Own {
    fn of(matches: &ArgMatches) -> Self {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let max_age = matches.get_one::<u64>("max-age").copied();
        let time = text("issued-at").or_else(|| text("expires")).map(|name| Time { name, max_age });
        let platform = Self::default();
        let has_names = ["signature", "expires", "issued-at"].iter().any(|name| matches.contains_id(name));
        let writing = text("write").and_then(|name| WRITINGS.iter().find(|(known, _)| *known == name));
        Self {
            signature: text("signature").unwrap_or(platform.signature),
            time: if has_names { time } else { platform.time },
            order: match (matches.get_flag("sorted"), matches.get_flag("sorted-as-text")) {
                (true, _) => Order::Sorted,
                (_, true) => Order::SortedAsText,
                _ => Order::AsBuilt,
            },
            is_rfc3986: matches.get_flag("rfc3986"),
            only: matches.get_many::<String>("only").unwrap_or_default().cloned().collect(),
            only_prefix: text("only-prefix"),
            is_sha512: matches.get_flag("sha512"),
            writing: writing.map_or(Writing::Hex, |(_, writing)| *writing),
        }
    }

    /// The library's scheme.
    ///
    /// # Errors
    ///
    /// What the library says of a scheme that can't exist.
    pub fn scheme(&self) -> Result<Scheme, signed_query::Error> {
        let mut scheme = match *self == Self::default() {
            true => Scheme::default(),
            false => Scheme::new(&self.signature)?.written_as(self.writing),
        };
        match &self.time {
            _ if *self == Self::default() => {}
            None => {}
            Some(Time { name, max_age: None }) => scheme = scheme.expires(name)?,
            Some(Time { name, max_age: Some(age) }) => {
                scheme = scheme.issued_at(name, Duration::from_secs(*age))?;
            }
        }
        if !self.only.is_empty() {
            scheme = scheme.only(&self.only)?;
        }
        if let Some(start) = &self.only_prefix {
            scheme = scheme.only_prefix(start)?;
        }
        scheme = match self.order {
            Order::AsBuilt => scheme,
            Order::Sorted => scheme.sorted(),
            Order::SortedAsText => scheme.sorted_as_text(),
        };
        Ok(if self.is_rfc3986 { scheme.rfc3986() } else { scheme })
    }
}
