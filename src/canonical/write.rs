//! How PHP writes nested arrays as a query: `http_build_query`.

use alloc::{string::String, vec::Vec};

use super::{
    escape::{into_text, rewrite_into},
    node::{Array, Element},
    tree::Tree,
};

impl Tree<'_> {
    #[inline(never)]
    pub(super) fn write(&self) -> String {
        // Room for escaped brackets with two digits in each.
        let mut text = Vec::with_capacity(self.query.len() + 6 * self.len());
        self.write_elements(&mut text, &mut Vec::with_capacity(64), self.root());
        text.pop();
        into_text(text)
    }

    /// Appends the strings in an array with this name, at any depth, each followed by `&`.
    /// The name grows by keys in brackets, and is restored at the end.
    ///
    /// Recursion is bounded, since no tree is deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    fn write_elements(&self, text: &mut Vec<u8>, name: &mut Vec<u8>, array: &Array) {
        let outer = name.len();
        for node in self.elements(array) {
            let named = match node.element {
                Element::String(_) => {
                    text.extend_from_slice(name);
                    &mut *text
                }
                Element::Array(_) => &mut *name,
            };
            // The outermost array has no name.
            if outer == 0 {
                node.key.write(named);
            } else {
                named.extend_from_slice(b"%5B");
                node.key.write(named);
                named.extend_from_slice(b"%5D");
            }
            match &node.element {
                Element::String(value) => {
                    text.push(b'=');
                    match value.is_canonical {
                        true => text.extend_from_slice(value.text),
                        false => rewrite_into(text, value.text),
                    }
                    text.push(b'&');
                }
                Element::Array(array) => {
                    self.write_elements(text, name, array);
                    name.truncate(outer);
                }
            }
        }
    }
}
