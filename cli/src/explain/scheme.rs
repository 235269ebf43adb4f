//! By whose rules a request was signed: what the right text is, and which
//! parameters have a part in it.

use signed_query::UNSIGNED_BY_PLATFORM;

use super::{
    envelope::Extent, order::Order, parameters::base, request::Request, result::Writing, written::Natural,
};

/// What a parameter is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    Signed,
    Unsigned,
    Expires,
    Signature,
}

/// Whose rules they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// SocialSignIn's.
    Platform,
    /// Laravel's, of links with this origin, or of relative ones.
    Laravel { origin: Option<String> },
    /// Symfony's, of links with this origin.
    Symfony { origin: String },
}

/// Rules, and the names that the verifier was told to leave out.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub kind: Kind,
    /// The names of the parameters with the signature and the expiry.
    pub signature: &'static str,
    pub expires: &'static str,
    pub unsigned: Vec<String>,
    pub unsigned_prefixes: Vec<String>,
}

impl Scheme {
    pub fn new(kind: Kind) -> Self {
        let (signature, expires) = match kind {
            Kind::Platform => ("sig", "expires"),
            Kind::Laravel { .. } => ("signature", "expires"),
            Kind::Symfony { .. } => ("_hash", "_expiration"),
        };
        let mut unsigned = Vec::new();
        if kind == Kind::Platform {
            unsigned.extend(UNSIGNED_BY_PLATFORM.iter().map(|name| (*name).to_owned()));
        }
        Self { kind, signature, expires, unsigned, unsigned_prefixes: Vec::new() }
    }

    /// How a MAC is written.
    pub fn writing(&self) -> Writing {
        match self.kind {
            Kind::Platform | Kind::Laravel { .. } => Writing::Hex,
            Kind::Symfony { .. } => Writing::Base64,
        }
    }

    /// How parameters are written in what is signed.
    pub fn natural(&self) -> Natural {
        match self.kind {
            Kind::Platform | Kind::Symfony { .. } => Natural::Encoded,
            Kind::Laravel { .. } => Natural::Raw,
        }
    }

    /// In which order parameters are signed.
    pub fn order(&self) -> Order {
        match self.kind {
            Kind::Platform | Kind::Laravel { .. } => Order::AsSent,
            Kind::Symfony { .. } => Order::ByName,
        }
    }

    /// How much of the URL is signed.
    pub fn extent(&self) -> Extent {
        match self.kind {
            Kind::Platform => Extent::Query,
            Kind::Laravel { origin: None } => Extent::Path,
            Kind::Laravel { .. } | Kind::Symfony { .. } => Extent::Url,
        }
    }

    /// What is signed in front of the query: the receiver's own origin, whatever the
    /// one is that was pasted, and the path as the framework takes it.
    pub fn signed(&self, request: &Request) -> Request {
        let at =
            |origin: &str| Request::read(&format!("{}/", origin.trim_end_matches('/').to_ascii_lowercase()));
        let path = request.path.trim_end_matches('/');
        match &self.kind {
            Kind::Platform => request.clone(),
            Kind::Laravel { origin: None } => {
                let path = format!("/{}", path.trim_start_matches('/'));
                Request { path, ..request.clone() }
            }
            Kind::Laravel { origin: Some(origin) } => Request { path: path.to_owned(), ..at(origin) },
            Kind::Symfony { origin } => {
                let path = if request.path.is_empty() { "/".to_owned() } else { request.path.clone() };
                Request { path, fragment: request.fragment.clone(), ..at(origin) }
            }
        }
    }

    /// The last second at which what expires so is good.
    pub fn last_second(&self, expires: u64) -> u64 {
        match self.kind {
            Kind::Platform | Kind::Laravel { .. } => expires,
            Kind::Symfony { .. } => expires.saturating_sub(1),
        }
    }

    pub fn role(&self, name: &[u8]) -> Role {
        let base = base(name);
        let is_unsigned = || {
            let is_prefix = |prefix: &String| !prefix.is_empty() && base.starts_with(prefix.as_bytes());
            self.unsigned.iter().any(|name| name.as_bytes() == base)
                || self.unsigned_prefixes.iter().any(is_prefix)
        };
        match base {
            _ if base == self.signature.as_bytes() => Role::Signature,
            _ if base == self.expires.as_bytes() => Role::Expires,
            _ if is_unsigned() => Role::Unsigned,
            _ => Role::Signed,
        }
    }
}
