//! Other ways to verify the same request.

mod php;

use hmac::{
    Hmac, KeyInit, Mac,
    block_api::HmacCore,
    digest::block_api::{Buffer, FixedOutputCore, UpdateCore},
};
use sha2::Sha256;
use subtle::ConstantTimeEq;

pub use self::php::{Frameworks, Php};

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

/// How a scheme names its parameters, for those who have to be told.
#[derive(Clone, Copy)]
pub struct Names {
    pub signature: &'static str,
    pub time: &'static str,
    /// What is left out of what is signed.
    pub unsigned: &'static [&'static str],
}

/// The plain way, as anyone would write it first; right for simple queries only.
pub fn plain(names: Names, secret: &[u8], raw: &str, now: u64) -> bool {
    let mut signature = None;
    let mut expires = None;
    let mut signed = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        if name == names.signature {
            signature = Some(value.into_owned());
            continue;
        }
        if names.unsigned.contains(&name.as_ref()) {
            continue;
        }
        if name == names.time {
            expires = value.parse::<u64>().ok();
        }
        signed.append_pair(&name, &value);
    }
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(signed.finish()).finalize();
    let expected = hex::encode(mac.into_bytes());
    let is_signed = signature.is_some_and(|signature| signature.as_bytes().ct_eq(expected.as_bytes()).into());
    is_signed && expires.is_some_and(|expires| expires >= now)
}
