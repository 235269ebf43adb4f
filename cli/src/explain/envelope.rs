//! More or less of the URL: what was signed before the query and after it.

use super::{
    bytes::decode,
    choice::{Choice, Departure, MOST, RARE, Side, distinct, show},
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

    fn change(self) -> &'static str {
        match self {
            Self::Query => "sign the query alone: what follows the `?`",
            Self::Path => "sign the path, `?` and the query, without the origin",
            Self::LaravelUrl => {
                "sign the whole URL with the receiver's public origin: set `APP_URL` to it, and let Laravel trust the proxy (`TrustProxies`)"
            }
            Self::SymfonyUrl => {
                "sign the whole URL with the receiver's public origin: set the router's `default_uri` to it, and let Symfony trust the proxy (`trusted_proxies`)"
            }
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

const NO_SLASH: &str = "the slash at the end of the path is not in what is signed";
const SLASH: &str = "the path is signed with a trailing slash, which was not sent";
const HTTP: &str = "`http` is signed as the scheme, and not `https`";
const HTTPS: &str = "`https` is signed as the scheme, and not `http`";
const NO_PORT: &str = "the port is not in what is signed";
const PORT_443: &str = "the port is signed as `:443`, which is not in the URL";
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

/// All that may have been signed around the query; what is right comes first. The
/// request is as it should be signed; `pasted` is as it came, perhaps with another
/// origin.
pub fn envelopes(
    request: &Request,
    pasted: &Request,
    extent: Extent,
    has_query: bool,
) -> Vec<Choice<Envelope>> {
    let mut all = around(request, extent, has_query);
    let is_elsewhere =
        !pasted.host.is_empty() && (&pasted.host, &pasted.port) != (&request.host, &request.port);
    if extent.is_url() && is_elsewhere {
        let cause = format!(
            "the origin that is signed is another one, that of the URL: {}",
            show(pasted.host.as_bytes())
        );
        let elsewhere = Choice::departing((), Departure::new(cause, Side::Signer, extent.change()));
        let others = around(pasted, extent, has_query);
        let near = others.iter().filter(|one| one.cost < MOST);
        all.extend(near.map(|one| one.with(&elsewhere, |envelope, ()| envelope.clone())));
    }
    distinct(all)
}

fn around(request: &Request, extent: Extent, has_query: bool) -> Vec<Choice<Envelope>> {
    let change = extent.change();
    let departing =
        |value, cause: String| Choice::departing(value, Departure::new(cause, Side::Signer, change));
    let mut fronts: Vec<Choice<Vec<u8>>> = Vec::new();
    for (part, what) in parts(request, extent) {
        for (nth, (joint, joint_name)) in JOINTS.iter().enumerate() {
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
                choice.departures.insert(0, Departure::new(cause, Side::Signer, change));
            }
            fronts.push(choice);
        }
    }
    let plain = fronts.clone();
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
        for end in behind.iter().filter(|end| front.cost + end.cost <= MOST) {
            let join =
                |front: &Vec<u8>, end: &Vec<u8>| Envelope { front: front.clone(), behind: end.clone() };
            all.push(front.with(end, join));
        }
    }
    distinct(all)
}

/// What may stand in front of the joint, and what it is called.
fn parts(request: &Request, extent: Extent) -> Vec<(Choice<Vec<u8>>, &'static str)> {
    let mut parts = vec![(Choice::right(Vec::new()), "")];
    let change = extent.change();
    let departing = |value: String, cause: &'static str| {
        Choice::departing(value, Departure::new(cause, Side::Signer, change))
    };
    let paths = paths(&request.path, &departing);
    let mut add = |part: &Choice<String>, what| parts.push((part.clone().map(String::into_bytes), what));
    for path in paths.iter().filter(|path| !path.value.is_empty()) {
        add(path, "path");
    }
    if request.host.is_empty() {
        return parts;
    }
    let mut hosts = Vec::new();
    for host in hosts_of(&request.host, &departing) {
        for port in ports(request, &departing) {
            hosts.push(host.with(&port, |host, port| format!("{host}{port}")));
        }
    }
    let schemes = schemes(request, &departing);
    for host in &hosts {
        add(host, "host");
        for path in &paths {
            let with_path = host.with(path, |host, path| format!("{host}{path}"));
            if with_path.cost > RARE {
                continue;
            }
            add(&with_path, "host with the path");
            for scheme in &schemes {
                add(&scheme.with(&with_path, |scheme, rest| format!("{scheme}{rest}")), "whole URL");
            }
        }
        for scheme in &schemes {
            add(&scheme.with(host, |scheme, host| format!("{scheme}{host}")), "origin");
        }
    }
    parts.retain(|(part, _)| part.cost <= MOST);
    parts
}

