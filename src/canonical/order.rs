//! The order of the outermost names that Symfony signs: PHP's
//! `ksort($parameters, SORT_STRING)`.

use alloc::{borrow::Cow, string::String, vec::Vec};

use super::escape::decode;

/// A query in canonical form with its outermost names in the order of their decoded
/// bytes; what is below a name stays in order. One that is so already is lent.
pub(crate) fn by_name(canonical: Cow<'_, str>) -> Cow<'_, str> {
    let named = |parameter| (base(parameter), parameter);
    let mut parameters: Vec<_> = canonical.split('&').map(named).collect();
    if parameters.is_sorted_by(|(a, _), (b, _)| a <= b) {
        return canonical;
    }
    // Stable, for the elements of an array.
    parameters.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut sorted = String::with_capacity(canonical.len());
    for (_, parameter) in parameters {
        if !sorted.is_empty() {
            sorted.push('&');
        }
        sorted.push_str(parameter);
    }
    Cow::Owned(sorted)
}

/// The outermost name of a parameter in canonical form, decoded: the first bracket in
/// it is that of an index.
fn base(parameter: &str) -> Cow<'_, [u8]> {
    let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
    decode(name.split_once("%5B").map_or(name, |(base, _)| base).as_bytes())
}
