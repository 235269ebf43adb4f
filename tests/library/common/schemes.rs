//! Schemes as data, and requests that PHP has judged by them: what `tests/php/schemes.php`
//! makes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use signed_query::{Error, Key, Scheme, Writing, canonicalize};

use super::made_plain::with_an_odd_name;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    pub signature: String,
    pub order: String,
    pub rfc3986: bool,
    pub mac: String,
    pub writing: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_prefix: Option<String>,
}

/// A request, and what PHP said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub name: String,
    pub scheme: Description,
    pub secret: String,
    pub raw: String,
    pub now: u64,
    pub status: u16,
    /// What was signed, if it is valid.
    pub text: Option<String>,
    /// How it was changed.
    pub what: String,
}

/// What was signed here, for PHP to judge.
#[derive(Serialize)]
pub struct Signed {
    pub scheme: Description,
    pub secret: String,
    pub raw: String,
    pub now: u64,
}

impl Description {
    pub fn scheme(&self) -> Result<Scheme, Error> {
        let scheme = Scheme::new(&self.signature)?;
        let scheme = match (&self.expires, &self.issued_at) {
            (Some(name), _) => scheme.expires(name)?,
            (_, Some(name)) => scheme.issued_at(name, Duration::from_secs(self.max_age.unwrap()))?,
            _ => scheme,
        };
        let scheme = match &*self.order {
            "sorted" => scheme.sorted(),
            "sorted_as_text" => scheme.sorted_as_text(),
            order => {
                assert_eq!(order, "as_built");
                scheme
            }
        };
        let scheme = if self.rfc3986 { scheme.rfc3986() } else { scheme };
        let scheme = match &self.only {
            Some(names) => scheme.only(names)?,
            None => scheme,
        };
        let scheme = match &self.only_prefix {
            Some(start) => scheme.only_prefix(start)?,
            None => scheme,
        };
        Ok(scheme.written_as(match &*self.writing {
            "hex" => Writing::Hex,
            "HEX" => Writing::UpperHex,
            "base64" => Writing::Base64,
            "base64url" => Writing::Base64Url,
            writing => panic!("no such writing: {writing}"),
        }))
    }

    pub fn key(&self, secret: &str) -> Key {
        match &*self.mac {
            "sha256" => Key::new(secret).unwrap(),
            "sha512" => Key::sha512(secret).unwrap(),
            mac => panic!("no such MAC: {mac}"),
        }
    }

    fn time_name(&self) -> Option<&str> {
        self.expires.as_deref().or(self.issued_at.as_deref())
    }

    /// Whether an application would add a parameter with this name to what it signs.
    fn is_to_sign(&self, name: &str) -> bool {
        name != self.signature
            && Some(name) != self.time_name()
            && self.only.as_ref().is_none_or(|only| only.iter().any(|signed| signed == name))
            && self.only_prefix.as_ref().is_none_or(|start| name.starts_with(start))
    }
}

impl Request {
    /// Compares PHP's verdict with the one that is given here, and the text that was signed.
    pub fn compare(&self) {
        let Self { scheme, secret, raw, now, .. } = self;
        let verifier =
            scheme.scheme().unwrap_or_else(|error| panic!("{error}: {self:?}")).verifier(scheme.key(secret));
        for raw in [with_an_odd_name(raw), Some(raw.clone())].into_iter().flatten() {
            let verified = verifier.verify_at(&raw, *now);
            let status = verified.as_ref().map_or_else(Error::status, |_| 200);
            assert_eq!(status, self.status, "{:?} for {raw}: {self:#?}", verified.err());
            assert_eq!(
                verified.ok().as_ref().map(|query| query.canonical()),
                self.text.as_deref(),
                "{self:#?}"
            );
        }
    }

    /// Signs the request's parameters here. `None` for those that are sorted and have a
    /// number for a name.
    pub fn sign(&self) -> Option<Signed> {
        let Self { scheme, secret, now, .. } = self;
        let canonical = canonicalize(&self.raw).unwrap();
        let is_to_sign = |parameter: &&str| {
            let (name, _) = parameter.split_once('=').unwrap_or_default();
            let base = name.split("%5B").next().unwrap();
            scheme.is_to_sign(&form_urlencoded::parse(base.as_bytes()).next().unwrap_or_default().0)
        };
        let query = Vec::from_iter(canonical.split('&').filter(is_to_sign)).join("&");
        // The last second at which an expiry is valid, or the first and the last of an age.
        let oldest = now - scheme.max_age.unwrap_or(0);
        let time = scheme.time_name().map(|_| if self.raw.len().is_multiple_of(2) { *now } else { oldest });
        let (key, signer) = (scheme.key(secret), scheme.scheme().unwrap());
        let signed = match signer.sign_url(&key, &format!("?{query}"), time) {
            Ok(signed) => signed[1..].to_owned(),
            Err(Error::NumericName) if self.status == 400 => return None,
            Err(error) => panic!("{error} for {query:?}: {self:#?}"),
        };
        let pairs = Vec::from_iter(form_urlencoded::parse(query.as_bytes()));
        if !pairs.iter().any(|(name, value)| name.contains('\u{FFFD}') || value.contains('\u{FFFD}')) {
            assert_eq!(signer.sign(&key, pairs, time).as_ref(), Ok(&signed), "{self:#?}");
        }
        let verified = signer.verifier(key).verify_at(&signed, *now);
        assert!(verified.is_ok(), "{verified:?} for {signed}: {self:#?}");
        Some(Signed { scheme: scheme.clone(), secret: secret.clone(), raw: signed, now: *now })
    }
}
