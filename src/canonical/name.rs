//! How PHP takes the name of a parameter apart: `a.b[x][]` is the base `a_b`,
//! the key `x` and the next free index.
//!
//! The rules are those of `php_register_variable_ex` in PHP 8.2's
//! `main/php_variables.c`, where a name is a C string.

use alloc::borrow::Cow;

/// A name with the part before its first index rewritten as PHP does.
pub(super) struct Name<'a> {
    /// The key in the outermost array. Never empty.
    pub(super) base: Cow<'a, [u8]>,
    /// What follows the base: empty, or from the first `[` of a closed index.
    indices: &'a [u8],
    /// The name as it was sent, to tell what only rewriting made.
    sent: &'a [u8],
}

/// One step from an array to an element of it.
pub(super) enum Step<'a> {
    /// `[]`, or one white-space byte in brackets: one past the highest so far.
    Next,
    /// `[key]`, with nothing in the key rewritten; or the base of the name.
    Key(Cow<'a, [u8]>),
}

/// Browsers trust cookies whose names start so; PHP, which reads cookies with
/// the same code, drops a name that only its rewriting gives such a start.
const GUARDED_PREFIXES: [&[u8]; 2] = [b"__Host-", b"__Secure-"];

/// Whether PHP drops a parameter for a key of its path, given the name as it was
/// sent, from its first byte that counts.
pub(super) fn forbids(key: &[u8], sent: &[u8]) -> bool {
    GUARDED_PREFIXES.iter().any(|prefix| key.starts_with(prefix) && !sent.starts_with(prefix))
}

impl<'a> Name<'a> {
    /// Reads a decoded name. `None` where nothing is left of it, and PHP skips
    /// the parameter.
    pub(super) fn read(decoded: &'a [u8]) -> Option<Self> {
        let end = decoded.iter().position(|&byte| byte == 0);
        let c_string = &decoded[..end.unwrap_or(decoded.len())];
        let start = c_string.iter().position(|&byte| byte != b' ')?;
        let sent = &c_string[start..];

        if sent[0] == b'[' {
            return None;
        }
        let (base, indices) = match sent.iter().position(|&byte| byte == b'[') {
            Some(open) if sent[open..].contains(&b']') => sent.split_at(open),
            // An index that is never closed is no index: `x[y` is a base name.
            _ => (sent, &[][..]),
        };
        Some(Self { base: without_separators(base), indices, sent })
    }

    /// Whether PHP drops the parameter when it gets to this key of its path.
    pub(super) fn forbids(&self, key: &[u8]) -> bool {
        forbids(key, self.sent)
    }

    /// The steps below the base. An index that is not closed ends them, and so
    /// does anything but `[` behind a closed one.
    pub(super) fn steps(&self) -> Steps<'a> {
        Steps { rest: self.indices }
    }
}

/// The iterator of [`Name::steps`]; `None` in it stands for a `[` that opens
/// an index and is never closed.
pub(super) struct Steps<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Steps<'a> {
    type Item = Option<Step<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let inside = self.rest.strip_prefix(b"[")?;
        let blank = inside.first().is_some_and(|&byte| is_space(byte)) as usize;
        if inside.get(blank) == Some(&b']') {
            self.rest = &inside[blank + 1..];
            return Some(Some(Step::Next));
        }
        let Some(close) = inside.iter().position(|&byte| byte == b']') else {
            self.rest = &[];
            return Some(None);
        };
        self.rest = &inside[close + 1..];
        Some(Some(Step::Key(Cow::Borrowed(&inside[..close]))))
    }
}

/// `.`, space and `[` as `_`, since none of them can stand in the name of a PHP
/// variable.
fn without_separators(base: &[u8]) -> Cow<'_, [u8]> {
    let is_separator = |byte: &u8| matches!(byte, b'.' | b' ' | b'[');
    if !base.iter().any(is_separator) {
        return Cow::Borrowed(base);
    }
    base.iter().map(|byte| if is_separator(byte) { b'_' } else { *byte }).collect()
}

/// C's `isspace`, which is Rust's and the vertical tab.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}
