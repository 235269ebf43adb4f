//! What the links of Laravel and Symfony share: where a link leads, and when it expires.

use alloc::string::String;
use core::net::Ipv6Addr;

use percent_encoding::percent_encode_byte;

use super::second;
use crate::{Error, canonical::Field};

/// The expiry in a link; `None` for a link that never expires, if such links are allowed.
#[inline]
pub(super) fn expiry(field: &Field<'_>, allows_unlimited: bool) -> Result<Option<u64>, Error> {
    match field {
        Field::Missing if allows_unlimited => Ok(None),
        field => second(field, || Error::MissingExpires, || Error::MalformedExpires).map(Some),
    }
}

/// Scheme, host and port, as the frameworks write those of a request: in lower case,
/// and without the scheme's usual port.
#[derive(Clone, Debug)]
pub(super) struct Origin(String);

impl Origin {
    /// # Errors
    ///
    /// [`Error::MalformedOrigin`].
    pub(super) fn parse(origin: &str) -> Result<Self, Error> {
        let (scheme, authority) = origin.split_once("://").ok_or(Error::MalformedOrigin)?;
        let scheme = scheme.to_ascii_lowercase();
        let usual_port = match &*scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err(Error::MalformedOrigin),
        };
        // The colons of an IPv6 address are in brackets.
        let last_of_address = authority.find(']').unwrap_or(0);
        let (host, port) = match authority[last_of_address..].find(':') {
            None => (authority, None),
            Some(colon) => {
                let (host, port) = authority.split_at(last_of_address + colon);
                (host, Some(read_port(&port[1..])?))
            }
        };
        if !is_host(host) {
            return Err(Error::MalformedOrigin);
        }
        let host = host.to_ascii_lowercase();
        Ok(Self(match port {
            Some(port) if port != usual_port => alloc::format!("{scheme}://{host}:{port}"),
            _ => [&scheme, "://", &host].concat(),
        }))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A port in plain decimal: with no sign and no leading zero.
fn read_port(digits: &str) -> Result<u16, Error> {
    match digits.as_bytes() {
        [b'1'..=b'9', ..] => digits.parse().map_err(|_| Error::MalformedOrigin),
        _ => Err(Error::MalformedOrigin),
    }
}

/// Whether Symfony, and therefore Laravel, takes this for a host: a name in ASCII, an IPv4
/// address, or an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.strip_suffix('.').unwrap_or(host).split('.').all(is_label)
}

/// The target of a request, split.
pub(super) struct Target<'t> {
    pub(super) path: &'t str,
    pub(super) query: &'t str,
}

impl<'t> Target<'t> {
    /// # Errors
    ///
    /// [`Error::MalformedTarget`].
    pub(super) fn read(target: &'t str) -> Result<Self, Error> {
        // No branch for each byte, so that the compiler can compare many at once.
        let is_odd = |byte| matches!(byte, b'#' | 0..0x20 | 0x7F);
        let target = match target.bytes().fold(false, |any, byte| any | is_odd(byte)) {
            false => target,
            true if target.bytes().any(|byte| byte.is_ascii_control()) => return Err(Error::MalformedTarget),
            // No client sends a fragment; nginx and Apache cut it off before PHP sees it.
            true => target.split('#').next().unwrap_or_default(),
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = match path.as_bytes() {
            // For a URL without a path, a client asks for `/`.
            [] => "/",
            [b'/', ..] => path,
            _ => return Err(Error::MalformedTarget),
        };
        Ok(Self { path, query })
    }
}

/// A URL to sign, split.
pub(super) struct Url<'u> {
    pub(super) origin: Option<Origin>,
    pub(super) path: &'u str,
    pub(super) query: &'u str,
}

impl<'u> Url<'u> {
    /// # Errors
    ///
    /// [`Error::UnsignableUrl`] and [`Error::MalformedOrigin`].
    pub(super) fn read(url: &'u str) -> Result<Self, Error> {
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            let why = "spaces, control characters and all that is not ASCII must be escaped";
            return Err(Error::UnsignableUrl { why });
        }
        if url.contains('#') {
            return Err(Error::UnsignableUrl { why: "it has a fragment, which no server sees" });
        }
        let path_at = match url.find("://") {
            _ if url.starts_with('/') => 0,
            None => {
                return Err(Error::UnsignableUrl { why: "it begins with neither an origin nor `/`" });
            }
            Some(scheme) => {
                let host = scheme + 3;
                host + url[host..].find(['/', '?']).unwrap_or(url.len() - host)
            }
        };
        let (origin, target) = url.split_at(path_at);
        let origin = if origin.is_empty() { None } else { Some(Origin::parse(origin)?) };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Ok(Self { origin, path, query })
    }
}

/// What follows `/index.php`, escaped or not, in a path that begins with it. The frameworks
/// take it for the name of their front controller.
pub(super) fn after_front_controller(path: &str) -> Option<&[u8]> {
    let mut rest = path.as_bytes();
    for expected in b"/index.php" {
        let is_escape =
            |high, low| percent_encode_byte(*expected).as_bytes()[1..].eq_ignore_ascii_case(&[high, low]);
        rest = match rest {
            [byte, after @ ..] if byte == expected => after,
            [b'%', high, low, after @ ..] if is_escape(*high, *low) => after,
            _ => return None,
        };
    }
    Some(rest)
}
