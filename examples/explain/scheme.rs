//! By whose rules a request was signed: what the right text is, and which
//! parameters have a part in it.

use signed_query::UNSIGNED_BY_PLATFORM;

use crate::{envelope::Extent, order::Order, parameters::base, result::Writing, written::Natural};

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
}

/// Rules, and the names that the verifier was told to leave out.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub kind: Kind,
    /// The names of the parameters with the signature and the expiry.
    pub signature: &'static str,
    pub expires: &'static str,
    pub writing: Writing,
    pub unsigned: Vec<String>,
    pub unsigned_prefixes: Vec<String>,
}

impl Scheme {
    pub fn platform() -> Self {
        Self {
            kind: Kind::Platform,
            signature: "sig",
            expires: "expires",
            writing: Writing::Hex,
            unsigned: UNSIGNED_BY_PLATFORM.iter().map(|name| (*name).to_owned()).collect(),
            unsigned_prefixes: Vec::new(),
        }
    }

    /// How parameters are written in what is signed.
    pub fn natural(&self) -> Natural {
        match self.kind {
            Kind::Platform => Natural::Encoded,
        }
    }

    pub fn order(&self) -> Order {
        match self.kind {
            Kind::Platform => Order::AsSent,
        }
    }

    pub fn extent(&self) -> Extent {
        match self.kind {
            Kind::Platform => Extent::Query,
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
