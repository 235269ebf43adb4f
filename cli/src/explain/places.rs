//! What may be signed in front of the query: schemes, hosts, ports and paths.

use super::{
    bytes::{decode, rewriting},
    choice::{Choice, Departure, Side, Text, distinct},
    envelope::Extent,
};
use crate::request::Request;

pub const NO_SLASH: &str = "the path was signed without its trailing slash";
pub const SLASH: &str = "the path was signed with a trailing slash, which was not sent";
pub const HTTP: &str = "the scheme was signed as `http` instead of `https`";
pub const HTTPS: &str = "the scheme was signed as `https` instead of `http`";
pub const NO_PORT: &str = "the URL was signed without its port";
pub const PORT_443: &str = "the port was signed as `:443`, which is not in the URL";

const KEEP_PATH: &str = "pass the path on unchanged, character for character";
const KEEP_PREFIX: &str = "pass the path on whole, or put the prefix back before the link is verified";
const NO_CONTROLLER: &str = "sign the URL as it is sent, without the name of the front controller";

/// What may precede the path that came.
const PREFIXES: &[(&str, Side, &str)] = &[
    ("/index.php", Side::Signer, NO_CONTROLLER),
    ("/app_dev.php", Side::Signer, NO_CONTROLLER),
    ("/app.php", Side::Signer, NO_CONTROLLER),
    ("/index_dev.php", Side::Signer, NO_CONTROLLER),
    (
        "/public",
        Side::Signer,
        "make the folder `public` the web server's root, and sign the URL as it is sent",
    ),
    ("/public/index.php", Side::Signer, NO_CONTROLLER),
    ("/web", Side::Signer, "make the folder `web` the web server's root, and sign the URL as it is sent"),
    ("/api", Side::Way, KEEP_PREFIX),
    ("/api/v1", Side::Way, KEEP_PREFIX),
    ("/api/v2", Side::Way, KEEP_PREFIX),
    ("/v1", Side::Way, KEEP_PREFIX),
    ("/v2", Side::Way, KEEP_PREFIX),
    ("/app", Side::Way, KEEP_PREFIX),
    ("/admin", Side::Way, KEEP_PREFIX),
    ("/backend", Side::Way, KEEP_PREFIX),
    ("/portal", Side::Way, KEEP_PREFIX),
    ("/files", Side::Way, KEEP_PREFIX),
    ("/storage", Side::Way, KEEP_PREFIX),
    ("/crm", Side::Way, KEEP_PREFIX),
    ("/laravel", Side::Way, KEEP_PREFIX),
    ("/symfony", Side::Way, KEEP_PREFIX),
    ("/staging", Side::Way, KEEP_PREFIX),
    ("/#", Side::Signer, "sign the URL without the hash router's `#`"),
];

/// What locales a path may begin with.
const LOCALES: &[&str] = &[
    "en", "de", "fr", "es", "it", "nl", "pt", "pl", "ru", "sv", "da", "fi", "nb", "no", "cs", "sk", "tr",
    "ja", "zh", "ko", "ar", "he", "uk", "hu", "ro", "el", "bg", "hr", "en-US", "en_US", "en-us", "en-GB",
    "en_GB", "en-gb", "de-DE", "de_DE", "de-de", "de-AT", "de-CH", "fr-FR", "fr_FR", "es-ES", "es_ES",
    "pt-BR", "pt_BR", "zh-CN", "zh_CN",
];

/// Characters that routers leave alone in a path, where others do not.
const LEFT_IN_PATHS: [&[u8]; 4] = [b"@:;,=+!*|", b"@:!;,*", b"", b"!$&'()*+,;=:@"];

