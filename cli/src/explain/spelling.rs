//! `sig` and `expires` under other names, and signatures that were never filled in.

use super::{
    choice::{Departure, Side, show},
    parameters::Parameter,
    scheme::{Role, Scheme},
};

/// Other names for the signature, in lower case and without punctuation.
const SIGNATURES: &[&str] = &[
    "sig",
    "signature",
    "sign",
    "signed",
    "sgn",
    "hash",
    "hmac",
    "mac",
    "digest",
    "checksum",
    "token",
    "auth",
    "authsig",
    "apisig",
    "xsig",
    "xsignature",
    "signatur",
    "signiture",
    "s",
    "hmacsha256",
    "sha256",
    "socialsigninhash",
    "sighash",
    "verify",
    "h",
    "urlsig",
    "querysig",
    "sigs",
    "sig0",
    "ssig",
];

/// Other names for the expiry.
const EXPIRIES: &[&str] = &[
    "expires",
    "expire",
    "expiry",
    "expiration",
    "exp",
    "expiresat",
    "expireat",
    "expiresin",
    "expirein",
    "expirytime",
    "expirestime",
    "validuntil",
    "validtill",
    "until",
    "ttl",
    "timestamp",
    "ts",
    "time",
    "e",
    "t",
    "deadline",
    "lifetime",
    "expirydate",
    "expirationdate",
    "expirationtime",
    "expiretime",
    "expr",
    "expries",
    "exipres",
];

/// A parameter that stands for the one with this role, under another name.
pub fn misspelt(parameters: &[Parameter], role: Role, scheme: &Scheme) -> Option<usize> {
    let known = if role == Role::Signature { SIGNATURES } else { EXPIRIES };
    let plain = |name: &[u8]| -> String {
        let name = String::from_utf8_lossy(name);
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let own = if role == Role::Signature { &scheme.signature } else { scheme.time.as_deref()? };
    // What an HTML entity left in front of a name is undone as a whole, in `transit`.
    let is_other = |one: &Parameter| one.role == Role::Signed && !one.name.starts_with(b"amp;");
    let others = || parameters.iter().enumerate().filter(|(_, one)| is_other(one));
    let looks_right =
        |one: &Parameter| role != Role::Signature || one.value.len() >= 16 || one.value.is_empty();
    let rank = |one: &Parameter| known.iter().position(|name| *name == plain(&one.name));
    let by_name = others()
        .filter(|(_, one)| looks_right(one))
        .filter_map(|(place, one)| {
            let is_own = plain(&one.name) == plain(own.as_bytes());
            rank(one).map(|rank| (if is_own { 0 } else { 1 + rank }, place))
        })
        .min()
        .map(|(_, place)| place);
    by_name.or_else(|| {
        // A signature shows what it is by its digits, whatever it is called.
        let is_mac = |one: &Parameter| one.value.len() == 64 && one.value.iter().all(u8::is_ascii_hexdigit);
        others().rfind(|(_, one)| role == Role::Signature && is_mac(one)).map(|(place, _)| place)
    })
}

/// What to say of a parameter under another name.
pub fn departure(one: &Parameter, own: &str) -> Departure {
    let cause = format!("`{own}` is missing, and there is `{}` instead", show(&one.name));
    Departure::new(cause, Side::Signer, format!("name the parameter exactly `{own}`"))
}

/// Words that are sent where a signature was not made.
const WORDS: &[&str] = &[
    "undefined",
    "null",
    "none",
    "nil",
    "nan",
    "false",
    "true",
    "array",
    "object",
    "[object object]",
    "[object promise]",
    "[object arraybuffer]",
    "promise { <pending> }",
    "todo",
    "xxx",
    "...",
    "…",
    "sig",
    "signature",
    "hash",
    "hmac",
    "mac",
    "token",
    "your_signature",
    "your-signature",
    "yoursignature",
    "your_sig",
    "yoursig",
    "signature_here",
    "signature-here",
    "sig_here",
    "mysig",
    "test",
    "abc",
    "abc123",
    "foo",
    "bar",
    "dummy",
    "placeholder",
    "example",
    "string",
    "value",
    "-",
    "0",
    "1",
    "*",
    "?",
    "(null)",
    "<nil>",
    "error",
    "calculated_signature",
    "computed",
];

/// What to say of a signature or a hash, which `sent_as` says, that is a placeholder, or is nothing
/// at all.
pub fn placeholder(signature: &[u8], sent_as: &str) -> Option<Departure> {
    let text = String::from_utf8_lossy(signature);
    let text = text.trim();
    let change = format!("fill in the {sent_as}, and check that the program that makes it has run");
    if text.is_empty() {
        return Some(Departure::new(format!("the {sent_as} is empty"), Side::Signer, change));
    }
    let lower = text.to_ascii_lowercase();
    let word: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    let framed = [
        ('{', '}'),
        ('<', '>'),
        ('[', ']'),
        ('(', ')'),
        ('%', '%'),
        ('$', '$'),
        ('_', '_'),
        ('*', '*'),
        ('#', '#'),
        ('@', '@'),
        ('|', '|'),
    ];
    let is_framed = text.len() > 1
        && text.len() < 60
        && framed.iter().any(|(start, end)| text.starts_with(*start) && text.ends_with(*end));
    let is_variable =
        text.len() < 40 && !word.is_empty() && text.starts_with(['$', ':', '%', '@', '{', '<', '#']);
    let is_repeated =
        text.len() < 200 && text.chars().all(|char| "x.…-*0#?_".contains(char.to_ascii_lowercase()));
    let says_so = text.len() < 40
        && ["your", "here", "insert", "replace", "placeholder", "signature", "undefined", "object"]
            .iter()
            .any(|part| word.contains(part));
    (WORDS.contains(&&*lower) || is_framed || is_variable || is_repeated || says_so).then(|| {
        let cause = format!("the {sent_as} is `{}`, a placeholder that was never filled in", show(signature));
        Departure::new(cause, Side::Signer, change)
    })
}
