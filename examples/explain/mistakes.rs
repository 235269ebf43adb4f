//! The mistakes that signers make, each tried in turn: what would the signature
//! be if the signer had done this?

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use signed_query::UNSIGNED_BY_PLATFORM;

/// The signature that came, and the secret it should have been made with.
pub struct Mac<'a> {
    pub secret: &'a [u8],
    pub signature: &'a str,
}

impl Mac<'_> {
    /// Whether this is what was signed, in the way that it should be.
    fn is_of(&self, text: &str) -> bool {
        self.is_with(self.secret, text)
    }

    fn is_with(&self, secret: &[u8], text: &str) -> bool {
        hex::encode(mac(secret, text)) == self.signature
    }
}

fn mac(secret: &[u8], text: &str) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.chain_update(text).finalize().into_bytes().into()
}

/// Whether a parameter is to be signed.
pub fn is_signed(name: &str) -> bool {
    name != "sig" && !UNSIGNED_BY_PLATFORM.contains(&name)
}

/// The mistake that gives the signature that came, if there is one.
pub fn known_mistake(mac: &Mac<'_>, url: &str, query: &str, canonical: &str) -> Option<String> {
    let signed = keep(canonical, is_signed);
    // As it was sent, which may be how it was signed.
    let sent = keep(query, is_signed);
    written_otherwise(mac, &signed)
        .or_else(|| another_secret(mac, &signed))
        .or_else(|| another_choice_of_parameters(mac, canonical))
        .or_else(|| another_encoding(mac, &signed, &sent))
        .or_else(|| more_of_the_url(mac, url, &[&signed, &sent]))
}

/// The right text was signed, and the result was written in another way.
fn written_otherwise(mac: &Mac<'_>, signed: &str) -> Option<String> {
    let bytes = self::mac(mac.secret, signed);
    // In a query, a `+` of base64 that was not escaped has become a space.
    let came = mac.signature.replace(' ', "+");
    let base64 = BASE64_STANDARD.encode(bytes);
    let hex = hex::encode(bytes);
    let url_safe = base64.replace('+', "-").replace('/', "_");
    let came_unpadded = came.trim_end_matches('=');
    if hex.eq_ignore_ascii_case(mac.signature) {
        Some("`sig` is written with hex digits in capitals; it should be in lower case".into())
    } else if [&base64, &url_safe].iter().any(|base64| base64.trim_end_matches('=') == came_unpadded) {
        Some("`sig` is written in base64; it should be in hex".into())
    } else {
        None
    }
}

fn another_secret(mac: &Mac<'_>, signed: &str) -> Option<String> {
    let trimmed = mac.secret.trim_ascii_end();
    if trimmed.len() < mac.secret.len() && mac.is_with(trimmed, signed) {
        return Some("SECRET has white space at its end, and the signer's secret has not".into());
    }
    let ends = ["\n", "\r\n", " ", "\t"].map(|end| [mac.secret, end.as_bytes()].concat());
    if ends.iter().any(|secret| mac.is_with(secret, signed)) {
        return Some("the signer's secret has white space at its end, and SECRET has not".into());
    }
    None
}

