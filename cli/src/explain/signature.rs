//! What a signature says of itself, even where nothing explains it.

use signed_query::Writing;

use super::{
    choice::{Departure, Side},
    mac::{hash_of_length, joined, length_of},
    result::decodings,
    spelling,
};
use crate::settings::Secrets;

/// What is odd about a signature or a hash, which `sent_as` says, whatever it was made of. It may
/// be a placeholder, or have the length of another hash, or of none.
pub fn odd(signature: &[u8], writings: &[Writing], hash: &str, sent_as: &str) -> Option<Departure> {
    if let Some(placeholder) = spelling::placeholder(signature, sent_as) {
        return Some(placeholder);
    }
    let [right, name] = [length_of(hash).to_string(), joined(hash)];
    let digits = 2 * length_of(hash);
    let departing = |cause: String| {
        Departure::new(cause, Side::Signer, format!("take the HMAC-{name} of the text, and send all of it"))
    };
    let (what, should) = match writings[0] {
        Writing::Hex | Writing::UpperHex => ("digits in hex", digits),
        Writing::Base64 => ("characters in base64", length_of(hash).div_ceil(3) * 4),
        Writing::Base64Url => ("characters in base64url", (length_of(hash) * 4).div_ceil(3)),
    };
    let came = signature.trim_ascii().len();
    let is_hex = signature.trim_ascii().iter().all(u8::is_ascii_hexdigit);
    if is_hex && what == "digits in hex" && (1..=4).contains(&came.abs_diff(should)) {
        let few = if came < should { "few" } else { "many" };
        let count = ["one", "two", "three", "four"][came.abs_diff(should) - 1];
        return Some(departing(format!(
            "the {sent_as} has {came} digits, {count} too {few} (HMAC-{name} has {should} {what})"
        )));
    }
    let lengths: Vec<usize> =
        decodings(signature, writings, sent_as).iter().map(|one| one.value.length).collect();
    if let Some(length) = lengths.first()
        && let Some(other) = hash_of_length(*length, hash)
    {
        return Some(departing(format!(
            "the {sent_as} is {length} bytes long ({} digits in hex), which is the length of {other}; HMAC-{name} has {right} \
             ({digits} digits)",
            2 * length
        )));
    }
    let is_short = came < should && !lengths.contains(&length_of(hash));
    is_short.then(|| {
        departing(format!("the {sent_as} has only {came} characters; HMAC-{name} has {should} {what}"))
    })
}

/// Whether what came is a secret and no signature of anything.
pub fn secret(signature: &[u8], known: &Secrets, sent_as: &str) -> Option<Departure> {
    let is_it = |secret: &[u8]| {
        signature.trim_ascii() == secret.trim_ascii()
            || hex::decode(signature).is_ok_and(|bytes| bytes == secret)
    };
    known.all().any(is_it).then(|| {
        let change =
            "set a new secret on both sides, since this one was disclosed, and send the MAC of the text";
        Departure::new(format!("the secret itself was sent as the {sent_as}"), Side::Signer, change)
    })
}

/// What is left to do where nothing gives what came, a signature or a hash.
pub fn unknown(sent_as: &str, made_of: &str) -> Departure {
    let change = format!("compare the secrets first, then the {made_of}");
    Departure::new(format!("unknown; nothing that was tried gives this {sent_as}"), Side::Both, change)
}