type Departing<'d> = dyn Fn(String, &'static str) -> Choice<String> + 'd;

fn paths(path: &str, departing: &Departing<'_>) -> Vec<Choice<String>> {
    let mut paths = vec![Choice::right(path.to_owned())];
    match path.strip_suffix('/') {
        Some(without) => paths.push(departing(without.into(), NO_SLASH)),
        None => paths.push(departing(format!("{path}/"), SLASH)),
    }
    if let Some(without) = path.strip_prefix('/').filter(|rest| !rest.is_empty()) {
        paths.push(departing(without.into(), "the path is signed without the slash in front"));
    }
    let decoded = String::from_utf8_lossy(&decode(path.as_bytes(), false)).into_owned();
    paths.push(departing(decoded, "the path is signed decoded"));
    paths.push(departing(path.to_ascii_lowercase(), "the path is signed in lower case"));
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.matches('/').count() > 1 && !last.is_empty() {
        paths.push(departing(format!("/{last}"), "only the last part of the path is signed"));
        let mut parts = path.splitn(3, '/').skip(2);
        let behind_first = format!("/{}", parts.next().unwrap_or_default());
        paths.push(departing(behind_first, "the first part of the path is not in what is signed"));
    }
    if path.contains("//") {
        let single = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        paths.push(departing(format!("/{single}"), "repeated slashes in the path are signed as one"));
    }
    paths.push(departing(
        format!("/index.php{path}"),
        "`/index.php` stands in front of the path in what is signed",
    ));
    distinct(paths)
}

fn hosts_of(host: &str, departing: &Departing<'_>) -> Vec<Choice<String>> {
    let mut hosts = vec![Choice::right(host.to_owned())];
    match host.strip_prefix("www.") {
        Some(bare) => hosts.push(departing(bare.into(), "the host is signed without `www.`")),
        None => hosts.push(departing(format!("www.{host}"), "the host is signed with `www.` in front")),
    }
    hosts.push(departing(host.to_ascii_lowercase(), "the host is signed in lower case"));
    for other in ["localhost", "127.0.0.1"] {
        hosts.push(departing(
            other.into(),
            "another host is signed, one behind the proxy (localhost or 127.0.0.1)",
        ));
    }
    distinct(hosts)
}

fn ports(request: &Request, departing: &Departing<'_>) -> Vec<Choice<String>> {
    let own = request.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
    let mut ports = vec![Choice::right(own), departing(String::new(), NO_PORT)];
    for (port, cause) in [
        (":443", PORT_443),
        (":80", "the port is signed as `:80`, which is not in the URL"),
        (":8080", "the port is signed as `:8080`, which is not in the URL"),
        (":8000", "the port is signed as `:8000`, which is not in the URL"),
        (":3000", "the port is signed as `:3000`, which is not in the URL"),
    ] {
        ports.push(departing(port.into(), cause));
    }
    distinct(ports)
}

fn schemes(request: &Request, departing: &Departing<'_>) -> Vec<Choice<String>> {
    let sent = request.scheme.as_deref().unwrap_or("https").to_ascii_lowercase();
    let (sent, other, cause) = match &*sent {
        "http" => ("http://", "https://", HTTPS),
        _ => ("https://", "http://", HTTP),
    };
    vec![
        Choice::right(sent.to_owned()),
        departing(other.into(), cause),
        departing("//".into(), "the URL is signed without its scheme, from `//` on"),
    ]
}
