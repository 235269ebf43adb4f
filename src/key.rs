//! The shared secret, ready to hash: the MAC, and its comparison.

use alloc::{vec, vec::Vec};
use core::{fmt, str::FromStr};

use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::block_api::{Buffer, FixedOutputCore, UpdateCore},
};
use sha2::Sha256;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::Error;

/// An HMAC-SHA256.
pub(crate) type Mac = [u8; 32];

/// How long a signature is: the MAC in lower-case hex.
pub(crate) const SIGNATURE_LENGTH: usize = 2 * size_of::<Mac>();

/// The text of a signature.
pub(crate) type Signature = [u8; SIGNATURE_LENGTH];

/// A shared secret, ready to sign and verify with.
///
/// The secret is hashed once, here, so a signature costs only the hashing of what it
/// signs. The result is cleared from memory on drop.
///
/// `Debug` shows nothing of the secret. To rotate secrets, sign with the new one
/// and let the verifier accept the old one, too: [`Verifier::or_key`](crate::Verifier::or_key).
#[derive(Clone)]
pub struct Key {
    mac: HmacCore<Sha256>,
}

impl Key {
    /// Makes a key from a secret: any bytes, but at least one.
    ///
    /// Every byte of the secret counts, white space at its end included, as on the
    /// platform. Clearing what was passed in is up to the caller.
    ///
    /// # Errors
    ///
    /// [`Error::EmptySecret`].
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        let secret = secret.as_ref();
        if secret.is_empty() {
            return Err(Error::EmptySecret);
        }
        let mac = HmacCore::new_from_slice(secret).expect("HMAC takes a key of any length");
        Ok(Self { mac })
    }

    /// The signature of some text: its MAC, in lower-case hex.
    pub(crate) fn signature(&self, signed: &[u8]) -> Signature {
        hex(&self.mac(&[signed]))
    }

    /// The MAC of a text that comes in pieces.
    #[inline]
    pub(crate) fn mac(&self, signed: &[&[u8]]) -> Mac {
        let mut mac = self.mac.clone();
        let mut buffer = Buffer::<HmacCore<Sha256>>::default();
        for piece in signed {
            buffer.digest_blocks(piece, |blocks| mac.update_blocks(blocks));
        }
        let mut output = Default::default();
        mac.finalize_fixed_core(&mut buffer, &mut output);
        output.into()
    }
}

/// The key that signs, and those that did so before.
#[derive(Clone, Debug)]
pub(crate) struct Keys(Vec<Key>);

impl Keys {
    pub(crate) fn new(key: Key) -> Self {
        Self(vec![key])
    }

    pub(crate) fn add(&mut self, previous: Key) {
        self.0.push(previous);
    }

    /// The key by which a text, in pieces, has a signature in lower-case hex.
    #[inline]
    pub(crate) fn matching(&self, signed: &[&[u8]], submitted: &Signature) -> Option<&Key> {
        self.matching_by(|key| is_equal(&hex(&key.mac(signed)), submitted))
    }

    /// The key whose MAC matches. Every key is tried, in a time that does not tell which
    /// one matched.
    #[inline]
    pub(crate) fn matching_by(&self, is_match: impl Fn(&Key) -> Choice) -> Option<&Key> {
        let mut matching = u32::MAX;
        for (nth, key) in self.0.iter().enumerate() {
            matching.conditional_assign(&(nth as u32), is_match(key));
        }
        self.0.get(matching as usize)
    }
}

/// A signature as text.
pub(crate) fn as_text(signature: &Signature) -> &str {
    str::from_utf8(signature).expect("hex is ASCII")
}

fn hex(mac: &Mac) -> Signature {
    let mut signature = [0; SIGNATURE_LENGTH];
    base16ct::lower::encode(mac, &mut signature).expect("two digits for each of 32 bytes");
    signature
}

/// Whether two texts are the same, in a time that does not tell where they differ. Their
/// lengths are no secret.
#[inline]
pub(crate) fn is_equal(expected: &[u8], submitted: &[u8]) -> Choice {
    let lengths = (expected.len() ^ submitted.len()) as u64;
    // Words, since `subtle` takes one of them much faster than many bytes.
    let ((expected, rest), (submitted, others)) = (expected.as_chunks::<8>(), submitted.as_chunks::<8>());
    let word = |&word: &[u8; 8]| u64::from_ne_bytes(word);
    let words = expected.iter().map(word).zip(submitted.iter().map(word));
    let bytes = rest.iter().zip(others).map(|(&a, &b)| (u64::from(a), u64::from(b)));
    words.chain(bytes).fold(lengths, |all, (a, b)| all | (a ^ b)).ct_eq(&0)
}

/// Makes a key from a secret that is text, as [`Key::new`] does.
///
/// ```
/// # use signed_query::Key;
/// let key: Key = "changeme!".parse()?;
/// # Ok::<(), signed_query::Error>(())
/// ```
impl FromStr for Key {
    type Err = Error;

    fn from_str(secret: &str) -> Result<Self, Error> {
        Self::new(secret)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
