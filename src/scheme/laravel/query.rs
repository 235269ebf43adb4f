//! A query as Laravel splits it: by the names as they were sent, with nothing decoded,
//! sorted or rewritten.

use alloc::{borrow::Cow, string::String};

use super::SIGNATURE;
use crate::canonical::Part;

/// The parts of a query, each as it was sent.
pub(super) struct Query<'q> {
    pub(super) signed: Cow<'q, str>,
    pub(super) unsigned: Cow<'q, str>,
    pub(super) signature: Option<&'q [u8]>,
    /// How many parameters are not signed.
    pub(super) others: usize,
}

impl<'q> Query<'q> {
    pub(super) fn read(query: &'q str, ignored: &[String]) -> Self {
        let (mut signed, mut unsigned) = (Part::new(query), Part::new(query));
        let (mut signature, mut others) = (None, 0);
        let mut start = 0;
        for parameter in query.split('&') {
            // The parameter's value, if this is its name.
            let value_of = |name: &str| {
                let rest = parameter.strip_prefix(name)?;
                if rest.is_empty() { Some("") } else { rest.strip_prefix('=') }
            };
            let range = start..start + parameter.len();
            start = range.end + 1;
            if let (None, Some(value)) = (signature, value_of(SIGNATURE)) {
                signature = Some(value.as_bytes());
                others += 1;
            } else if ignored.iter().any(|name| value_of(name).is_some()) {
                unsigned.push(range);
                others += 1;
            } else {
                signed.push(range);
            }
        }
        Self { signed: signed.finish(), unsigned: unsigned.finish(), signature, others }
    }
}
