//! Secrets that were never set, and what is rarely made of others.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::secret_forms::{Form, front, signer, up_to};

/// What is rarer, and comes by itself.
pub const ODD_FORMS: &[Form] = &[
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
    signer("the signer's secret is the whole line `SECRET=…`, and {} is not", |s| front(b"SECRET=", s)),
    signer("the signer's secret is the whole line `APP_SECRET=…`, and {} is not", |s| {
        front(b"APP_SECRET=", s)
    }),
    signer("the signer's secret is the whole line `APP_KEY=…`, and {} is not", |s| front(b"APP_KEY=", s)),
    signer("the signer's secret is the whole line `export SECRET=…`, and {} is not", |s| {
        front(b"export SECRET=", s)
    }),
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
];

/// Words that stand where a secret was not filled in; of frameworks, their well-known first
/// secrets. In a cause they follow "the signer's secret is".
pub const WORDS: &[(&str, &str)] = &[
    ("the word", "undefined"),
    ("the word", "null"),
    ("the word", "None"),
    ("the word", "nil"),
    ("the word", "false"),
    ("the word", "SECRET"),
    ("the word", "secret"),
    ("the word", "password"),
    ("the word", "test"),
    ("a variable's text, never filled in,", "$SECRET"),
    ("a variable's text, never filled in,", "${SECRET}"),
    ("a variable's text, never filled in,", "$APP_SECRET"),
    ("a variable's text, never filled in,", "${APP_SECRET}"),
    ("a variable's text, never filled in,", "$APP_KEY"),
    ("a variable's text, never filled in,", "${APP_KEY}"),
    ("a variable's text, never filled in,", "{{SECRET}}"),
    ("a variable's text, never filled in,", "{{ SECRET }}"),
    ("a variable's text, never filled in,", "<SECRET>"),
    ("a variable's text, never filled in,", "process.env.SECRET"),
    ("a variable's text, never filled in,", "getenv('SECRET')"),
    ("a variable's text, never filled in,", "env('APP_KEY')"),
    ("a parameter's text, never filled in,", "%env(APP_SECRET)%"),
    ("a parameter's text, never filled in,", "%env(SECRET)%"),
    ("a parameter's text, never filled in,", "%kernel.secret%"),
    ("a parameter's text, never filled in,", "%secret%"),
    ("the well-known first one of Symfony,", "ThisTokenIsNotSoSecretChangeIt"),
    ("the well-known first one of Symfony,", "ThisEzPlatformTokenIsNotSoSecretChangeIt"),
    ("the well-known first one of Symfony,", "SomeSecret"),
    ("the well-known first one of Symfony's tests,", "$ecretf0rt3st"),
    ("the well-known first one of Symfony's tests,", "s$cretf0rt3st"),
    ("the well-known first one of Laravel 4,", "YourSecretKey!!!"),
    ("the well-known first one of Laravel 5,", "SomeRandomString"),
    ("the well-known first one of Laravel 5,", "SomeRandomKey!!!"),
    ("the well-known first one of Lumen,", "SomeRandomKey!!!SomeRandomKey!!!"),
    ("the well-known one of examples,", "your-secret"),
    ("the well-known one of examples,", "your_secret"),
    ("the well-known one of examples,", "my-secret"),
    ("the well-known one of examples,", "mysecret"),
    ("the well-known one of examples,", "your-256-bit-secret"),
];
