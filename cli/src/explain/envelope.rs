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
            Self::Query => "sign the query alone: what follows the `?`",
            Self::Path => {
                "sign the path, `?` and the query, without the origin (Laravel's `absolute: false`)"
            }
            Self::LaravelUrl => {
                "sign the whole URL with the receiver's public origin: set `APP_URL` to it, and let Laravel trust the proxy (`TrustProxies`)"
            }
            Self::SymfonyUrl => {
                "sign the whole URL with the receiver's public origin: set the router's `default_uri` to it, and let Symfony trust the proxy (`trusted_proxies`)"
            }
        }
    }

    /// What to change where another path is signed.
    pub fn change_of_path(self) -> &'static str {
        match self {
            Self::Query => self.change(),
            _ => "sign the path as it is sent, and without a slash at its end",
        }
    }

    /// What to change where a whole URL is signed for a path, or a path for a whole URL.
    fn change_of_kind(self) -> &'static str {
        match self {
            Self::LaravelUrl => {
                "sign an absolute link; or verify relative ones, with Laravel's `signed:relative`, here `--laravel-relative`"
            }
            Self::Path => {
                "sign a relative link (`absolute: false`); or verify absolute ones, with Laravel's `signed` and not `signed:relative`, here `--laravel ORIGIN`"
            }
            _ => self.change(),
        }
    }
}

/// What may come after the query.
const BEHIND: &[(&str, &str)] = &[
    ("\n", "a line end comes after the text that is signed"),
    ("\r\n", "a line end (CR LF) comes after the text that is signed"),
    ("\r", "a carriage return comes after the text that is signed"),
    (" ", "a space comes after the text that is signed"),
    ("\t", "a tab comes after the text that is signed"),
    ("&", "`&` comes after the text that is signed"),
    ("&sig", "`&sig` comes after the text that is signed"),
    ("?", "`?` comes after the text that is signed"),
    ("=", "`=` comes after the text that is signed"),
    (";", "`;` comes after the text that is signed"),
    ("/", "`/` comes after the text that is signed"),
    ("\0", "a NUL comes after the text that is signed"),
    (r"\n", r"`\n` comes after the text that is signed, as two characters"),
];

/// What may stand between the path, or nothing, and the query.
const JOINTS: &[(&str, &str)] = &[
    ("?", "`?`"),
    ("", "nothing"),
    ("&", "`&`"),
    ("\n", "a line end"),
    ("|", "`|`"),
    (" ", "a space"),
    (":", "`:`"),
];

/// What often comes with more of the URL, and is then no departure by itself.
const COMMON: [&str; 6] = [NO_SLASH, SLASH, HTTP, HTTPS, NO_PORT, PORT_443];

const METHODS: &[(&str, &str)] = &[
    ("GET ", "`GET ` stands in front of the text that is signed"),
    ("GET", "`GET` stands in front of the text that is signed"),
    ("GET\n", "`GET` and a line end stand in front of the text that is signed"),
    ("GET&", "`GET&` stands in front of the text that is signed"),
    ("GET:", "`GET:` stands in front of the text that is signed"),
    ("GET|", "`GET|` stands in front of the text that is signed"),
];

/// All that may have been signed around the query, up to so far from right; what is right
/// comes first. The
/// request is as it should be signed; `pasted` is as it came, perhaps with another
/// origin.
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
    if extent.is_url() && is_elsewhere {
        let cause = format!(
            "the origin that is signed is another one, that of the URL: {}",
            show(pasted.host.as_bytes())
        );
        let elsewhere = Choice::departing((), Departure::new(cause, Side::Signer, extent.change()));
        let others = around(pasted, extent, has_query, most.saturating_sub(1));
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
    for (part, what) in parts(request, extent) {
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
                    Some("only the query is signed, and not the URL in front of it".into())
                }
                ("", _) => Some(format!("{joint_name} stands in front of the query that is signed")),
                ("path", 0) if extent.is_url() => {
                    Some("the path is signed without the origin, as for a relative link".into())
                }
                ("whole URL", 0) if extent == Extent::Path => {
                    Some("the whole URL is signed, with the origin, as for an absolute link".into())
                }
                (_, 0) => Some(format!("the {what} is signed too, in front of the query")),
                _ => Some(format!("the {what} is signed too, with {joint_name} between it and the query")),
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
        behind.push(departing(fragment, "the fragment, which is not sent to a server, is signed too".into()));
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

/// What may stand in front of the joint, and what it is called.
fn parts(request: &Request, extent: Extent) -> Vec<(Choice<Vec<u8>>, &'static str)> {
    let paths = places::paths(&request.path, extent).into_iter().map(|path| (path, "path"));
    let mut parts: Vec<_> = paths.filter(|(path, _)| !path.value.is_empty()).collect();
    if !request.host.is_empty() {
        parts.extend(places::origins(request, extent));
    }
    let parts = parts.into_iter().map(|(part, what)| (part.map(String::into_bytes), what));
    [(Choice::right(Vec::new()), "")].into_iter().chain(parts).collect()
}
