//! What happens to URLs in transit: in mail programs, logs and link scanners, and when they
//! are copied.

use super::{
    entities,
    transit::{
        Passage, Undo, changed, decode_all, escape_beyond, in_query, parameters_anew, quoted_printable,
        split_at_escape, unescape, unescape_bytes,
    },
    wrapper::{UNWRAP, WRAPPED, unwrap},
};

const NO_ENCODING: &str = "pass the URL on unchanged, character for character";
const NO_HTML: &str = "decode HTML entities when taking a URL from a page or an e-mail";
const NO_MAIL: &str = "decode the e-mail's quoted-printable before taking a URL from it, and only once";
const ONLY_URL: &str = "copy the whole URL and nothing else";
const ENCODE_VALUES: &str = "encode each value before putting it into the URL";
const NO_FRAGMENT: &str = "put the query before the `#`, since browsers don't send what follows it";
const QUERY_ALONE: &str =
    "pass on the query alone (in nginx, `/index.php?$query_string` and not `?$uri&$args`)";

const SHORTEST_SIGNATURE: usize = 40;

const fn passage(cause: &'static str, change: &'static str, undo: fn(&str) -> Option<String>) -> Passage {
    Passage { cause, change, undo: Undo::To(undo) }
}

const fn any_of(cause: &'static str, change: &'static str, undo: fn(&str) -> Vec<String>) -> Passage {
    Passage { cause, change, undo: Undo::ToAnyOf(undo) }
}

