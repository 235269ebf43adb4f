//! More or less of the URL: what was signed before the query and after it.

use super::{
    choice::{Choice, Departure, RARE, Side, distinct, show},
    places::{self, HTTP, HTTPS, NO_PORT, NO_SLASH, PORT_443, SLASH},
};
use crate::request::Request;

/// What comes before the query in the text that is signed, and after it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Envelope {
    pub front: Vec<u8>,
    pub behind: Vec<u8>,
}

/// How much of the URL is to be signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    Query,
    /// The path, `?` and the query.
    Path,
    /// The origin, the path, `?` and the query.
    LaravelUrl,
    SymfonyUrl,
}

impl Extent {
    /// What this much is called.
    fn what(self) -> &'static str {
        match self {
            Self::Query => "",
            Self::Path => "path",
            Self::LaravelUrl | Self::SymfonyUrl => "whole URL",
        }
    }

    fn is_url(self) -> bool {
        matches!(self, Self::LaravelUrl | Self::SymfonyUrl)
    }

    /// What to change where another origin is signed, or more or less of the URL.
    pub fn change(self) -> &'static str {
        match self {
            Self::Query => "sign the query alone, which is what follows the `?`",
            Self::Path => {
                "sign the path, `?` and the query, without the origin (Laravel's `absolute: false`)"
            }
            Self::LaravelUrl => {
                "sign the whole URL with the server's public origin (set `APP_URL` to it), and let Laravel trust the proxy (`TrustProxies`)"
            }
            Self::SymfonyUrl => {
                "sign the whole URL with the server's public origin (set the router's `default_uri` to it), and let Symfony trust the proxy (`trusted_proxies`)"
            }
        }
    }

    /// What to change where another path is signed.
    pub fn change_of_path(self) -> &'static str {
        match self {
            Self::Query => self.change(),
            _ => "sign the path as it is sent, without a trailing slash",
        }
    }

    /// What to change where a whole URL is signed for a path, or a path for a whole URL.
    fn change_of_kind(self) -> &'static str {
        match self {
            Self::LaravelUrl => {
                "sign an absolute link, or verify relative ones (in Laravel `signed:relative`, here `--laravel-relative`)"
            }
            Self::Path => {
                "sign a relative link (`absolute: false`), or verify absolute ones (in Laravel `signed` instead of `signed:relative`, here `--laravel ORIGIN`)"
            }
            _ => self.change(),
        }
    }
}

/// What may come after the query.
const BEHIND: &[(&str, &str)] = &[
    ("\n", "a line ending follows the signed text"),
    ("\r\n", "a line ending (CR LF) follows the signed text"),
    ("\r", "a carriage return follows the signed text"),
    (" ", "a space follows the signed text"),
    ("\t", "a tab follows the signed text"),
    ("&", "`&` follows the signed text"),
    ("&sig", "`&sig` follows the signed text"),
    ("?", "`?` follows the signed text"),
    ("=", "`=` follows the signed text"),
    (";", "`;` follows the signed text"),
    ("/", "`/` follows the signed text"),
    ("\0", "a NUL follows the signed text"),
    (r"\n", r"`\n` follows the signed text, as two characters"),
];

/// What may separate the query from the path in front of it, if there is one.
const JOINTS: &[(&str, &str)] = &[
    ("?", "`?`"),
    ("", "nothing"),
    ("&", "`&`"),
    ("\n", "a line ending"),
    ("|", "`|`"),
    (" ", "a space"),
    (":", "`:`"),
];

/// What often comes with more of the URL, and is then no departure by itself.
const COMMON: [&str; 6] = [NO_SLASH, SLASH, HTTP, HTTPS, NO_PORT, PORT_443];

const METHODS: &[(&str, &str)] = &[
    ("GET ", "`GET ` precedes the signed text"),
    ("GET", "`GET` precedes the signed text"),
    ("GET\n", "`GET` and a line ending precede the signed text"),
    ("GET&", "`GET&` precedes the signed text"),
    ("GET:", "`GET:` precedes the signed text"),
    ("GET|", "`GET|` precedes the signed text"),
];

