//! How PHP writes nested arrays as a query: `http_build_query`.

use alloc::{string::String, vec::Vec};

use super::{
    escape::{into_text, rewrite_into},
    tree::{Element, Node, Tree},
};

impl<'q> Tree<'q> {
    /// Writes all that is below a root.
    #[inline(never)]
    pub(super) fn write(&self, root: usize) -> String {
        // With room for the escapes of brackets, and two digits in each.
        let mut text = Vec::with_capacity(self.query.len() + 6 * self.nodes.len());
        let mut name = Vec::with_capacity(64);
        for node in self.elements(&self.roots[root]) {
            name.clear();
            node.key.write(&mut name);
            self.write_element(&mut text, &mut name, node);
        }
        text.pop();
        into_text(text)
    }

    /// Appends what has an encoded name, with all that is below it, and a `&` behind
    /// each. The name grows by brackets meanwhile, and is the same again in the end.
    ///
    /// Recursion is bounded, since no tree is deeper than [`MAX_DEPTH`].
    fn write_element(&self, text: &mut Vec<u8>, name: &mut Vec<u8>, node: &Node<'q>) {
        match &node.element {
            Element::String(value) => {
                text.extend_from_slice(name);
                text.push(b'=');
                match value.is_canonical {
                    true => text.extend_from_slice(value.text),
                    false => rewrite_into(text, value.text),
                }
                text.push(b'&');
            }
            Element::Array(array) => {
                let outer = name.len();
                for node in self.elements(array) {
                    name.extend_from_slice(b"%5B");
                    node.key.write(name);
                    name.extend_from_slice(b"%5D");
                    self.write_element(text, name, node);
                    name.truncate(outer);
                }
            }
        }
    }
}
