//! Other ways to verify the same request.

#[path = "../../tests/library/common/php_script.rs"]
mod php_script;

use std::time::Duration;

use hmac::{
    Hmac, KeyInit, Mac,
    block_api::HmacCore,
    digest::block_api::{Buffer, FixedOutputCore, UpdateCore},
};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use self::php_script::PhpScript;

/// The floor: the MAC alone, with a key that was hashed beforehand.
pub fn bare(key: &Hmac<Sha256>, signed: &[u8]) -> [u8; 32] {
    key.clone().chain_update(signed).finalize().into_bytes().into()
}

/// The same at the block level, as this crate takes it: there is no buffer to copy.
pub fn blocks(key: &HmacCore<Sha256>, signed: &[u8]) -> [u8; 32] {
    let (mut mac, mut buffer, mut output) =
        (key.clone(), Buffer::<HmacCore<Sha256>>::default(), Default::default());
    buffer.digest_blocks(signed, |blocks| mac.update_blocks(blocks));
    mac.finalize_fixed_core(&mut buffer, &mut output);
    output.into()
}

pub fn bare_key(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).unwrap()
}

/// The plain way, as anyone would write it first; right for simple queries only.
pub fn plain(secret: &[u8], raw: &str, now: u64) -> bool {
    let mut signature = None;
    let mut expires = None;
    let mut signed = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        if name == "sig" {
            signature = Some(value.into_owned());
            continue;
        }
        if name == "expires" {
            expires = value.parse::<u64>().ok();
        }
        signed.append_pair(&name, &value);
    }
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(signed.finish()).finalize();
    let expected = hex::encode(mac.into_bytes());
    let is_signed = signature.is_some_and(|signature| signature.as_bytes().ct_eq(expected.as_bytes()).into());
    is_signed && expires.is_some_and(|expires| expires >= now)
}

/// PHP with its JIT on: one process, which runs as many verifications as it is
/// told, and tells how long they took.
pub struct Php(PhpScript);

impl Php {
    /// `None`, after saying so, without PHP or what the script needs.
    pub fn start(script: &str) -> Option<Self> {
        let settings = ["opcache.enable_cli=1", "opcache.jit=tracing", "opcache.jit_buffer_size=64M"];
        PhpScript::start(script, &settings)
            .inspect_err(|error| eprintln!("PHP is not measured: {error}; install php-cli"))
            .ok()
            .map(Self)
    }

    /// How long PHP takes to verify a query or a link so many times.
    pub fn verify(&mut self, times: u64, raw: &str) -> Duration {
        let answer = self.0.ask(&format!("{times} {raw}"));
        let (good, nanoseconds) = answer.split_once(' ').unwrap();
        assert_eq!(good, times.to_string(), "PHP refuses {raw}");
        Duration::from_nanos(nanoseconds.parse().unwrap())
    }
}
