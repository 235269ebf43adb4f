//! PHP's percent-encoding: `urldecode` and `urlencode`, on bytes.

use alloc::{borrow::Cow, string::String, vec::Vec};

use form_urlencoded::byte_serialize;
use percent_encoding::percent_decode;

/// Appends what `urldecode` makes of `encoded`: `+` is a space, and an escape
/// that is none stays as it is.
pub(crate) fn decode_into(out: &mut Vec<u8>, encoded: &[u8]) {
    // An escape never has a `+` in it, so the parts between are on their own.
    for (nth, part) in encoded.split(|&byte| byte == b'+').enumerate() {
        if nth > 0 {
            out.push(b' ');
        }
        out.extend(percent_decode(part));
    }
}

/// What `urldecode` makes of `encoded`, which is lent where there is nothing to
/// decode.
pub(crate) fn decode(encoded: &[u8]) -> Cow<'_, [u8]> {
    if !encoded.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return Cow::Borrowed(encoded);
    }
    let mut decoded = Vec::with_capacity(encoded.len());
    decode_into(&mut decoded, encoded);
    Cow::Owned(decoded)
}

/// Appends what `urlencode` makes of `bytes`.
pub(crate) fn encode_into(out: &mut String, bytes: &[u8]) {
    for part in byte_serialize(bytes) {
        // `form_urlencoded` follows the URL standard, which leaves `*` alone.
        let mut between_stars = part.split('*');
        out.extend(between_stars.next());
        for after_star in between_stars {
            out.push_str("%2A");
            out.push_str(after_star);
        }
    }
}

/// What `urlencode` makes of `bytes`, which is lent where nothing is to be
/// encoded.
pub(crate) fn encode(bytes: &[u8]) -> Cow<'_, str> {
    let stays = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    match str::from_utf8(bytes) {
        Ok(text) if bytes.iter().all(stays) => Cow::Borrowed(text),
        _ => {
            let mut encoded = String::new();
            encode_into(&mut encoded, bytes);
            Cow::Owned(encoded)
        }
    }
}
