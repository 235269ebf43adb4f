//! The secret that was used: the server's own, and what a signer may have made of
//! them.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{
    bytes::decode,
    choice::{Choice, Departure, RARE, Side, distinct},
};
use crate::settings::Secret;

/// What may have been made of a secret. In `cause`, `{}` is the variable's name.
struct Form {
    cause: &'static str,
    side: Side,
    make: fn(&[u8]) -> Option<Vec<u8>>,
}

const fn server(cause: &'static str, make: fn(&[u8]) -> Option<Vec<u8>>) -> Form {
    Form { cause, side: Side::Server, make }
}

const fn signer(cause: &'static str, make: fn(&[u8]) -> Option<Vec<u8>>) -> Form {
    Form { cause, side: Side::Signer, make }
}

/// What signers and servers do to secrets, two of which may come together.
const FORMS: &[Form] = &[
    server("{} has white space at its end, and the signer's secret does not", |s| {
        Some(s.trim_ascii_end().into())
    }),
    server("{} has white space at its start, and the signer's secret does not", |s| {
        Some(s.trim_ascii_start().into())
    }),
    server("{} has white space at both ends, and the signer's secret does not", |s| {
        Some(s.trim_ascii().into())
    }),
    server("{} has a byte order mark at its start, and the signer's secret does not", |s| {
        s.strip_prefix(BOM).map(Into::into)
    }),
    server("{} is in quotes, and the signer's secret is not", |s| match s {
        [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] | [b'`', inside @ .., b'`'] => {
            Some(inside.into())
        }
        _ => None,
    }),
    server("{} begins with a variable's name and `=`, and the signer's secret does not", |s| {
        let equals = s.iter().position(|byte| *byte == b'=')?;
        let is_name = s[..equals].iter().all(|byte| byte.is_ascii_alphanumeric() || b"_ ".contains(byte));
        (equals > 0 && is_name).then(|| s[equals + 1..].into())
    }),
    server("{} ends in a line end written as `\\n`, and the signer's secret does not", |s| {
        s.strip_suffix(br"\n").map(Into::into)
    }),
    server("{} has backslashes, and the signer's secret does not", |s| {
        Some(s.iter().copied().filter(|byte| *byte != b'\\').collect())
    }),
    signer("the signer's secret has a line end after it, white space that {} does not have", |s| {
        behind(s, b"\n")
    }),
    signer("the signer's secret has a line end (CR LF) after it, white space that {} does not have", |s| {
        behind(s, b"\r\n")
    }),
    signer("the signer's secret has a carriage return after it, white space that {} does not have", |s| {
        behind(s, b"\r")
    }),
    signer("the signer's secret has white space at its end (a space), and {} does not", |s| behind(s, b" ")),
    signer("the signer's secret has white space at its end (a tab), and {} does not", |s| behind(s, b"\t")),
    signer("the signer's secret has white space at its start (a space), and {} does not", |s| front(b" ", s)),
    signer("the signer's secret has white space at its start (a line end), and {} does not", |s| {
        front(b"\n", s)
    }),
    signer("the signer's secret has white space at its start (a tab), and {} does not", |s| front(b"\t", s)),
    signer("the signer's secret has white space at both ends (spaces), and {} does not", |s| around(b" ", s)),
    signer("the signer's secret has a byte order mark at its start, and {} does not", |s| front(BOM, s)),
    signer("the signer's secret has a byte order mark at its end, and {} does not", |s| behind(s, BOM)),
    signer("the signer's secret is in quotes (\"), and {} is not", |s| around(b"\"", s)),
    signer("the signer's secret is in quotes ('), and {} is not", |s| around(b"'", s)),
    signer("the signer's secret is in quotes (`), and {} is not", |s| around(b"`", s)),
    signer("the signer's secret has a quote (\") after it, and {} does not", |s| behind(s, b"\"")),
    signer("the signer's secret has a quote (\") in front, and {} does not", |s| front(b"\"", s)),
    signer("the signer's secret has `\\n` after it, as two characters, and {} does not", |s| {
        behind(s, br"\n")
    }),
    signer("the signer's secret has a backslash in front of each special character, and {} does not", |s| {
        let escape = |byte: &u8| match byte.is_ascii_punctuation() {
            true => vec![b'\\', *byte],
            false => vec![*byte],
        };
        Some(s.iter().flat_map(escape).collect())
    }),
    signer("the signer decodes the secret from hex, and the server uses the text of {}", |s| {
        hex::decode(s).ok()
    }),
    signer("the signer decodes the secret from base64, and the server uses the text of {}", from_base64),
    signer("the signer decodes the secret after `base64:`, and the server uses the text of {}", |s| {
        from_base64(s.strip_prefix(b"base64:")?)
    }),
    server("{} begins with `base64:`, and the signer's secret does not", |s| {
        s.strip_prefix(b"base64:").map(Into::into)
    }),
    signer("the signer's secret begins with `base64:`, and {} does not", |s| front(b"base64:", s)),
    signer("the signer uses the hex of the secret, and the server uses {} as it is", |s| {
        Some(hex::encode(s).into())
    }),
    signer("the signer uses the hex of the secret in capitals, and the server uses {} as it is", |s| {
        Some(hex::encode_upper(s).into())
    }),
    signer("the signer uses the base64 of the secret, and the server uses {} as it is", |s| {
        Some(BASE64_STANDARD.encode(s).into())
    }),
    signer(
        "the signer uses the base64 of the secret without padding, and the server uses {} as it is",
        |s| Some(BASE64_STANDARD_NO_PAD.encode(s).into()),
    ),
    signer("the signer uses the base64url of the secret, and the server uses {} as it is", |s| {
        Some(BASE64_URL_SAFE.encode(s).into())
    }),
    signer(
        "the signer uses the base64url of the secret without padding, and the server uses {} as it is",
        |s| Some(BASE64_URL_SAFE_NO_PAD.encode(s).into()),
    ),
    signer("the signer decodes escapes (`%…`) in the secret, and the server uses {} as it is", |s| {
        Some(decode(s, true))
    }),
    signer("the signer escapes the secret as in a URL, and the server uses {} as it is", |s| {
        Some(form_urlencoded::byte_serialize(s).collect::<String>().into())
    }),
    signer("the signer's secret is in lower case, and {} is not: another case", |s| {
        Some(s.to_ascii_lowercase())
    }),
    signer("the signer's secret is in capitals, and {} is not: another case", |s| {
        Some(s.to_ascii_uppercase())
    }),
    signer("the signer's secret begins with a capital, and {} does not: another case", |s| {
        let (first, rest) = s.split_first()?;
        Some([&[first.to_ascii_uppercase()], rest].concat())
    }),
    signer("the signer's secret begins with a lower-case letter, and {} does not: another case", |s| {
        let (first, rest) = s.split_first()?;
        Some([&[first.to_ascii_lowercase()], rest].concat())
    }),
    signer("the signer's secret has upper and lower case swapped: another case than {}", |s| {
        let swap = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
        Some(s.iter().map(swap).collect())
    }),
];

