//! Parameters as JSON, and as nested JSON: `a[b]=1` is `{"a":{"b":"1"}}`.

use std::collections::HashMap;

use super::{parameters::Parameter, scheme::Role, shape::Parts};

/// An array or a value, the parameters being in the first node.
#[derive(Default)]
struct Node<'p> {
    /// Where each element is, by its key.
    elements: Vec<(Vec<u8>, usize)>,
    value: Option<&'p Parameter>,
}

/// What is written for a name, for a value, and between them.
struct Writer<'w> {
    name: &'w dyn Fn(&[u8]) -> String,
    value: &'w dyn Fn(&Parameter) -> String,
    comma: &'static str,
    colon: &'static str,
}

/// How deep arrays are nested, as in PHP.
const DEEPEST: usize = 64;

/// Writes the parameters with their arrays in each other; an array with the keys 0, 1, 2 … is
/// a list.
fn nested(parameters: &[&Parameter], writer: &Writer<'_>) -> String {
    let mut nodes = vec![Node::default()];
    // So that many elements take no quadratic time to find.
    let mut places: HashMap<(usize, Vec<u8>), usize> = HashMap::new();
    for one in parameters {
        let mut at = 0;
        let keys = one.name.split(|byte| *byte == b'[').take(DEEPEST);
        for (depth, key) in keys.enumerate() {
            let key = if depth == 0 { key } else { key.strip_suffix(b"]").unwrap_or(key) };
            let next = nodes[at].elements.len().to_string();
            let key = if depth > 0 && key.is_empty() { next.as_bytes() } else { key };
            at = *places.entry((at, key.to_vec())).or_insert_with(|| {
                let place = nodes.len();
                nodes[at].elements.push((key.to_vec(), place));
                nodes.push(Node::default());
                place
            });
        }
        nodes[at].value = Some(one);
    }
    written(&nodes, 0, writer)
}

fn written(nodes: &[Node<'_>], at: usize, writer: &Writer<'_>) -> String {
    let Node { elements, value } = &nodes[at];
    if let Some(value) = value.filter(|_| elements.is_empty()) {
        return (writer.value)(value);
    }
    let mut keys = elements.iter().enumerate();
    let is_list = at > 0 && keys.all(|(nth, (key, _))| *key == nth.to_string().into_bytes());
    let element = |(key, place): &(Vec<u8>, usize)| {
        let value = written(nodes, *place, writer);
        if is_list { value } else { [&(writer.name)(key), writer.colon, &value].concat() }
    };
    let elements = elements.iter().map(element).collect::<Vec<_>>().join(writer.comma);
    if is_list { format!("[{elements}]") } else { format!("{{{elements}}}") }
}

/// How a language writes JSON by default.
pub struct Json {
    between: &'static str,
    colon: &'static str,
    escapes_slash: bool,
    escapes_unicode: bool,
}

pub const PHP: Json = Json { between: ",", colon: ":", escapes_slash: true, escapes_unicode: true };
pub const JAVASCRIPT: Json = Json { between: ",", colon: ":", escapes_slash: false, escapes_unicode: false };
pub const PYTHON: Json = Json { between: ", ", colon: ": ", escapes_slash: false, escapes_unicode: true };

/// How an array is written in JSON: each element under its whole name, or in one another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Arrays {
    Flat,
    Nested,
}

pub fn json(parts: &Parts<'_>, style: &Json, arrays: Arrays, expiry_is_number: bool) -> Vec<u8> {
    let name = |name: &[u8]| quote(&String::from_utf8_lossy(name), style);
    let value = |one: &Parameter| match one.role {
        Role::Expires if expiry_is_number => String::from_utf8_lossy(&one.value).into_owned(),
        _ => quote(&String::from_utf8_lossy(&one.value), style),
    };
    if arrays == Arrays::Nested {
        let writer = Writer { name: &name, value: &value, comma: style.between, colon: style.colon };
        return nested(&parts.parameters, &writer).into();
    }
    let members = parts.parameters.iter().map(|one| [&name(&one.name), style.colon, &value(one)].concat());
    format!("{{{}}}", members.collect::<Vec<_>>().join(style.between)).into()
}

fn quote(text: &str, style: &Json) -> String {
    super::json::quote(text, style.escapes_slash, style.escapes_unicode)
}
