//! What Laravel and Symfony of many versions signed and judged, without PHP: a
//! selection in `vectors/links.json`; and all that was recorded, from a folder of
//! `*.jsonl.gz`, with `LINKS=/the/folder cargo test --test library links::recorded -- --nocapture`.

use std::{collections::BTreeMap, env, process::Command};

use serde::{Deserialize, de::DeserializeOwned};
use signed_query::{Error, Key, VerifiedLink, laravel, symfony};

#[derive(Deserialize)]
struct Vectors {
    verify: Vec<Judged>,
    sign: Vec<Signed>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../vectors/links.json")).unwrap()
}

/// What was recorded of a kind, if there is a folder of it.
fn recorded<T: DeserializeOwned>(kind: &str) -> Vec<T> {
    let Some(folder) = env::var_os("LINKS") else { return Vec::new() };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let ending = format!("-{kind}.jsonl.gz");
    let files: Vec<_> = files.filter(|file| file.to_str().unwrap().ends_with(&ending)).collect();
    assert!(!files.is_empty(), "LINKS has no file *{ending}");
    let lines = Command::new("gzip").arg("-dc").args(files).output().unwrap();
    assert!(lines.status.success());
    String::from_utf8(lines.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Scheme {
    Laravel,
    Symfony,
}

/// A link, and what the framework said of it.
#[derive(Debug, Deserialize)]
struct Judged {
    scheme: Scheme,
    version: String,
    key: String,
    #[serde(default)]
    previous_keys: Vec<String>,
    url: String,
    now: i64,
    what: String,
    accepted: bool,
    /// Symfony: as a request, which is what a server sees; absent where the URL is
    /// none of a request.
    request_accepted: Option<bool>,
    #[serde(default)]
    absolute: bool,
    #[serde(default)]
    ignore: Vec<String>,
}

impl Judged {
    fn by_framework(&self) -> Option<bool> {
        match self.scheme {
            Scheme::Laravel => Some(self.accepted),
            Scheme::Symfony => self.request_accepted,
        }
    }

    fn by_us(&self) -> Result<VerifiedLink<'static>, Error> {
        let (origin, target) = as_request(&self.url);
        let now = u64::try_from(self.now).unwrap_or(0);
        let key = key(&self.key);
        let link = match self.scheme {
            Scheme::Laravel => {
                let verifier = match self.absolute {
                    true => laravel::Verifier::absolute(key, &origin)?,
                    false => laravel::Verifier::relative(key),
                };
                let verifier = verifier.ignoring(&self.ignore)?.allow_unlimited();
                let previous = self.previous_keys.iter().map(|previous| self::key(previous));
                previous.fold(verifier, laravel::Verifier::or_key).verify_at(&target, now)
            }
            Scheme::Symfony => {
                symfony::Verifier::absolute(key, &origin)?.allow_unlimited().verify_at(&target, now)
            }
        };
        link.map(VerifiedLink::into_owned)
    }

    /// Whether this is of a kind that we refuse where the framework accepts it.
    fn is_refused_on_purpose(&self, error: &Error) -> bool {
        let is = |starts: &[&str]| starts.iter().any(|start| self.what.starts_with(start));
        match (self.scheme, error) {
            (_, Error::MalformedExpires) => is(&["odd expires: expires=1&expires["]) || !self.has_digits(),
            (_, Error::Expired { expires: 0, .. }) => true,
            (Scheme::Laravel, Error::MalformedSignature) => is(&["signature twice", "empty one before"]),
            (Scheme::Laravel, Error::AmbiguousTarget) => is(&["? before", "?? before"]),
            (Scheme::Laravel, Error::ReservedName { name: "expires" }) => is(&["expires ignored"]),
            (Scheme::Laravel, Error::UnusableName { .. }) => {
                is(&["dot, ignored", "ignored 10", "ignored a.b"])
            }
            (Scheme::Laravel, Error::Mismatch) => self.version == "8" && is(&["& in front"]),
            (Scheme::Symfony, Error::Mismatch) => {
                is(&["hash: std_unpadded", "hash: url_padded", "hash: url_more_padding"])
            }
            _ => false,
        }
    }

    /// Whether the expiry is a string of digits.
    fn has_digits(&self) -> bool {
        let mut parameters = self.url.split(['?', '&']).filter_map(|parameter| parameter.split_once('='));
        let expiry = parameters.find(|(name, _)| matches!(*name, "expires" | "_expiration"));
        expiry.is_some_and(|(_, value)| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Symfony before 7.3 does not know the form that 7.3 writes.
    fn is_of_a_later_version(&self) -> bool {
        matches!((self.scheme, &*self.version), (Scheme::Symfony, "5.4" | "7.2"))
            && self.what == "hash: url_unpadded"
    }
}

fn key(secret: &str) -> Key {
    Key::new(secret).unwrap()
}

/// The origin that a client asks for a URL, and the target that it sends there.
fn as_request(url: &str) -> (String, String) {
    let url = url.split('#').next().unwrap();
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url[host..].find(['/', '?']).map_or(url.len(), |path| host + path);
    let (origin, target) = url.split_at(path);
    let authority = origin[host..].rsplit('@').next().unwrap();
    let slash = if target.starts_with('/') { "" } else { "/" };
    (format!("{}{authority}", &origin[..host]), format!("{slash}{target}"))
}

/// What the frameworks refuse we refuse, and what they accept we accept, but for the
/// kinds that are meant.
#[test]
fn verdicts_are_those_of_the_frameworks() {
    let mut counts = BTreeMap::<String, usize>::new();
    for judged in vectors().verify.into_iter().chain(recorded("verify")) {
        let ours = judged.by_us();
        let verdict = match (judged.by_framework(), &ours) {
            (None, _) => "no request".to_owned(),
            (Some(true), Ok(_)) => "both accept".to_owned(),
            (Some(false), Err(_)) => "both refuse".to_owned(),
            (Some(true), Err(error)) => {
                assert!(judged.is_refused_on_purpose(error), "refused for {error:?}: {judged:#?}");
                let error = format!("{error:?}");
                format!("refused on purpose for {}", error.split([' ', '(']).next().unwrap())
            }
            (Some(false), Ok(link)) => {
                assert!(judged.is_of_a_later_version(), "accepted: {link:?} {judged:#?}");
                "valid for a later version".to_owned()
            }
        };
        *counts.entry(format!("{:?}: {verdict}", judged.scheme)).or_default() += 1;
    }
    tell(&counts, "both accept", "both refuse");
}

/// Prints how many there were of each kind; some of these two there must have been.
fn tell(counts: &BTreeMap<String, usize>, valid: &str, bad: &str) {
    println!("{counts:#?}");
    for kind in
        ["Laravel", "Symfony"].iter().flat_map(|scheme| [valid, bad].map(|kind| format!("{scheme}: {kind}")))
    {
        assert!(counts.get(&kind).is_some_and(|&count| count > 5), "{kind}");
    }
}

/// A URL, and the link that the framework made of it.
#[derive(Debug, Deserialize)]
struct Signed {
    scheme: Scheme,
    version: String,
    key: String,
    #[serde(default)]
    absolute: bool,
    url_to_sign: Option<String>,
    signed_url: Option<String>,
    expires: Option<i64>,
}

impl Signed {
    fn by_us(&self, url: &str, expires: Option<u64>) -> Result<String, Error> {
        let key = key(&self.key);
        match (self.scheme, &*self.version) {
            (Scheme::Laravel, _) => laravel::sign(&key, url, expires),
            (_, "5.4" | "7.2") => symfony::sign(&key, url, expires, symfony::Alphabet::Standard),
            _ => symfony::sign(&key, url, expires, symfony::Alphabet::UrlSafe),
        }
    }

    fn verify(&self, link: &str, now: u64) -> Result<VerifiedLink<'static>, Error> {
        let (origin, target) = as_request(link);
        let judged = Judged {
            scheme: self.scheme,
            version: self.version.clone(),
            key: self.key.clone(),
            previous_keys: Vec::new(),
            url: if self.absolute || self.scheme == Scheme::Symfony { origin + &target } else { target },
            now: now.try_into().unwrap(),
            what: String::new(),
            accepted: true,
            request_accepted: None,
            absolute: self.absolute,
            ignore: Vec::new(),
        };
        judged.by_us()
    }

    /// Whether the framework itself would not accept back what it makes of a URL, or
    /// no request can be one for it.
    fn is_unsignable(&self, url: &str) -> bool {
        let before_query = url.split(['?', '#']).next().unwrap();
        let behind_scheme = before_query.split_once("://").map_or("", |(_, behind)| behind);
        let authority = behind_scheme.split('/').next().unwrap();
        let is_odd =
            url.contains('#') || authority.contains('@') || !url.bytes().all(|byte| byte.is_ascii_graphic());
        is_odd
            || match self.scheme {
                Scheme::Laravel => url.ends_with('?') || before_query.ends_with('/'),
                Scheme::Symfony => {
                    !url.to_lowercase().starts_with("http")
                        || authority.contains(":0")
                        || authority.ends_with(":")
                }
            }
    }
}

/// Laravel sorts, and a signer need not; all else is signed as the frameworks sign it,
/// once the origin is written as they read it.
#[test]
fn links_are_signed_as_the_frameworks_sign_them() {
    let mut counts = BTreeMap::<String, usize>::new();
    for signed in vectors().sign.into_iter().chain(recorded("sign")) {
        let (Some(url), Some(theirs)) = (&signed.url_to_sign, &signed.signed_url) else { continue };
        // A time before 1970 is none here.
        let Ok(expires) = signed.expires.map(u64::try_from).transpose() else { continue };
        let verdict = match signed.by_us(url, expires) {
            Err(error) => {
                assert!(signed.is_unsignable(url) && error.status() == 500, "{error:?}: {signed:#?}");
                "refused"
            }
            Ok(ours) if ours == *theirs => "the same",
            Ok(ours) => {
                let is_laravel = signed.scheme == Scheme::Laravel;
                let (origin, target) = as_request(url);
                let is_normal = origin == origin.to_lowercase()
                    && !(origin.starts_with("http://") && origin.ends_with(":80"))
                    && !(origin.starts_with("https://") && origin.ends_with(":443"))
                    && *url == format!("{origin}{target}");
                assert!(if is_laravel { expires.is_some() } else { !is_normal }, "{ours} for {signed:#?}");
                if let Some(last) = expires.map_or(Some(0), |expires| expires.checked_sub(1)) {
                    let (ours, theirs) = (signed.verify(&ours, last).unwrap(), signed.verify(theirs, last));
                    assert!(!is_laravel || ours.path() == theirs.unwrap().path());
                }
                "in another order, or of another origin"
            }
        };
        assert!(verdict == "refused" || !signed.is_unsignable(url), "{signed:#?}");
        *counts.entry(format!("{:?}: {verdict}", signed.scheme)).or_default() += 1;
    }
    tell(&counts, "the same", "refused");
}
