//! How a MAC is written as text: the signature.

use alloc::string::String;

use base64::{
    Engine,
    engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE_NO_PAD},
};

use crate::{
    canonical::escape::{decoded, encode, into_text, is_escaped},
    key::Mac,
};

/// How an application writes a signature.
///
/// A signature is read strictly, since PHP compares it as text: there is one way to write
/// each MAC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// Lower-case hex: what `hash_hmac` gives.
    #[default]
    Hex,
    /// Upper-case hex: `strtoupper(hash_hmac(…))`.
    UpperHex,
    /// base64 with padding: `base64_encode(hash_hmac(…, true))`.
    Base64,
    /// base64url without padding: `rtrim(strtr(base64_encode(hash_hmac(…, true)), '+/', '-_'), '=')`.
    Base64Url,
}

/// Room for the text of any MAC.
pub(crate) const LONGEST: usize = 2 * Mac::MAX_LENGTH;

impl Writing {
    /// Appends the text of a MAC.
    pub(crate) fn write(self, mac: &Mac, out: &mut String) {
        let (mut bytes, mut text) = ([0; Mac::MAX_LENGTH], [0; LONGEST]);
        let bytes = mac.bytes(&mut bytes);
        let length = match self.engine() {
            Some(engine) => engine.encode_slice(bytes, &mut text).expect("it is shorter than hex"),
            None => {
                hex::encode_to_slice(bytes, &mut text[..2 * bytes.len()]).expect("two digits a byte");
                2 * bytes.len()
            }
        };
        let text = &mut text[..length];
        if self == Self::UpperHex {
            text.make_ascii_uppercase();
        }
        out.push_str(str::from_utf8(text).expect("hex and base64 are ASCII"));
    }

    /// Appends the text of a MAC, encoded as in a query.
    pub(crate) fn write_escaped(self, mac: &Mac, out: &mut String) {
        let start = out.len();
        self.write(mac, out);
        // Only base64 has characters to escape.
        if self == Self::Base64 {
            let text = out.split_off(start);
            out.push_str(&into_text(encode(text.as_bytes()).into_owned()));
        }
    }

    /// The MAC that [`write`](Self::write) writes as exactly this text.
    pub(crate) fn read(self, text: &[u8]) -> Option<Mac> {
        // base64 is decoded in blocks of three bytes.
        let mut bytes = [0; Mac::MAX_LENGTH + 2];
        let length = match self.engine() {
            Some(engine) => engine.decode_slice(text, &mut bytes).ok()?,
            None if self.has_other_case(text) => return None,
            None => {
                let bytes = bytes.get_mut(..text.len() / 2)?;
                hex::decode_to_slice(text, bytes).ok()?;
                bytes.len()
            }
        };
        Mac::new(&bytes[..length])
    }

    /// The same for a text as it stands in a query.
    #[inline]
    pub(crate) fn read_escaped(self, text: &[u8]) -> Option<Mac> {
        self.read(unescaped(text, &mut [0; LONGEST])?)
    }

    /// Whether a text has a hex digit in the case that this does not write.
    fn has_other_case(self, text: &[u8]) -> bool {
        // No branch for each byte, so that the compiler can compare many at once.
        match self {
            Self::UpperHex => text.iter().fold(false, |any, byte| any | byte.is_ascii_lowercase()),
            _ => text.iter().fold(false, |any, byte| any | byte.is_ascii_uppercase()),
        }
    }

    fn engine(self) -> Option<&'static GeneralPurpose> {
        match self {
            Self::Hex | Self::UpperHex => None,
            Self::Base64 => Some(&STANDARD),
            Self::Base64Url => Some(&URL_SAFE_NO_PAD),
        }
    }
}

/// A signature as it stands in a query, decoded without an allocation; `None` for a text
/// that is longer than any signature. The padding of base64 is always escaped.
#[inline]
pub(crate) fn unescaped<'t>(text: &'t [u8], buffer: &'t mut [u8; LONGEST]) -> Option<&'t [u8]> {
    if !is_escaped(text) {
        return Some(text);
    }
    let mut length = 0;
    for byte in decoded(text) {
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    Some(&buffer[..length])
}
