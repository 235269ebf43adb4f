//! The parameters of a query, as PHP reads them and as they were sent.

use signed_query::canonicalize;

use super::{
    bytes::decode,
    scheme::{Role, Scheme},
};

/// A parameter, decoded.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Parameter {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    /// As it was sent, or as PHP writes it.
    pub raw: Vec<u8>,
    pub role: Role,
}

impl Parameter {
    fn read(raw: &str, scheme: &Scheme) -> Self {
        let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
        let name = decode(name.as_bytes(), true);
        let role = scheme.role(&name);
        Self { name, value: decode(value.as_bytes(), true), raw: raw.into(), role }
    }

    /// Makes what is sent for it out of its name and value.
    pub fn write(&mut self) {
        let name = form_urlencoded::byte_serialize(&self.name);
        self.raw =
            name.chain(["="]).chain(form_urlencoded::byte_serialize(&self.value)).collect::<String>().into();
    }

    /// The name of the outermost array that it is in.
    pub fn base(&self) -> &[u8] {
        base(&self.name)
    }
}

/// The name of the outermost array that a flat name is in.
pub fn base(name: &[u8]) -> &[u8] {
    name.split(|byte| *byte == b'[').next().unwrap_or_default()
}

/// As PHP reads them; none where PHP would not read them all.
pub fn as_php_reads(query: &str, scheme: &Scheme) -> Option<Vec<Parameter>> {
    let canonical = canonicalize(query).ok()?;
    let parameters = canonical.split('&').filter(|raw| !raw.is_empty());
    Some(parameters.map(|raw| Parameter::read(raw, scheme)).collect())
}

/// As they were sent; where `&` stand together, there is an empty one between.
pub fn as_sent(query: &str, scheme: &Scheme) -> Vec<Parameter> {
    query.split('&').map(|raw| Parameter::read(raw, scheme)).collect()
}
