//! By whose rules a request was signed: what the right text is, and which parameters go into
//! it.

use signed_query::Writing;

use super::{envelope::Extent, order::Order, parameters::base, written::Natural};
use crate::{
    request::Request,
    rules::{self, Own, Rules},
    settings::Policy,
};

/// What a parameter is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    Signed,
    Unsigned,
    Expires,
    Signature,
}

/// Rules, and the names that the verifier leaves out.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub rules: Rules,
    /// The names of the parameters with the signature and the time.
    pub signature: String,
    pub time: Option<String>,
    unsigned: Vec<String>,
    unsigned_prefixes: Vec<String>,
}

impl Scheme {
    pub fn new(rules: Rules, policy: &Policy) -> Self {
        let (signature, time) = match &rules {
            Rules::Query(own) => (&*own.signature, own.time.as_ref().map(|time| &*time.name)),
            Rules::Laravel { .. } => ("signature", Some("expires")),
            Rules::Symfony { .. } => ("_hash", Some("_expiration")),
        };
        let (signature, time) = (signature.to_owned(), time.map(str::to_owned));
        let (unsigned, unsigned_prefixes) = (policy.ignored.clone(), policy.ignored_prefixes.clone());
        Self { rules, signature, time, unsigned, unsigned_prefixes }
    }

    /// How a MAC may be written.
    pub fn writings(&self) -> &[Writing] {
        match &self.rules {
            Rules::Query(own) => std::slice::from_ref(&own.writing),
            Rules::Laravel { .. } => &[Writing::Hex],
            Rules::Symfony { .. } => &[Writing::Base64, Writing::Base64Url],
        }
    }

    /// The hash in the MAC.
    pub fn hash(&self) -> &'static str {
        match &self.rules {
            Rules::Query(Own { is_sha512: true, .. }) => "SHA-512",
            _ => "SHA-256",
        }
    }

    /// How parameters are written in what is signed.
    pub fn natural(&self) -> Natural {
        match &self.rules {
            Rules::Query(own) if own.is_rfc3986 => Natural::Rfc3986,
            Rules::Query(_) | Rules::Symfony { .. } => Natural::Encoded,
            Rules::Laravel { .. } => Natural::Raw,
        }
    }

    /// In which order parameters are signed.
    pub fn order(&self) -> Order<'_> {
        match &self.rules {
            Rules::Query(own) if own.order != rules::Order::AsBuilt => Order::ByName,
            Rules::Query(own) if !own.only.is_empty() => Order::Listed(&own.only),
            Rules::Query(_) | Rules::Laravel { .. } => Order::AsSent,
            Rules::Symfony { .. } => Order::ByName,
        }
    }

    /// How much of the URL is signed.
    pub fn extent(&self) -> Extent {
        match &self.rules {
            Rules::Query(_) => Extent::Query,
            Rules::Laravel { origin: None } => Extent::Path,
            Rules::Laravel { .. } => Extent::LaravelUrl,
            Rules::Symfony { .. } => Extent::SymfonyUrl,
        }
    }

    /// What is signed in front of the query: the server's own origin, whichever one was pasted,
    /// and the path as the framework takes it.
    pub fn signed(&self, request: &Request) -> Request {
        let at =
            |origin: &str| Request::read(&format!("{}/", origin.trim_end_matches('/').to_ascii_lowercase()));
        let path = request.path.trim_end_matches('/');
        match &self.rules {
            Rules::Query(_) => request.clone(),
            Rules::Laravel { origin: None } => {
                let path = format!("/{}", path.trim_start_matches('/'));
                Request { path, ..request.clone() }
            }
            Rules::Laravel { origin: Some(origin) } => Request { path: path.to_owned(), ..at(origin) },
            Rules::Symfony { origin } => {
                let path = if request.path.is_empty() { "/".to_owned() } else { request.path.clone() };
                Request { path, fragment: request.fragment.clone(), ..at(origin) }
            }
        }
    }

    pub fn role(&self, name: &[u8]) -> Role {
        let base = base(name);
        let is_unsigned = || {
            let is_prefix = |prefix: &String| !prefix.is_empty() && base.starts_with(prefix.as_bytes());
            self.unsigned.iter().any(|name| name.as_bytes() == base)
                || self.unsigned_prefixes.iter().any(is_prefix)
                || matches!(&self.rules, Rules::Query(own) if !is_in(own, base))
        };
        match base {
            _ if base == self.signature.as_bytes() => Role::Signature,
            _ if self.time.as_ref().is_some_and(|time| base == time.as_bytes()) => Role::Expires,
            _ if is_unsigned() => Role::Unsigned,
            _ => Role::Signed,
        }
    }
}

/// Whether a scheme signs parameters of this name.
fn is_in(own: &Own, name: &[u8]) -> bool {
    own.only_prefix.as_ref().is_none_or(|start| name.starts_with(start.as_bytes()))
        && (own.only.is_empty() || own.only.iter().any(|only| only.as_bytes() == name))
}