/// What is rarer, and comes by itself.
const ODD_FORMS: &[Form] = &[
    signer("the signer's secret is in UTF-16, and {} in UTF-8", |s| {
        Some(str::from_utf8(s).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect())
    }),
    signer("the signer's secret is in UTF-16 (big-endian), and {} in UTF-8", |s| {
        Some(str::from_utf8(s).ok()?.encode_utf16().flat_map(u16::to_be_bytes).collect())
    }),
    signer("the signer's secret is in Latin-1, and {} in UTF-8", |s| {
        str::from_utf8(s).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
    }),
    signer("the signer's secret was encoded as UTF-8 twice, and {} once", |s| {
        Some(s.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    signer("the signer's secret is the MD5 of {} in hex", |s| Some(hex::encode(Md5::digest(s)).into())),
    signer("the signer's secret is the SHA-1 of {} in hex", |s| Some(hex::encode(Sha1::digest(s)).into())),
    signer("the signer's secret is the SHA-256 of {} in hex", |s| {
        Some(hex::encode(Sha256::digest(s)).into())
    }),
    signer("the signer's secret is the SHA-256 of {}", |s| Some(Sha256::digest(s).to_vec())),
    signer("the signer's secret is {} twice", |s| Some([s, s].concat())),
    signer("the signer's secret ends before the first `#` of {}", |s| up_to(s, b'#')),
    signer("the signer's secret ends before the first `$` of {}", |s| up_to(s, b'$')),
    signer("the signer's secret ends before the first `!` of {}", |s| up_to(s, b'!')),
    signer("the signer's secret ends before the first `&` of {}", |s| up_to(s, b'&')),
    signer("the signer's secret ends before the first `;` of {}", |s| up_to(s, b';')),
    signer("the signer's secret ends before the first space of {}", |s| up_to(s, b' ')),
    signer("the signer's secret ends before the first `%` of {}", |s| up_to(s, b'%')),
    signer("the signer's secret ends before the first `=` of {}", |s| up_to(s, b'=')),
    signer("a shell removed `$` and the name after it from the signer's secret, and {} has them", |s| {
        let dollar = s.iter().position(|byte| *byte == b'$')?;
        let name =
            s[dollar + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        Some([&s[..dollar], &s[dollar + 1 + name..]].concat())
    }),
    signer("the signer's secret is the first 64 characters of {}", |s| s.get(..64).map(Into::into)),
    signer("the signer's secret is the first 32 characters of {}", |s| s.get(..32).map(Into::into)),
    signer("the signer's secret is the first 16 characters of {}", |s| s.get(..16).map(Into::into)),
    signer("the signer's secret is empty, and {} is not", |_| Some(Vec::new())),
    signer("the signer's secret is the word `undefined`, and not {}", |_| Some(b"undefined".into())),
    signer("the signer's secret is the word `null`, and not {}", |_| Some(b"null".into())),
    signer("the signer's secret is the word `None`, and not {}", |_| Some(b"None".into())),
    signer("the signer's secret is the word `false`, and not {}", |_| Some(b"false".into())),
    signer("the signer's secret is the word `SECRET`, and not {}", |_| Some(b"SECRET".into())),
    signer("the signer's secret is the word `secret`, and not {}", |_| Some(b"secret".into())),
    signer("the signer's secret is the text `$SECRET`, and not {}", |_| Some(b"$SECRET".into())),
    signer("the signer's secret is the text `${SECRET}`, and not {}", |_| Some(b"${SECRET}".into())),
];

const BOM: &[u8] = "\u{feff}".as_bytes();

fn behind(secret: &[u8], end: &[u8]) -> Option<Vec<u8>> {
    Some([secret, end].concat())
}

fn front(start: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    Some([start, secret].concat())
}

fn around(quote: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    Some([quote, secret, quote].concat())
}

fn up_to(secret: &[u8], end: u8) -> Option<Vec<u8>> {
    let end = secret.iter().position(|byte| *byte == end)?;
    (end > 0).then(|| secret[..end].into())
}

fn from_base64(secret: &[u8]) -> Option<Vec<u8>> {
    let engines = [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD];
    engines.iter().find_map(|engine| engine.decode(secret).ok()).filter(|decoded| !decoded.is_empty())
}

/// All secrets that a signer may have used. `right` are those that the server
/// accepts here, and `others` the ones that it has for other things.
pub fn secrets(right: &[Secret], others: &[Secret]) -> Vec<Choice<Secret>> {
    let mut all: Vec<Choice<Secret>> = right.iter().cloned().map(Choice::right).collect();
    for other in others {
        let cause = format!("the secret is that of {}, and not of {}", other.name, right[0].name);
        let change = format!("sign this with the secret of {}", right[0].name);
        all.push(Choice::departing(other.clone(), Departure::new(cause, Side::Signer, change)));
    }
    let own: Vec<Choice<Secret>> = all.clone();
    let mut once = Vec::new();
    for secret in &own {
        once.extend(FORMS.iter().filter_map(|form| made(secret, form)));
        all.extend(ODD_FORMS.iter().filter_map(|form| made(secret, form)));
    }
    let once = distinct([own, once].concat());
    let twice = once
        .iter()
        .filter(|one| one.cost > 0)
        .flat_map(|one| FORMS.iter().filter_map(|form| made(one, form)));
    all.extend(once.clone());
    all.extend(twice.filter(|two| two.cost <= RARE));
    all.sort_by_key(|choice| choice.cost);
    let mut seen = std::collections::HashSet::new();
    all.retain(|choice| seen.insert(choice.value.bytes.clone()));
    all
}

fn made(secret: &Choice<Secret>, form: &Form) -> Option<Choice<Secret>> {
    let bytes = (form.make)(&secret.value.bytes).filter(|bytes| *bytes != secret.value.bytes)?;
    let name = &secret.value.name;
    let change = match form.side {
        Side::Server => format!("set {name} to exactly the signer's secret"),
        _ => format!("use the secret in {name} exactly as it is"),
    };
    let departure = Departure::new(form.cause.replace("{}", name), form.side, change);
    let value = Secret { name: name.clone(), bytes };
    Some(secret.with(&Choice::departing((), departure), |_, ()| value))
}
