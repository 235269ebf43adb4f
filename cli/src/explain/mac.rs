//! Which MAC was used: its hash, and how secret and text go into it.

use hmac::{
    Hmac, KeyInit, Mac as _,
    digest::{Digest, block_api::EagerHash},
};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_256};

use super::choice::{Choice, Departure, Side};

/// A MAC with its secret, ready for a text.
pub type Mac = Box<dyn Fn(&[u8], &mut Vec<u8>)>;

/// A hash, by name and length in bytes.
const HASHES: [(&str, usize, Maker); 7] = [
    ("SHA-256", 32, make::<Sha256>),
    ("SHA-1", 20, make::<Sha1>),
    ("MD5", 16, make::<Md5>),
    ("SHA-384", 48, make::<Sha384>),
    ("SHA-512", 64, make::<Sha512>),
    ("SHA-224", 28, make::<Sha224>),
    ("SHA-512/256", 32, make::<Sha512_256>),
];

type Maker = fn(Form, &[u8]) -> Mac;

/// How secret and text go into a hash.
#[derive(Clone, Copy)]
enum Form {
    Hmac,
    /// The text is the key.
    Swapped,
    SecretFirst(&'static str),
    TextFirst(&'static str),
    BothEnds,
    TextAlone,
    /// The MAC of the MAC's hex.
    Twice,
    /// The MAC of the hash's hex.
    OfHash,
    /// The MAC of the text with the secret after it.
    WithSecret(&'static str),
}

/// The forms and what to say of them, with what was sent for `{}`; the right one comes first.
const FORMS: [(Form, &str); 25] = [
    (Form::Hmac, ""),
    (Form::Swapped, "key and text were swapped, so that the secret was hashed with the text as the key"),
    (Form::SecretFirst(""), "the {} is a plain hash of the secret and the text, not an HMAC"),
    (Form::TextFirst(""), "the {} is a plain hash of the text and the secret, not an HMAC"),
    (Form::SecretFirst(":"), "the {} is a plain hash of the secret, `:` and the text, not an HMAC"),
    (Form::SecretFirst("&"), "the {} is a plain hash of the secret, `&` and the text, not an HMAC"),
    (Form::SecretFirst("|"), "the {} is a plain hash of the secret, `|` and the text, not an HMAC"),
    (Form::SecretFirst("."), "the {} is a plain hash of the secret, `.` and the text, not an HMAC"),
    (Form::SecretFirst("?"), "the {} is a plain hash of the secret, `?` and the text, not an HMAC"),
    (
        Form::SecretFirst("\n"),
        "the {} is a plain hash of the secret, a line ending and the text, not an HMAC",
    ),
    (Form::TextFirst(":"), "the {} is a plain hash of the text, `:` and the secret, not an HMAC"),
    (Form::TextFirst("&"), "the {} is a plain hash of the text, `&` and the secret, not an HMAC"),
    (Form::TextFirst("|"), "the {} is a plain hash of the text, `|` and the secret, not an HMAC"),
    (Form::TextFirst("."), "the {} is a plain hash of the text, `.` and the secret, not an HMAC"),
    (Form::TextFirst("\n"), "the {} is a plain hash of the text, a line ending and the secret, not an HMAC"),
    (
        Form::TextFirst("&key="),
        "the {} is a plain hash of the text with `&key=` and the secret after it, not an HMAC",
    ),
    (
        Form::TextFirst("&secret="),
        "the {} is a plain hash of the text with `&secret=` and the secret after it, not an HMAC",
    ),
    (Form::BothEnds, "the {} is a plain hash of the secret, the text and the secret again, not an HMAC"),
    (Form::TextAlone, "the {} is a plain hash of the text, without the secret"),
    (Form::Twice, "the {} is the HMAC of the HMAC in hex, not of the text"),
    (Form::OfHash, "the {} is the HMAC of the text's hash in hex, not of the text"),
    (Form::WithSecret(""), "the signed text has the secret appended"),
    (Form::WithSecret("&key="), "the signed text has `&key=` and the secret appended"),
    (Form::WithSecret("&secret="), "the signed text has `&secret=` and the secret appended"),
    (Form::WithSecret("&"), "the signed text has `&` and the secret appended"),
];

/// A MAC that a signature may have been made with: a maker that awaits the secret.
#[derive(Clone, Copy)]
pub struct Kind {
    maker: Maker,
    form: Form,
}

impl Kind {
    pub fn with(&self, secret: &[u8]) -> Mac {
        (self.maker)(self.form, secret)
    }

    pub fn is_hmac(&self) -> bool {
        use Form::{BothEnds, SecretFirst, TextAlone, TextFirst};
        !matches!(self.form, SecretFirst(_) | TextFirst(_) | BothEnds | TextAlone)
    }

    pub fn has_secret(&self) -> bool {
        !matches!(self.form, Form::TextAlone)
    }
}

/// All MACs with at least this many bytes, since a longer one may have been cut. The hash
/// costs nothing where the length tells which it was. `right` is the hash that it should be, and
/// `sent_as` what was sent, a signature or a hash.
pub fn kinds(length: usize, right: &str, sent_as: &str) -> Vec<Choice<Kind>> {
    let change = format!("take the HMAC-{} of the text, with the secret as the key", joined(right));
    let mut kinds = Vec::new();
    for (hash, full, maker) in HASHES {
        let is_other = hash != right;
        let is_cut = length < full;
        if length > full {
            continue;
        }
        for (place, (form, meaning)) in FORMS.into_iter().enumerate() {
            let mut departures = Vec::new();
            if is_other {
                let cause = match form {
                    Form::Hmac => {
                        format!("the MAC is HMAC-{} instead of HMAC-{}", joined(hash), joined(right))
                    }
                    _ => format!("the hash is {hash} instead of {right}"),
                };
                departures.push(Departure::new(cause, Side::Signer, change.clone()));
            }
            if place > 0 {
                let cause = meaning.replace("{}", sent_as);
                departures.push(Departure::new(cause, Side::Signer, change.clone()));
            }
            if is_cut {
                let cause = format!("the {sent_as} was cut to {length} of {full} bytes");
                departures.push(Departure::new(cause, Side::Signer, "send the whole MAC"));
            }
            let is_told = length == full && length != length_of(right);
            // Something as long as another hash is hardly a longer one that was cut.
            let is_unlikely = is_cut && (is_other || hash_of_length(length, right).is_some());
            let cost = usize::from(place > 0) + usize::from(is_other && !is_told) + usize::from(is_unlikely);
            kinds.push(Choice { value: Kind { maker, form }, departures, cost });
        }
    }
    kinds
}

/// How many bytes a hash has.
pub fn length_of(hash: &str) -> usize {
    HASHES.iter().find(|(name, ..)| *name == hash).map_or(0, |(_, length, _)| *length)
}

/// The hash with this many bytes, if the right one has another length.
pub fn hash_of_length(length: usize, right: &str) -> Option<&'static str> {
    let is_it = |(_, full, _): &&(&str, usize, Maker)| *full == length && length != length_of(right);
    HASHES.iter().find(is_it).map(|(name, ..)| *name)
}

/// A hash as it is called behind `HMAC-`.
pub fn joined(hash: &str) -> String {
    hash.replacen("SHA-", "SHA", 1)
}

fn make<D: EagerHash + Digest + Clone + 'static>(form: Form, secret: &[u8]) -> Mac {
    let hmac = |key: &[u8]| Hmac::<D>::new_from_slice(key).expect("HMAC takes a key of any length");
    let secret = secret.to_vec();
    match form {
        Form::Hmac => {
            let keyed = hmac(&secret);
            Box::new(move |text, mac| set(mac, &keyed.clone().chain_update(text).finalize().into_bytes()))
        }
        Form::Swapped => {
            Box::new(move |text, mac| set(mac, &hmac(text).chain_update(&secret).finalize().into_bytes()))
        }
        Form::SecretFirst(between) => {
            let begun = <D as Digest>::new().chain_update(&secret).chain_update(between);
            Box::new(move |text, mac| set(mac, &begun.clone().chain_update(text).finalize()))
        }
        Form::TextFirst(between) => Box::new(move |text, mac| {
            let hash = <D as Digest>::new().chain_update(text).chain_update(between).chain_update(&secret);
            set(mac, &hash.finalize());
        }),
        Form::BothEnds => {
            let begun = <D as Digest>::new().chain_update(&secret);
            Box::new(move |text, mac| {
                set(mac, &begun.clone().chain_update(text).chain_update(&secret).finalize());
            })
        }
        Form::TextAlone => Box::new(move |text, mac| set(mac, &D::digest(text))),
        Form::Twice => {
            let keyed = hmac(&secret);
            Box::new(move |text, mac| {
                let first = hex::encode(keyed.clone().chain_update(text).finalize().into_bytes());
                set(mac, &keyed.clone().chain_update(first).finalize().into_bytes());
            })
        }
        Form::OfHash => {
            let keyed = hmac(&secret);
            Box::new(move |text, mac| {
                let hash = hex::encode(D::digest(text));
                set(mac, &keyed.clone().chain_update(hash).finalize().into_bytes());
            })
        }
        Form::WithSecret(between) => {
            let keyed = hmac(&secret);
            Box::new(move |text, mac| {
                let hash = keyed.clone().chain_update(text).chain_update(between).chain_update(&secret);
                set(mac, &hash.finalize().into_bytes());
            })
        }
    }
}

fn set(mac: &mut Vec<u8>, bytes: &[u8]) {
    mac.clear();
    mac.extend_from_slice(bytes);
}
