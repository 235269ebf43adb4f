//! How PHP writes nested arrays as a query: `http_build_query`.

use alloc::{string::String, vec::Vec};
use core::fmt::{self, Write};

use super::{
    escape::{encode_into, into_text, rewrite_into},
    tree::{Key, Tree, Value},
};

/// A query in canonical form that grows by one parameter of the outermost array
/// after another.
pub(super) struct Query<'t> {
    tree: &'t Tree<'t, 't>,
    text: Vec<u8>,
}

impl<'t> Query<'t> {
    pub(super) fn new(tree: &'t Tree<'t, 't>) -> Self {
        Self { tree, text: Vec::new() }
    }

    pub(super) fn finish(self) -> String {
        into_text(self.text)
    }

    /// Appends what has an encoded name, with all that is below it. The name grows
    /// by brackets meanwhile, and is the same again in the end.
    ///
    /// Recursion is bounded, since no tree is deeper than
    /// [`MAX_DEPTH`](crate::MAX_DEPTH).
    pub(super) fn push(&mut self, name: &mut Vec<u8>, value: Value<'_>) {
        match value {
            Value::Sent(value) => {
                self.separate();
                self.text.extend_from_slice(name);
                self.text.push(b'=');
                rewrite_into(&mut self.text, value);
            }
            Value::Array(array) => {
                let outer = name.len();
                for (key, value) in self.tree.array(array) {
                    name.extend_from_slice(b"%5B");
                    push_key(name, key);
                    name.extend_from_slice(b"%5D");
                    self.push(name, value);
                    name.truncate(outer);
                }
            }
        }
    }

    /// Begins another parameter; the first one makes room for all.
    fn separate(&mut self) {
        match self.text.is_empty() {
            true => self.text.reserve(self.tree.bytes()),
            false => self.text.push(b'&'),
        }
    }
}

/// Appends a key, encoded.
pub(super) fn push_key(name: &mut Vec<u8>, key: &Key<'_>) {
    match key {
        Key::Integer(integer) => push_integer(name, *integer),
        Key::Bytes(bytes) => encode_into(name, bytes),
    }
}

/// Appends an integer in decimal.
pub(super) fn push_integer(text: &mut Vec<u8>, integer: i64) {
    write!(Bytes(text), "{integer}").expect("a Vec takes all that is written");
}

/// Bytes that text is written to.
struct Bytes<'a>(&'a mut Vec<u8>);

impl Write for Bytes<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
