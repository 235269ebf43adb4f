//! How PHP splits the name of a parameter: `a.b[x][]` is the base `a_b`,
//! the key `x` and the next free index.
//!
//! The rules are those of `php_register_variable_ex` in PHP 8.2's
//! `main/php_variables.c`, where a name is a C string.

use alloc::vec::Vec;

use super::{
    MAX_DEPTH,
    escape::{encode, encode_into},
};

/// Browsers trust cookies whose names start with these. PHP, which reads cookies with the
/// same code, drops a name that starts with one only after it was rewritten.
const GUARDED_PREFIXES: [&[u8]; 2] = [b"__Host-", b"__Secure-"];

/// Whether PHP drops a parameter because of one of its keys, given the name as it was
/// sent, without leading spaces. Both may be encoded, and the name may be a plain one:
/// encoding and rewriting leave these prefixes as they are.
#[inline]
pub(super) fn forbids(key: &[u8], sent: &[u8]) -> bool {
    key.starts_with(b"__")
        && GUARDED_PREFIXES.iter().any(|prefix| key.starts_with(prefix) && !sent.starts_with(prefix))
}

/// Whether PHP takes a decoded name as it is for a key of the outermost array, and does not
/// rewrite or split it.
pub(crate) fn is_own(decoded: &str) -> bool {
    let mut plain = Vec::new();
    push_plain(&mut plain, decoded.as_bytes());
    !plain.is_empty() && plain == *encode(decoded.as_bytes())
}

/// Appends a decoded name as a plain one: encoded but for the brackets of its indices,
/// its base rewritten as PHP does, and without what PHP leaves out. Appends nothing if
/// nothing is left of the base, so that PHP skips the parameter.
pub(super) fn push_plain(text: &mut Vec<u8>, decoded: &[u8]) {
    let c_string = decoded.split(|&byte| byte == 0).next().unwrap_or_default();
    let spaces = c_string.iter().take_while(|&&byte| byte == b' ').count();
    let sent = &c_string[spaces..];
    let (base, indices) = match sent.iter().position(|&byte| byte == b'[') {
        Some(0) => return,
        Some(open) if sent[open..].contains(&b']') => sent.split_at(open),
        // An index that is never closed is no index: `x[y` is a base.
        _ => (sent, &[][..]),
    };
    let start = text.len();
    // The name of a PHP variable can't contain these.
    for (nth, piece) in base.split(|byte| matches!(byte, b'.' | b' ' | b'[')).enumerate() {
        if nth > 0 {
            text.push(b'_');
        }
        encode_into(text, piece);
    }
    if forbids(&text[start..], sent) {
        return text.truncate(start);
    }
    push_indices(text, indices);
}

/// Appends the indices after a base. They end where a closed one is not followed by `[`.
fn push_indices(text: &mut Vec<u8>, mut indices: &[u8]) {
    let mut depth = 0;
    while let Some(inside) = indices.strip_prefix(b"[") {
        let close = inside.iter().position(|&byte| byte == b']');
        // They also end before one that is not closed; but PHP counts its level first.
        if close.is_none() && depth < MAX_DEPTH {
            break;
        }
        let (key, after) = inside.split_at(close.unwrap_or(inside.len()));
        text.push(b'[');
        encode_into(text, key);
        text.push(b']');
        indices = after.get(1..).unwrap_or_default();
        depth += 1;
    }
}