/// All that may have been signed around the query, at most this far from right, beginning with
/// what is right. `request` is as it should be signed; `pasted` is as it came, perhaps with
/// another origin.
pub fn envelopes(
    request: &Request,
    pasted: &Request,
    extent: Extent,
    has_query: bool,
    most: usize,
) -> Vec<Choice<Envelope>> {
    let mut all = around(request, extent, has_query, most);
    let is_elsewhere =
        !pasted.host.is_empty() && (&pasted.host, &pasted.port) != (&request.host, &request.port);
    if extent.is_url() && is_elsewhere && most > 0 {
        let cause = format!("another origin was signed, that of the URL ({})", show(pasted.host.as_bytes()));
        let elsewhere = Choice::departing((), Departure::new(cause, Side::Signer, extent.change()));
        let others = around(pasted, extent, has_query, most - 1);
        let near = others.iter().filter(|one| one.cost < most);
        all.extend(near.map(|one| one.with(&elsewhere, |envelope, ()| envelope.clone())));
    }
    distinct(all)
}

fn around(request: &Request, extent: Extent, has_query: bool, most: usize) -> Vec<Choice<Envelope>> {
    let change = extent.change();
    let departing =
        |value, cause: String| Choice::departing(value, Departure::new(cause, Side::Signer, change));
    let mut fronts: Vec<Choice<Vec<u8>>> = Vec::new();
    for (part, what) in parts(request, extent, most) {
        // What is far from right by itself is joined in the right way.
        let is_near = part.cost < RARE;
        for (nth, (joint, joint_name)) in JOINTS.iter().enumerate().filter(|(nth, _)| is_near || *nth < 2) {
            let front = [&part.value[..], joint.as_bytes()].concat();
            let mut choice = part.clone().map(|_| front);
            let is_right_joint =
                if extent == Extent::Query || !has_query { joint.is_empty() } else { *joint == "?" };
            let cause = match (what, nth) {
                _ if what == extent.what() && is_right_joint => None,
                ("", _) if joint.is_empty() => {
                    Some("only the query was signed, not the URL in front of it".into())
                }
                ("", _) => Some(format!("{joint_name} was signed in front of the query")),
                ("path", 0) if extent.is_url() => {
                    Some("the path was signed without the origin, as for a relative link".into())
                }
                ("whole URL", 0) if extent == Extent::Path => {
                    Some("the whole URL was signed, with the origin, as for an absolute link".into())
                }
                (_, 0) => Some(format!("the {what} was signed too, in front of the query")),
                _ => Some(format!("the {what} was signed too, with {joint_name} between it and the query")),
            };
            if let Some(cause) = cause {
                // What stands between is a departure by itself where it is unusual.
                choice.cost += if nth < 2 || what.is_empty() { 1 } else { RARE };
                if nth == 0 && matches!(&part.departures[..], [one] if COMMON.contains(&&*one.cause)) {
                    choice.cost = 1;
                }
                let is_kind = nth == 0 && matches!(what, "path" | "whole URL");
                let change = if is_kind { extent.change_of_kind() } else { change };
                choice.departures.insert(0, Departure::new(cause, Side::Signer, change));
            }
            if choice.cost <= most {
                fronts.push(choice);
            }
        }
    }
    let plain: Vec<_> = fronts.iter().filter(|front| front.cost < RARE.min(most)).cloned().collect();
    for (method, cause) in METHODS {
        let method_first = departing(method.as_bytes().to_vec(), (*cause).into());
        fronts.extend(
            plain.iter().map(|front| method_first.with(front, |method, front| [&method[..], front].concat())),
        );
    }
    let mut behind = vec![Choice::right(Vec::new())];
    behind.extend(BEHIND.iter().map(|(end, cause)| departing(end.as_bytes().to_vec(), (*cause).into())));
    if let Some(fragment) = &request.fragment {
        let fragment = format!("#{fragment}").into_bytes();
        behind
            .push(departing(fragment, "the fragment, which is not sent to a server, was signed too".into()));
    }
    let mut all = Vec::new();
    for front in distinct(fronts) {
        let is_near = |end: &&Choice<_>| end.cost == 0 || front.cost < RARE.min(most);
        for end in behind.iter().filter(is_near) {
            let join =
                |front: &Vec<u8>, end: &Vec<u8>| Envelope { front: front.clone(), behind: end.clone() };
            all.push(front.with(end, join));
        }
    }
    distinct(all)
}

/// What may precede the joint, at most this far from right, and what it is called.
fn parts(request: &Request, extent: Extent, most: usize) -> Vec<(Choice<Vec<u8>>, &'static str)> {
    let paths = places::paths(&request.path, extent, most).into_iter().map(|path| (path, "path"));
    let mut parts: Vec<_> = paths.filter(|(path, _)| !path.value.is_empty()).collect();
    if !request.host.is_empty() {
        parts.extend(places::origins(request, extent, most.min(RARE)));
    }
    let parts = parts.into_iter().map(|(part, what)| (part.map(String::into_bytes), what));
    [(Choice::right(Vec::new()), "")].into_iter().chain(parts).collect()
}
