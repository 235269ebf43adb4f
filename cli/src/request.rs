//! A URL taken apart, as far as its text goes: nothing is decoded.

/// A URL, a path with a query, or a query alone.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Request {
    pub scheme: Option<String>,
    /// Empty where the text began with the path or the query.
    pub host: String,
    pub port: Option<String>,
    pub path: String,
    pub query: Option<String>,
    pub fragment: Option<String>,
}

impl Request {
    pub fn read(text: &str) -> Self {
        let (text, fragment) = split(text, '#');
        let (front, query) = match is_query_alone(text) {
            true => ("", Some(text.to_owned())),
            false => split(text, '?'),
        };
        let (scheme, rest) = match front.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme.to_owned()), rest),
            _ => (None, front),
        };
        let (authority, path) = match rest.find('/') {
            _ if scheme.is_none() && !rest.contains(['.', ':']) => ("", rest),
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, Some(port.to_owned()))
            }
            _ => (authority, None),
        };
        Self { scheme, host: host.to_owned(), port, path: path.to_owned(), query, fragment }
    }
}

fn split(text: &str, at: char) -> (&str, Option<String>) {
    text.split_once(at).map_or((text, None), |(before, behind)| (before, Some(behind.to_owned())))
}

/// Whether a text begins with a parameter and not with something in front of `?`.
pub fn is_query_alone(text: &str) -> bool {
    let front = text.split('?').next().unwrap_or_default();
    let before = front.split("://").next().unwrap_or_default();
    !text.starts_with(['/', '?']) && before.contains(['=', '&'])
}

/// The origin of a URL, which may be empty, and the rest.
pub fn split_origin(url: &str) -> (&str, &str) {
    let host = match url.find("://") {
        Some(scheme) if !url.starts_with('/') => scheme + 3,
        _ => return ("", url),
    };
    url.split_at(url[host..].find(['/', '?', '#']).map_or(url.len(), |end| host + end))
}