/// Hosts that are signed behind a proxy or in a container, and what is said of them.
const HOSTS: &[&str] =
    &["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "app", "web", "php", "nginx", "laravel.test", "backend"];
/// What a host may have in front.
const SUBDOMAINS: &[&str] = &["www.", "app.", "api.", "staging.", "dev."];

const PORTS: &[(&str, &str)] = &[
    (":443", PORT_443),
    (":80", "the port was signed as `:80`, which is not in the URL"),
    (":8080", "the port was signed as `:8080`, which is not in the URL"),
    (":8000", "the port was signed as `:8000`, which is not in the URL"),
    (":3000", "the port was signed as `:3000`, which is not in the URL"),
    (":9000", "the port was signed as `:9000`, which is not in the URL"),
    (":8443", "the port was signed as `:8443`, which is not in the URL"),
];

fn departing(
    value: impl Into<String>,
    cause: impl Into<Text>,
    side: Side,
    change: &'static str,
) -> Choice<String> {
    Choice::departing(value.into(), Departure::new(cause, side, change))
}

/// Paths, at most this far from right.
pub fn paths(path: &str, extent: Extent, most: usize) -> Vec<Choice<String>> {
    if most == 0 {
        return vec![Choice::right(path.to_owned())];
    }
    let change = extent.change_of_path();
    let signer = |value: String, cause: &'static str| departing(value, cause, Side::Signer, change);
    let mut paths = vec![Choice::right(path.to_owned())];
    // What happened in transit comes first, since frameworks write paths in one way.
    if extent != Extent::Query {
        paths.extend(rewritten(path));
    }
    match path.strip_suffix('/') {
        Some(without) => paths.push(signer(without.into(), NO_SLASH)),
        None => paths.push(signer(format!("{path}/"), SLASH)),
    }
    if let Some(without) = path.strip_prefix('/').filter(|rest| !rest.is_empty()) {
        paths.push(signer(without.into(), "the path was signed without its leading slash"));
    }
    let decoded = String::from_utf8_lossy(&decode(path.as_bytes(), false)).into_owned();
    paths.push(signer(decoded, "the path was decoded before signing"));
    paths.push(signer(path.to_ascii_lowercase(), "the path was signed in lower case"));
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.matches('/').count() > 1 && !last.is_empty() {
        let mut parts = path.splitn(3, '/').skip(2);
        let behind_first = format!("/{}", parts.next().unwrap_or_default());
        paths.push(signer(behind_first, "the path was signed without its first segment"));
        paths.push(signer(format!("/{last}"), "only the last segment of the path was signed"));
    }
    if path.contains("//") {
        let single = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        paths.push(signer(format!("/{single}"), "repeated slashes in the path were signed as one"));
    }
    for (prefix, side, change) in PREFIXES {
        let cause = format!("the path was signed with `{prefix}` in front of it");
        paths.push(departing(format!("{prefix}{path}"), cause, *side, change));
    }
    if extent != Extent::Query {
        paths.push(signer(
            format!("/{path}"),
            "the origin was signed with a trailing slash (from `APP_URL`), which makes two in a row",
        ));
        for locale in LOCALES {
            let cause = format!("the path was signed with a locale, `/{locale}`, in front of it");
            paths.push(departing(format!("/{locale}{path}"), cause, Side::Way, KEEP_PREFIX));
        }
    }
    distinct(paths)
}

/// The path as a framework may have written it, where what came is the same but for that.
fn rewritten(path: &str) -> Vec<Choice<String>> {
    let decoded = decode(path.as_bytes(), false);
    let mut paths = Vec::new();
    for left in LEFT_IN_PATHS {
        let written = written(&decoded, left);
        if let Some(cause) = rewriting(written.as_bytes(), path.as_bytes()) {
            paths.push(departing(written, cause, Side::Way, KEEP_PATH));
        }
    }
    for (place, _) in path.match_indices('/') {
        if place > 0 {
            let (before, behind) = path.split_at(place);
            let cause = "two slashes in the path were merged into one in transit";
            paths.push(departing(format!("{before}/{behind}"), cause, Side::Way, KEEP_PATH));
            let cause = "a `%2F` in the path was decoded in transit";
            paths.push(departing(format!("{before}%2F{}", &behind[1..]), cause, Side::Way, KEEP_PATH));
        }
    }
    // Longer paths have too many slashes to try each.
    const MOST: usize = 24;
    paths.truncate(MOST);
    paths
}

/// A path with all but what is unreserved or left alone escaped.
fn written(decoded: &[u8], left: &[u8]) -> String {
    let write =
        |byte: &u8| match byte.is_ascii_alphanumeric() || b"-._~/".contains(byte) || left.contains(byte) {
            true => char::from(*byte).to_string(),
            false => format!("%{byte:02X}"),
        };
    decoded.iter().map(write).collect()
}

pub fn hosts(host: &str, extent: Extent) -> Vec<Choice<String>> {
    let signer = |value: String, cause: String| departing(value, cause, Side::Signer, extent.change());
    let mut hosts = vec![Choice::right(host.to_owned())];
    for start in SUBDOMAINS {
        hosts.push(match host.strip_prefix(start) {
            Some(bare) => signer(bare.into(), format!("the host was signed without `{start}`")),
            None => {
                signer(format!("{start}{host}"), format!("the host was signed with `{start}` in front of it"))
            }
        });
    }
    if let Some((_, parent)) = host.split_once('.').filter(|(_, parent)| parent.contains('.')) {
        hosts.push(signer(parent.into(), "the host was signed without its first label".into()));
        for start in SUBDOMAINS {
            let cause = format!("the host was signed with `{start}` as its first label");
            hosts.push(signer(format!("{start}{parent}"), cause));
        }
    }
    hosts.push(signer(host.to_ascii_lowercase(), "the host was signed in lower case".into()));
    for other in HOSTS {
        let cause = format!("another host was signed, one behind the proxy ({other})");
        hosts.push(signer((*other).into(), cause));
    }
    distinct(hosts)
}

pub fn ports(request: &Request, extent: Extent) -> Vec<Choice<String>> {
    let own = request.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
    let signer = |value: &str, cause: &'static str| departing(value, cause, Side::Signer, extent.change());
    let mut ports = vec![Choice::right(own), signer("", NO_PORT)];
    ports.extend(PORTS.iter().map(|(port, cause)| signer(port, cause)));
    distinct(ports)
}

pub fn schemes(request: &Request, extent: Extent) -> Vec<Choice<String>> {
    let sent = request.scheme.as_deref().unwrap_or("https").to_ascii_lowercase();
    let (sent, other, cause) = match &*sent {
        "http" => ("http://", "https://", HTTPS),
        _ => ("https://", "http://", HTTP),
    };
    vec![
        Choice::right(sent.to_owned()),
        departing(other, cause, Side::Signer, extent.change()),
        departing("//", "the URL was signed without its scheme, from `//` on", Side::Signer, extent.change()),
    ]
}

/// Origins with a path, at most this far from right, and what each whole is called.
pub fn origins(request: &Request, extent: Extent, most: usize) -> Vec<(Choice<String>, &'static str)> {
    let near = |mut choices: Vec<Choice<String>>| {
        choices.retain(|choice| choice.cost <= most);
        choices
    };
    let paths = paths(&request.path, extent, most);
    let (schemes, ports) = (near(schemes(request, extent)), near(ports(request, extent)));
    let mut origins = Vec::new();
    for host in near(hosts(&request.host, extent)) {
        for port in ports.iter().filter(|port| host.cost + port.cost <= most) {
            let host = host.with(port, |host, port| format!("{host}{port}"));
            for path in paths.iter().filter(|path| host.cost + path.cost <= most) {
                let with_path = host.with(path, |host, path| format!("{host}{path}"));
                for scheme in schemes.iter().filter(|scheme| scheme.cost + with_path.cost <= most) {
                    origins.push((
                        scheme.with(&with_path, |scheme, rest| format!("{scheme}{rest}")),
                        "whole URL",
                    ));
                }
                origins.push((with_path, "host with the path"));
            }
            for scheme in schemes.iter().filter(|scheme| scheme.cost + host.cost <= most) {
                origins.push((scheme.with(&host, |scheme, host| format!("{scheme}{host}")), "origin"));
            }
            origins.push((host, "host"));
        }
    }
    origins
}
