//! How PHP writes nested arrays as a query: `http_build_query`.

use alloc::string::String;
use core::fmt::Write;

use super::{
    escape::encode_into,
    tree::{Key, Tree, Value},
};

/// A query in canonical form that grows by one parameter of the outermost array
/// after another.
pub(super) struct Query<'t> {
    tree: &'t Tree<'t>,
    text: String,
    /// The encoded name of the element that is being written, brackets and all.
    name: String,
}

impl<'t> Query<'t> {
    pub(super) fn new(tree: &'t Tree<'t>) -> Self {
        Self { tree, text: String::new(), name: String::new() }
    }

    /// Appends a parameter of the outermost array, with all that is below it.
    pub(super) fn push(&mut self, key: &Key<'_>, value: Value<'_>) {
        self.name.clear();
        push_key(&mut self.name, key);
        self.push_value(value);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Recursion is bounded, since no tree is deeper than
    /// [`MAX_DEPTH`](crate::MAX_DEPTH).
    fn push_value(&mut self, value: Value<'_>) {
        match value {
            Value::Bytes(bytes) => {
                if !self.text.is_empty() {
                    self.text.push('&');
                }
                self.text.push_str(&self.name);
                self.text.push('=');
                encode_into(&mut self.text, bytes);
            }
            Value::Array(array) => {
                let outer = self.name.len();
                for (key, value) in self.tree.array(array) {
                    self.name.push_str("%5B");
                    push_key(&mut self.name, key);
                    self.name.push_str("%5D");
                    self.push_value(value);
                    self.name.truncate(outer);
                }
            }
        }
    }
}

fn push_key(name: &mut String, key: &Key<'_>) {
    match key {
        Key::Integer(integer) => write!(name, "{integer}").expect("a String takes all that is written"),
        Key::Bytes(bytes) => encode_into(name, bytes),
    }
}
