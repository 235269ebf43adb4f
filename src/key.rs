//! The shared secret, ready to hash; and signing.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt::{self, Write};

use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::block_api::{Buffer, FixedOutputCore, UpdateCore},
};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::{
    Error, MAX_PARAMETERS, canonical,
    canonical::escape::{encode_into, into_text},
};

/// How long an HMAC-SHA256 is, in bytes.
const MAC_LENGTH: usize = 32;

/// How long a signature is: the MAC in lower-case hex.
pub(crate) const SIGNATURE_LENGTH: usize = 2 * MAC_LENGTH;

/// The text of a signature.
pub(crate) type Signature = [u8; SIGNATURE_LENGTH];

/// A secret that is shared with the other side, ready to sign and verify with.
///
/// The secret is hashed once, here, so that each signature costs only what its
/// own bytes do. The memory that holds what came of it is cleared on drop.
///
/// `Debug` shows nothing of the secret. To rotate secrets, sign with the new one
/// and let the verifier take the old one too: [`Verifier::or_key`](crate::Verifier::or_key).
#[derive(Clone)]
pub struct Key {
    mac: HmacCore<Sha256>,
}

impl Key {
    /// Makes a key of a secret: any bytes but none.
    ///
    /// The secret is used to the last byte, white space at its end included, as
    /// the platform does. What was passed in is the caller's to clear.
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

    /// Signs parameters: gives the query string, in canonical form, that ends in
    /// `expires=…&sig=…`. A receiver that is PHP, or a [`Verifier`](crate::Verifier),
    /// accepts it until the Unix second `expires`, inclusive.
    ///
    /// Names are taken as PHP will read them back: `a.b` is signed as `a_b`, `a[]`
    /// as `a[0]`, and of two values of one name the last one counts.
    ///
    /// ```
    /// # use signed_query::Key;
    /// let key = Key::new("changeme!")?;
    /// assert_eq!(
    ///     key.sign([("q", "red")], 1_500_472_622)?,
    ///     "q=red&expires=1500472622&sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c",
    /// );
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Whatever would make a query that can't verify: [`Error::ReservedName`] for
    /// `sig` and `expires`, [`Error::DroppedName`] for a name that PHP skips,
    /// [`Error::TooManyParameters`] and [`Error::TooDeep`].
    pub fn sign<N, V>(&self, pairs: impl IntoIterator<Item = (N, V)>, expires: u64) -> Result<String, Error>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        // Room for what is usual, with the expiry and the signature.
        let mut query = Vec::with_capacity(256);
        for (name, value) in pairs {
            if !query.is_empty() {
                query.push(b'&');
            }
            encode_into(&mut query, name.as_ref().as_bytes());
            query.push(b'=');
            encode_into(&mut query, value.as_ref().as_bytes());
        }
        let query = into_text(query);
        let rewritten = match canonical::for_signing(&query)? {
            Cow::Borrowed(_) => None,
            Cow::Owned(canonical) => Some(canonical),
        };
        self.finish(rewritten.unwrap_or(query), expires)
    }

    /// Signs the query of a URL, and leaves the path in front of it and the
    /// fragment behind it as they are. Only the query is signed: the same one is
    /// good on any host and path that shares the secret.
    ///
    /// ```
    /// # use signed_query::Key;
    /// let key = Key::new("changeme!")?;
    /// assert_eq!(
    ///     key.sign_url("https://crm.example/search?q=red#top", 1_500_472_622)?,
    ///     "https://crm.example/search?q=red&expires=1500472622\
    ///      &sig=7c9a0a55dc2d1542ec736b8021f048da114fcba11ca1fb0219c122dfd789e48c#top",
    /// );
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Key::sign`]; a URL that is signed already has reserved names.
    pub fn sign_url(&self, url: &str, expires: u64) -> Result<String, Error> {
        let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let query = canonical::for_signing(query)?.into_owned();
        Ok([path, "?", &self.finish(query, expires)?, fragment].concat())
    }

    /// Appends the expiry and the signature to a query in canonical form.
    fn finish(&self, mut query: String, expires: u64) -> Result<String, Error> {
        // The receiver counts these two as well.
        let count = if query.is_empty() { 0 } else { query.split('&').count() };
        if count + 2 > MAX_PARAMETERS {
            return Err(Error::TooManyParameters);
        }
        if !query.is_empty() {
            query.push('&');
        }
        write!(query, "expires={expires}").expect("a String takes all that is written");
        let signature = self.signature(query.as_bytes());
        query.push_str("&sig=");
        query.push_str(str::from_utf8(&signature).expect("hex is ASCII"));
        Ok(query)
    }

    /// The signature of what is in canonical form, or the hash of a webhook.
    pub(crate) fn signature(&self, signed: &[u8]) -> Signature {
        let mut signature = [0; SIGNATURE_LENGTH];
        base16ct::lower::encode(&self.mac(signed), &mut signature).expect("two digits for each of 32 bytes");
        signature
    }

    /// Whether a signature is this key's, in a time that tells nothing of where
    /// it differs. Its length is no secret.
    pub(crate) fn matches(&self, signed: &[u8], submitted: &[u8]) -> Choice {
        let Ok(submitted) = <&Signature>::try_from(submitted) else {
            return Choice::from(0);
        };
        let expected = self.signature(signed);
        // Words, since `subtle` takes one of them much faster than 64 bytes.
        let difference = words(&expected).zip(words(submitted)).fold(0, |all, (a, b)| all | (a ^ b));
        difference.ct_eq(&0)
    }

    fn mac(&self, signed: &[u8]) -> [u8; MAC_LENGTH] {
        let mut mac = self.mac.clone();
        let mut buffer = Buffer::<HmacCore<Sha256>>::default();
        buffer.digest_blocks(signed, |blocks| mac.update_blocks(blocks));
        let mut output = Default::default();
        mac.finalize_fixed_core(&mut buffer, &mut output);
        output.into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

fn words(signature: &Signature) -> impl Iterator<Item = u64> {
    let (words, _) = signature.as_chunks::<8>();
    words.iter().map(|&word| u64::from_ne_bytes(word))
}
