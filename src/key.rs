//! The shared secret, ready to hash; the MAC, and its comparison.

use alloc::{vec, vec::Vec};
use core::{fmt, str::FromStr};

use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::block_api::{Buffer, EagerHash, FixedOutputCore, UpdateCore},
};
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use crate::Error;

/// A shared secret, ready to sign and verify with.
///
/// The secret is hashed once, when the key is made, so a signature costs only the hashing
/// of the signed text.
///
/// `Debug` shows nothing of the secret. To rotate secrets, sign with the new one
/// and let the verifier accept the old one, too: [`Verifier::or_key`](crate::Verifier::or_key).
///
/// # What is cleared from memory
///
/// The hash states of a key are cleared when it is dropped, and each expected MAC once it
/// has been compared. The secret that you passed in is not cleared, nor is what `hmac` and
/// the compiler leave on the stack: the crate `hmac` pads the secret in a block that it
/// does not clear, so after [`Key::new`] a copy stays there until other calls overwrite
/// it. Make keys at startup.
#[derive(Clone)]
pub struct Key {
    hmac: Hmac,
}

#[derive(Clone)]
enum Hmac {
    Sha256(HmacCore<Sha256>),
    Sha512(HmacCore<Sha512>),
}

impl Key {
    /// Makes a key for HMAC-SHA256 from a secret: any bytes, but at least one.
    ///
    /// Every byte of the secret counts, as on the platform, including white space at its end.
    ///
    /// # Errors
    ///
    /// [`Error::EmptySecret`].
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        Ok(Self { hmac: Hmac::Sha256(hmac(secret.as_ref())?) })
    }

    /// Makes a key for HMAC-SHA512, PHP's `hash_hmac('sha512', …)`, from a secret: any
    /// bytes, but at least one.
    ///
    /// It is for a [`Scheme`](crate::Scheme). Laravel, Symfony and the platform's webhooks
    /// use only HMAC-SHA256: there such a key is refused, or matches nothing.
    ///
    /// ```
    /// # use signed_query::{Key, Scheme};
    /// let scheme = Scheme::new("vnp_SecureHash")?.sorted();
    /// let key = Key::sha512("secret")?;
    /// let signed = scheme.sign(&key, [("vnp_Amount", "1000")], None)?;
    /// assert!(signed.starts_with("vnp_Amount=1000&vnp_SecureHash="));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::EmptySecret`].
    pub fn sha512(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        Ok(Self { hmac: Hmac::Sha512(hmac(secret.as_ref())?) })
    }

    /// Writes the MAC of a text that comes in pieces. It is not returned, since moving it
    /// would leave a copy that nothing clears.
    #[inline]
    pub(crate) fn mac(&self, text: &[&[u8]], mac: &mut Mac) {
        match &self.hmac {
            Hmac::Sha256(hmac) => write_mac(hmac, text, mac),
            Hmac::Sha512(hmac) => write_mac(hmac, text, mac),
        }
    }

    /// This key, if it is for HMAC-SHA256.
    ///
    /// # Errors
    ///
    /// [`Error::UnsuitableKey`].
    pub(crate) fn for_sha256(&self) -> Result<&Self, Error> {
        match self.hmac {
            Hmac::Sha256(_) => Ok(self),
            Hmac::Sha512(_) => Err(Error::UnsuitableKey),
        }
    }
}

fn hmac<D: EagerHash>(secret: &[u8]) -> Result<HmacCore<D>, Error> {
    match secret {
        [] => Err(Error::EmptySecret),
        secret => Ok(HmacCore::new_from_slice(secret).expect("HMAC takes a secret of any length")),
    }
}

#[inline]
fn write_mac<D: EagerHash>(hmac: &HmacCore<D>, text: &[&[u8]], mac: &mut Mac) {
    let mut hmac = hmac.clone();
    let mut buffer = Buffer::<HmacCore<D>>::default();
    for piece in text {
        buffer.digest_blocks(piece, |blocks| hmac.update_blocks(blocks));
    }
    let mut output = Default::default();
    hmac.finalize_fixed_core(&mut buffer, &mut output);
    mac.set(&output);
    output.as_mut_slice().zeroize();
}

/// A MAC: the expected one, or the one of a submitted signature. It is stored as words,
/// which are compared and cleared faster than bytes.
#[derive(Default)]
pub(crate) struct Mac {
    words: [u64; Self::MAX_LENGTH / 8],
    length: usize,
}

impl Mac {
    /// How many bytes a MAC has at most.
    pub(crate) const MAX_LENGTH: usize = 64;

    /// A MAC from its bytes, if it has the length of one of the hashes.
    #[inline]
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let mut mac = Self::default();
        mac.set(bytes);
        matches!(mac.length, 32 | 64).then_some(mac)
    }

    #[inline]
    fn set(&mut self, bytes: &[u8]) {
        let (chunks, _) = bytes.as_chunks();
        for (word, chunk) in self.words.iter_mut().zip(chunks) {
            *word = u64::from_ne_bytes(*chunk);
        }
        self.length = bytes.len();
    }

    /// The same MAC, if it is one of HMAC-SHA256.
    pub(crate) fn if_sha256(self) -> Option<Self> {
        (self.length == 32).then_some(self)
    }

    /// Writes the bytes at the start of a buffer.
    pub(crate) fn bytes<'b>(&self, buffer: &'b mut [u8; Self::MAX_LENGTH]) -> &'b [u8] {
        let (chunks, _) = buffer.as_chunks_mut();
        for (chunk, word) in chunks.iter_mut().zip(self.words) {
            *chunk = word.to_ne_bytes();
        }
        &buffer[..self.length]
    }

    /// Takes a time that depends only on the lengths, which are not secret.
    #[inline]
    fn ct_eq(&self, other: &Self) -> Choice {
        if self.length != other.length {
            return Choice::from(0);
        }
        // Behind a shorter MAC, all words are 0.
        let words = self.words.iter().zip(&other.words);
        // All differences are gathered before one of them is looked at.
        words.fold(0, |differences, (a, b)| differences | (a ^ b)).ct_eq(&0)
    }
}

impl Drop for Mac {
    #[inline]
    fn drop(&mut self) {
        self.words[..self.length / 8].zeroize();
    }
}

/// The key that signs, and those that signed before.
#[derive(Clone, Debug)]
pub(crate) struct Keys(Vec<Key>);

impl Keys {
    pub(crate) fn new(key: Key) -> Self {
        Self(vec![key])
    }

    pub(crate) fn add(&mut self, previous: Key) {
        self.0.push(previous);
    }

    /// The key with which a text, in pieces, has this MAC. Every key is tried, so the time
    /// does not reveal which one matched.
    #[inline]
    pub(crate) fn matching(&self, text: &[&[u8]], submitted: &Mac) -> Option<&Key> {
        let mut matching = u32::MAX;
        for (nth, key) in self.0.iter().enumerate() {
            let mut expected = Mac::default();
            key.mac(text, &mut expected);
            matching.conditional_assign(&(nth as u32), expected.ct_eq(submitted));
        }
        self.0.get(matching as usize)
    }
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