fn another_choice_of_parameters(mac: &Mac<'_>, canonical: &str) -> Option<String> {
    let mut names: Vec<&str> = canonical.split('&').map(name).collect();
    names.dedup();
    let ignored: Vec<&str> =
        names.iter().copied().filter(|name| UNSIGNED_BY_PLATFORM.contains(name)).collect();
    let is_usual = |name: &str| name != "sig" && !ignored.contains(&name);

    let all = keep(canonical, |name| name != "sig");
    if !ignored.is_empty() && mac.is_of(&all) {
        return Some(format!("the signer signed {} too, which the platform leaves unsigned", list(&ignored)));
    }
    for one in &ignored {
        if mac.is_of(&keep(canonical, |name| is_usual(name) || name == *one)) {
            return Some(format!(
                "the signer signed {} too, which the platform leaves unsigned",
                list(&[one])
            ));
        }
    }
    for one in names.iter().copied().filter(|name| is_usual(name)) {
        if mac.is_of(&keep(canonical, |name| is_usual(name) && name != one)) {
            return Some(match one {
                "expires" => "the signer left `expires` out; it must be signed, as the last parameter".into(),
                _ => {
                    format!("{} was not signed; it was added later, or the signer left it out", list(&[one]))
                }
            });
        }
    }
    let sorted = |text: String| {
        let mut parameters: Vec<&str> = text.split('&').collect();
        parameters.sort_unstable();
        parameters.join("&")
    };
    if mac.is_of(&sorted(keep(canonical, is_usual))) {
        return Some(
            "the signer sorted the parameters; they are to be signed in the order in which they are sent"
                .into(),
        );
    }
    None
}

/// What PHP's http_build_query writes, what others write, and how to say so.
const ENCODINGS: [(&str, &str, &str); 3] = [
    ("+", "%20", "wrote a space as `%20` and not as `+`"),
    ("%2A", "*", "left `*` alone, which is to be `%2A`"),
    ("%7E", "~", "left `~` alone, which is to be `%7E`"),
];

fn another_encoding(mac: &Mac<'_>, signed: &str, sent: &str) -> Option<String> {
    // Any of the encodings may come together.
    for choice in 1..1 << ENCODINGS.len() {
        let chosen =
            || ENCODINGS.iter().enumerate().filter(|(nth, _)| choice & 1 << nth != 0).map(|(_, one)| one);
        let text = chosen().fold(signed.to_owned(), |text, (php, other, _)| text.replace(php, other));
        if mac.is_of(&text) {
            let mistakes: Vec<&str> = chosen().map(|(_, _, mistake)| *mistake).collect();
            return Some(format!("the signer {}, as PHP's http_build_query has it", mistakes.join(" and ")));
        }
    }
    if mac.is_of(&lower_case_escapes(signed)) {
        return Some("the signer wrote escapes with small letters; PHP writes `%C3`, not `%c3`".into());
    }
    if mac.is_of(sent) {
        return Some(
            "the signer signed the query as it was sent, which PHP's http_build_query writes otherwise"
                .into(),
        );
    }
    None
}

/// The path or the host was signed with the query.
fn more_of_the_url(mac: &Mac<'_>, url: &str, queries: &[&str]) -> Option<String> {
    let before_query = url.split_once('?').map_or(url, |(before, _)| before);
    let without_scheme = before_query.split_once("://").map_or(before_query, |(_, rest)| rest);
    let path = without_scheme.find('/').map_or("", |slash| &without_scheme[slash..]);
    let starts = [
        ("", "the signer signed the `?` too; only what is behind it is to be signed"),
        (path, "the signer signed the path too; only the query is to be signed"),
        (without_scheme, "the signer signed the host and the path too; only the query is to be signed"),
        (before_query, "the signer signed the whole URL; only the query is to be signed"),
    ];
    for (start, mistake) in starts {
        for query in queries {
            if mac.is_of(&format!("{start}?{query}"))
                || (!start.is_empty() && mac.is_of(&format!("{start}{query}")))
            {
                return Some(mistake.into());
            }
        }
    }
    None
}

/// The parameters of a query whose names are wanted; an element of an array goes
/// by the array's name.
pub fn keep(query: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    query.split('&').filter(|parameter| is_wanted(name(parameter))).collect::<Vec<_>>().join("&")
}

fn name(parameter: &str) -> &str {
    let name = parameter.split('=').next().unwrap_or_default();
    name.split("%5B").next().unwrap_or_default()
}

fn lower_case_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let start = parts.next().unwrap_or_default().to_owned();
    parts.fold(start, |text, part| {
        let (escape, rest) = part.split_at(2);
        text + "%" + &escape.to_ascii_lowercase() + rest
    })
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
