//! Undoes what happened to a URL on its way: in mail programs, logs and link scanners,
//! and when it was copied.

use super::{
    bytes::hex_pair,
    choice::{Choice, Departure, Side, closure},
    wrapper::{UNWRAP, WRAPPED, unwrap},
};

/// What was done on the way, what to do about it, and the URL as it was before.
struct Passage {
    cause: &'static str,
    change: &'static str,
    undo: fn(&str) -> Option<String>,
}

const fn passage(cause: &'static str, change: &'static str, undo: fn(&str) -> Option<String>) -> Passage {
    Passage { cause, change, undo }
}

const NO_ENCODING: &str = "pass the URL on as it is, character for character";
const NO_HTML: &str = "decode HTML entities when taking a URL from a page or a mail";
const NO_MAIL: &str = "decode the mail's quoted-printable before taking a URL from it";
const ONLY_URL: &str = "copy the URL alone, and all of it";
const ENCODE_VALUES: &str = "encode each value before it is put into the URL";

const PASSAGES: &[Passage] = &[
    passage(WRAPPED, UNWRAP, unwrap),
    passage("`&` was sent as `&amp;`, as it is written in HTML (`amp;sig` for `sig`)", NO_HTML, |url| {
        changed(
            url,
            &decode_all(url, &["&amp%3B", "&amp%3b", "%26amp%3B", "%26amp%3b", "&AMP;", "&amp;"], "&"),
        )
    }),
    passage("`&` was sent as an HTML entity (`&#38;`)", NO_HTML, |url| {
        changed(
            url,
            &decode_all(
                url,
                &["&#038;", "&#38;", "&#x26;", "&#X26;", "&%2338;", "&%23038;", "&%23x26;"],
                "&",
            ),
        )
    }),
    passage(
        r"`&` was sent as `\u0026`, as it is written in JSON",
        "decode the JSON before taking a URL from it",
        |url| {
            changed(
                url,
                &decode_all(url, &[r"\u0026", "%5Cu0026", "%5cu0026"], "&")
                    .replace(r"\/", "/")
                    .replace(r"\u003d", "="),
            )
        },
    ),
    passage(
        "a parameter's name was turned into an HTML entity (such as `&copy` or `&reg`)",
        NO_HTML,
        |url| {
            const ENTITIES: [(&str, &str); 12] = [
                ("©", "&copy"),
                ("®", "&reg"),
                ("§", "&sect"),
                ("¶", "&para"),
                ("¬", "&not"),
                ("×", "&times"),
                ("¤", "&curren"),
                ("÷", "&divide"),
                ("°", "&deg"),
                ("µ", "&micro"),
                ("¢", "&cent"),
                ("£", "&pound"),
            ];
            changed(url, &ENTITIES.iter().fold(url.to_owned(), |url, (char, name)| url.replace(char, name)))
        },
    ),
    passage("the URL is still in quoted-printable (`=3D`, lines that end in `=`)", NO_MAIL, quoted_printable),
    passage("the URL was broken into lines, or white space got into it", ONLY_URL, |url| {
        let whole: String = url.chars().filter(|char| !char.is_whitespace()).collect();
        let whole = decode_all(&whole, &["%0D%0A", "%0d%0a", "%0A", "%0a", "%0D", "%0d"], "");
        changed(url, &whole)
    }),
    passage("what came after white space does not belong to the URL", ONLY_URL, |url| {
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
        "there are invisible characters in the URL (a zero width space, a byte order mark)",
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
    passage("the query was encoded once too often on the way (`%25…`)", NO_ENCODING, |url| {
        changed(url, &url.replace("%25", "%"))
    }),
    passage(
        "the whole query was encoded on the way, including `=` and `&` (`%3D`, `%26`)",
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
    passage("`;` stands between parameters, and not `&`", NO_ENCODING, |url| {
        changed(url, &url.replace(';', "&"))
    }),
    passage("a second `?` stands in the URL where `&` should", NO_ENCODING, |url| {
        let (front, query) = url.split_once('?')?;
        let query = query.replace("&?", "&").replace("?&", "&").replace('?', "&");
        changed(url, &format!("{front}?{query}"))
    }),
    passage(
        "`#` in a value was not escaped (`%23`), so what follows it is not part of the query",
        ENCODE_VALUES,
        |url| {
            url.split_once('#').filter(|(_, behind)| behind.contains('='))?;
            changed(url, &url.replace('#', "%23"))
        },
    ),
    passage(
        "`+` in a value was not escaped, or was decoded on the way, and reads as a space (`%2B`)",
        ENCODE_VALUES,
        |url| changed(url, &in_query(url, |query| query.replace('+', "%2B"))),
    ),
    passage(
        "`&` in a value was not escaped, or was decoded on the way, and ends the value (`%26`)",
        ENCODE_VALUES,
        |url| {
            let joined = in_query(url, |query| {
                let mut parts = query.split('&');
                let first = parts.next().unwrap_or_default().to_owned();
                parts.fold(first, |query, part| query + if part.contains('=') { "&" } else { "%26" } + part)
            });
            changed(url, &joined)
        },
    ),
    passage(
        "the escapes are escaped again (`%25…`) in what was signed: encoded twice by the signer, or decoded once too often on the way",
        NO_ENCODING,
        |url| changed(url, &in_query(url, |query| query.replace('%', "%25"))),
    ),
    passage("characters beyond ASCII were encoded as UTF-8 twice on the way", NO_ENCODING, |url| {
        let bytes: Option<Vec<u8>> =
            unescape_bytes(url)?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
        let once = String::from_utf8(bytes?).ok().filter(|once| !once.is_ascii())?;
        changed(url, &escape_beyond(&once))
    }),
    passage("the URL was converted to capitals on the way", NO_ENCODING, |url| {
        let has_small = url.bytes().any(|byte| byte.is_ascii_lowercase());
        if has_small { None } else { changed(url, &url.to_ascii_lowercase()) }
    }),
];

/// The URL as it came and as it may have been before, with what happened in between.
pub fn passages(url: &str) -> Vec<Choice<String>> {
    closure(url.to_owned(), MOST_PASSAGES, MANY, |url| {
        let undone = PASSAGES.iter().filter_map(|passage| {
            let before = (passage.undo)(url).filter(|before| before.len() <= LONGEST)?;
            let departure = Departure::new(passage.cause, Side::Way, passage.change);
            Some(Choice::departing(before, departure))
        });
        undone.collect()
    })
}

/// So many things may have happened to one URL.
const MOST_PASSAGES: usize = 3;
const LONGEST: usize = 1 << 17;
const MANY: usize = 30;

fn changed(from: &str, to: &str) -> Option<String> {
    (from != to && !to.is_empty()).then(|| to.to_owned())
}

fn decode_all(url: &str, entities: &[&str], plain: &str) -> String {
    entities.iter().fold(url.to_owned(), |url, entity| url.replace(entity, plain))
}

fn in_query(url: &str, change: impl Fn(&str) -> String) -> String {
    match url.split_once('?') {
        Some((front, query)) => format!("{front}?{}", change(query)),
        None => change(url),
    }
}

fn split_at_escape(url: &str) -> Option<(&str, &str)> {
    url.split_once("%3F").or_else(|| url.split_once("%3f"))
}

/// Decodes escapes that give ASCII.
pub fn unescape(text: &str, escape: &str) -> String {
    let mut parts = text.split(escape);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match hex_pair(part.as_bytes()).filter(u8::is_ascii) {
        Some(byte) => text + &char::from(byte).to_string() + &part[2..],
        None => text + escape + part,
    })
}

/// Decodes escapes that do not give ASCII, if text comes of it.
fn unescape_bytes(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = if *first == b'%' { hex_pair(behind).filter(|byte| !byte.is_ascii()) } else { None };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

fn escape_beyond(text: &str) -> String {
    let escape =
        |byte: u8| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

/// Undoes quoted-printable. A digit pair after a `=` may be a value as well, so
/// this is for what has `=3D` or a soft line break.
fn quoted_printable(url: &str) -> Option<String> {
    let joined = url.replace("=\r\n", "").replace("=\n", "");
    let has_escape = joined.contains("=3D") || joined.contains("=3d");
    if !has_escape && joined == url {
        return None;
    }
    if !has_escape {
        return changed(url, &joined);
    }
    let mut parts = joined.split('=');
    let first = parts.next().unwrap_or_default().to_owned();
    let decoded = parts.fold(first, |text, part| {
        let is_escape = |byte: &u8| byte.is_ascii_punctuation() || *byte == b' ';
        match hex_pair(part.as_bytes()).filter(is_escape) {
            Some(byte) => text + &char::from(byte).to_string() + &part[2..],
            None => text + "=" + part,
        }
    });
    changed(url, &decoded)
}
