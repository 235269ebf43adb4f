//! Secrets that were never set, and what is seldom made of others.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::secret_forms::{Form, front, signer, up_to};

/// What is rarer, and comes by itself.
pub const ODD_FORMS: &[Form] = &[
    signer("the signer's secret is in UTF-16, but {} in UTF-8", |s| {
        Some(str::from_utf8(s).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect())
    }),
    signer("the signer's secret is in UTF-16 (big-endian), but {} in UTF-8", |s| {
        Some(str::from_utf8(s).ok()?.encode_utf16().flat_map(u16::to_be_bytes).collect())
    }),
    signer("the signer's secret is in Latin-1, but {} in UTF-8", |s| {
        str::from_utf8(s).ok()?.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
    }),
    signer("the signer's secret was encoded as UTF-8 twice, but {} once", |s| {
        Some(s.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    }),
    signer("the signer's secret is the MD5 of {} in hex", |s| Some(hex::encode(Md5::digest(s)).into())),
    signer("the signer's secret is the SHA-1 of {} in hex", |s| Some(hex::encode(Sha1::digest(s)).into())),
    signer("the signer's secret is the SHA-256 of {} in hex", |s| {
        Some(hex::encode(Sha256::digest(s)).into())
    }),
    signer("the signer's secret is the SHA-256 of {}", |s| Some(Sha256::digest(s).to_vec())),
    signer("the signer's secret is the whole line `SECRET=…`, but {} is not", |s| front(b"SECRET=", s)),
    signer("the signer's secret is the whole line `APP_SECRET=…`, but {} is not", |s| {
        front(b"APP_SECRET=", s)
    }),
    signer("the signer's secret is the whole line `APP_KEY=…`, but {} is not", |s| front(b"APP_KEY=", s)),
    signer("the signer's secret is the whole line `export SECRET=…`, but {} is not", |s| {
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
    signer("a shell removed `$` and the name after it from the signer's secret, but {} has them", |s| {
        let dollar = s.iter().position(|byte| *byte == b'$')?;
        let name =
            s[dollar + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        Some([&s[..dollar], &s[dollar + 1 + name..]].concat())
    }),
    signer("the signer's secret is the first 64 characters of {}", |s| s.get(..64).map(Into::into)),
    signer("the signer's secret is the first 32 characters of {}", |s| s.get(..32).map(Into::into)),
    signer("the signer's secret is the first 16 characters of {}", |s| s.get(..16).map(Into::into)),
    signer("the signer's secret is empty, but {} is not", |_| Some(Vec::new())),
];

/// Words that are found where a secret was never set, with what a cause says of each.
pub const WORDS: &[(&str, &str)] = &[
    ("a placeholder that was never filled in", "undefined"),
    ("a placeholder that was never filled in", "null"),
    ("a placeholder that was never filled in", "None"),
    ("a placeholder that was never filled in", "nil"),
    ("a placeholder that was never filled in", "false"),
    ("a placeholder that was never filled in", "SECRET"),
    ("a secret from examples", "secret"),
    ("a secret from examples", "password"),
    ("a secret from examples", "test"),
    ("a variable that was never filled in", "$SECRET"),
    ("a variable that was never filled in", "${SECRET}"),
    ("a variable that was never filled in", "$APP_SECRET"),
    ("a variable that was never filled in", "${APP_SECRET}"),
    ("a variable that was never filled in", "$APP_KEY"),
    ("a variable that was never filled in", "${APP_KEY}"),
    ("a variable that was never filled in", "{{SECRET}}"),
    ("a variable that was never filled in", "{{ SECRET }}"),
    ("a variable that was never filled in", "<SECRET>"),
    ("a variable that was never filled in", "process.env.SECRET"),
    ("a variable that was never filled in", "getenv('SECRET')"),
    ("a variable that was never filled in", "env('APP_KEY')"),
    ("a parameter that was never filled in", "%env(APP_SECRET)%"),
    ("a parameter that was never filled in", "%env(SECRET)%"),
    ("a parameter that was never filled in", "%kernel.secret%"),
    ("a parameter that was never filled in", "%secret%"),
    ("the well-known default of Symfony", "ThisTokenIsNotSoSecretChangeIt"),
    ("the well-known default of Symfony", "ThisEzPlatformTokenIsNotSoSecretChangeIt"),
    ("the well-known default of Symfony", "SomeSecret"),
    ("well known from Symfony's tests", "$ecretf0rt3st"),
    ("well known from Symfony's tests", "s$cretf0rt3st"),
    ("the well-known default of Laravel 4", "YourSecretKey!!!"),
    ("the well-known default of Laravel 5", "SomeRandomString"),
    ("the well-known default of Laravel 5", "SomeRandomKey!!!"),
    ("the well-known default of Lumen", "SomeRandomKey!!!SomeRandomKey!!!"),
    ("a secret from examples", "your-secret"),
    ("a secret from examples", "your_secret"),
    ("a secret from examples", "my-secret"),
    ("a secret from examples", "mysecret"),
    ("a secret from examples", "your-256-bit-secret"),
];