pub const PASSAGES: &[Passage] = &[
    passage(WRAPPED, UNWRAP, unwrap),
    passage("`&` was sent as `&amp;`, as HTML writes it (`amp;sig` for `sig`)", NO_HTML, |url| {
        const ESCAPED: [&str; 6] = ["&amp%3B", "&amp%3b", "%26amp%3B", "%26amp%3b", "&AMP;", "&amp;"];
        changed(url, &decode_all(url, &ESCAPED, "&"))
    }),
    passage("`&` was sent as an HTML entity (`&#38;`)", NO_HTML, |url| {
        const NUMBERS: [&str; 7] = ["&#038;", "&#38;", "&#x26;", "&#X26;", "&%2338;", "&%23038;", "&%23x26;"];
        changed(url, &decode_all(url, &NUMBERS, "&"))
    }),
    passage(
        r"`&` was sent as `\u0026`, as JSON may write it",
        "decode the JSON before taking a URL from it",
        |url| {
            let plain = decode_all(url, &[r"\u0026", "%5Cu0026", "%5cu0026"], "&");
            changed(url, &plain.replace(r"\/", "/").replace(r"\u003d", "="))
        },
    ),
    passage("the URL ends in `&amp`, a piece of an HTML entity", NO_HTML, |url| {
        changed(url, url.strip_suffix("&amp").or_else(|| url.strip_suffix("&amp="))?)
    }),
    any_of(
        "the start of a parameter's name was read as an HTML entity (such as `&copy` or `&reg`)",
        NO_HTML,
        entities::undone,
    ),
    passage("the URL is still in quoted-printable (`=3D`, lines that end in `=`)", NO_MAIL, quoted_printable),
    any_of(
        "the URL was decoded from quoted-printable once too often (`=17` became a character, `=42` became `B`)",
        NO_MAIL,
        |url| {
            parameters_anew(url, |name, rest| match rest.strip_prefix('%') {
                Some(escape) => Some(format!("{name}={}", escape.to_ascii_lowercase())),
                None => {
                    let first = rest.chars().next().filter(char::is_ascii)?;
                    Some(format!("{name}={:02x}{}", u32::from(first), &rest[1..]))
                }
            })
        },
    ),
    any_of("an `=` was lost in transit", NO_ENCODING, |url| {
        parameters_anew(url, |name, rest| Some(format!("{name}={rest}")))
    }),
    passage("the URL was broken into lines, or white space got into it", ONLY_URL, |url| {
        let whole: String = url.chars().filter(|char| !char.is_whitespace()).collect();
        changed(url, &decode_all(&whole, &["%0D%0A", "%0d%0a", "%0A", "%0a", "%0D", "%0d"], ""))
    }),
    passage("what follows the white space does not belong to the URL", ONLY_URL, |url| {
        changed(url, url.trim_start().split(char::is_whitespace).next()?)
    }),
    passage("there is punctuation, a quote or a bracket after the URL or around it", ONLY_URL, |url| {
        const AROUND: &str = "<>()[]{}\"'`*,.;:!?…»«“”‘’|\\";
        let start = url.trim_start_matches(|char| AROUND.contains(char) && char != '?');
        let inside = start.trim_end_matches(|char| AROUND.contains(char) || "/&=_".contains(char));
        changed(url, inside)
    }),
    passage("there is escaped punctuation or an escaped quote after the URL", ONLY_URL, |url| {
        const ENDS: [&str; 12] =
            ["%22", "%27", "%3E", "%3e", "%29", "%5D", "%5d", "%2C", "%2c", "%2E", "%20", "%0A"];
        let mut inside = url;
        while let Some(shorter) = ENDS.iter().find_map(|end| inside.strip_suffix(end)) {
            inside = shorter;
        }
        changed(url, inside)
    }),
    passage(
        "there are invisible characters in the URL (such as a zero-width space or a byte order mark)",
        ONLY_URL,
        |url| {
            const UNSEEN: [&str; 8] = [
                "%E2%80%8B",
                "%E2%80%8C",
                "%E2%80%8D",
                "%E2%80%8E",
                "%E2%81%A0",
                "%EF%BB%BF",
                "%C2%AD",
                "%C2%A0",
            ];
            let is_unseen = |char: char| matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{a0}' | '\u{202a}'..='\u{202e}');
            let seen: String = url.chars().filter(|char| !is_unseen(*char)).collect();
            let seen = UNSEEN
                .iter()
                .fold(seen, |url, escape| url.replace(escape, "").replace(&escape.to_lowercase(), ""));
            changed(url, &seen)
        },
    ),
    passage("the URL is still escaped as in a server's log (`\\x22`)", ONLY_URL, |url| {
        changed(url, &unescape(url, "\\x"))
    }),
    passage("the URL is a hash router's, whose query follows the `#` and is not sent", NO_FRAGMENT, |url| {
        let (front, behind) = url.split_once('#')?;
        let behind = behind.trim_start_matches('!');
        behind.contains('?').then_some(())?;
        Some(format!("{}/{}", front.trim_end_matches('/'), behind.trim_start_matches('/')))
    }),
    passage("the path is in the query as well, as the first parameter", QUERY_ALONE, |url| {
        let (front, query) = url.split_once('?')?;
        let (path, rest) = query.split_once('&')?;
        (path.starts_with('/') && !path.contains('=')
            || path.starts_with("%2F") && !path.contains('=')
            || ["q=/", "s=/", "url=", "route=", "_url=/", "_route_=", "request="].iter().any(|start| {
                path.starts_with(start) && front.ends_with(&path[start.len()..]) && path.len() > start.len()
            }))
        .then(|| format!("{front}?{rest}"))
    }),
    passage("the query was encoded once too often in transit (`%25…`)", NO_ENCODING, |url| {
        changed(url, &url.replace("%25", "%"))
    }),
    passage("`+` was escaped in transit (`%2B`)", NO_ENCODING, |url| {
        changed(url, &in_query(url, |query| query.replace("%2B", "+").replace("%2b", "+")))
    }),
    passage("the query was encoded once too often in transit (`%25…`, `%2B`)", NO_ENCODING, |url| {
        let undone = in_query(url, |query| query.replace("%2B", "+").replace("%2b", "+").replace("%25", "%"));
        (url.contains("%25") && (url.contains("%2B") || url.contains("%2b"))).then_some(undone)
    }),
    passage(
        "the whole query was encoded in transit, including `=` and `&` (`%3D`, `%26`)",
        NO_ENCODING,
        |url| {
            let (front, query) = url.split_once('?').or_else(|| split_at_escape(url)).unwrap_or(("", url));
            let is_whole = !query.contains('=') || !query.contains('&');
            let decoded = unescape(query, "%");
            let joint = if front.is_empty() { "" } else { "?" };
            is_whole.then_some(())?;
            changed(url, &format!("{front}{joint}{decoded}"))
        },
    ),
    passage("`=` was sent escaped (`%3D`)", NO_ENCODING, |url| {
        let separated = url.split('&').map(|one| {
            if one.contains('=') { one.into() } else { one.replacen("%3D", "=", 1).replacen("%3d", "=", 1) }
        });
        changed(url, &separated.collect::<Vec<_>>().join("&"))
    }),
    passage("`&` was sent escaped (`%26`) between parameters", NO_ENCODING, |url| {
        changed(url, &url.replace("%26", "&").replace("%3D", "=").replace("%3d", "="))
    }),
    passage("the parameters are separated by `;` instead of `&`", NO_ENCODING, |url| {
        changed(url, &url.replace(';', "&"))
    }),
    passage("the URL has a second `?` where `&` should be", NO_ENCODING, |url| {
        let (front, query) = url.split_once('?')?;
        let query = query.replace("&?", "&").replace("?&", "&").replace('?', "&");
        changed(url, &format!("{front}?{query}"))
    }),
    passage(
        "a `#` in a value was not escaped as `%23`, so what follows it is not part of the query",
        ENCODE_VALUES,
        |url| {
            url.split_once('#').filter(|(front, behind)| front.contains('?') && behind.contains('='))?;
            changed(url, &url.replace('#', "%23"))
        },
    ),
    passage(
        "a `+` in a value was not escaped as `%2B`, or was decoded in transit, and reads as a space",
        ENCODE_VALUES,
        |url| changed(url, &in_query(url, |query| query.replace('+', "%2B"))),
    ),
    passage(
        "an `&` in a value was not escaped as `%26`, or was decoded in transit, and ends the value",
        ENCODE_VALUES,
        |url| {
            let joined = in_query(url, |query| {
                let mut parts = query.split('&');
                let first = parts.next().unwrap_or_default().to_owned();
                parts.fold(first, |query, part| {
                    // What comes after a signature belongs to no value.
                    let last = query.rsplit(['&', '=']).next().unwrap_or_default();
                    let is_value = !part.contains('=') && last.len() < SHORTEST_SIGNATURE;
                    query + if is_value { "%26" } else { "&" } + part
                })
            });
            changed(url, &joined)
        },
    ),
    passage(
        "the signed text was encoded twice (`%25…`), unless what came was decoded once too often in transit",
        NO_ENCODING,
        |url| changed(url, &in_query(url, |query| query.replace('%', "%25"))),
    ),
    passage("non-ASCII characters were encoded as UTF-8 twice in transit", NO_ENCODING, |url| {
        let bytes: Option<Vec<u8>> =
            unescape_bytes(url)?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
        let once = String::from_utf8(bytes?).ok().filter(|once| !once.is_ascii())?;
        changed(url, &escape_beyond(&once))
    }),
    passage("the URL was converted to upper case in transit", NO_ENCODING, |url| {
        let has_small = url.bytes().any(|byte| byte.is_ascii_lowercase());
        if has_small { None } else { changed(url, &url.to_ascii_lowercase()) }
    }),
];
