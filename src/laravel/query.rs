//! A query as Laravel takes it apart: by the names as they were sent, with nothing
//! decoded, sorted or rewritten.

use alloc::{borrow::Cow, string::String};
use core::ops::Range;

use super::SIGNATURE;
use crate::{canonical::take_last, key::SIGNATURE_LENGTH};

/// The parts of a query, each as it was sent.
#[derive(Default)]
pub(super) struct Query<'q> {
    pub(super) signed: Cow<'q, str>,
    pub(super) unsigned: Cow<'q, str>,
    pub(super) signature: Option<&'q [u8]>,
    /// How many parameters are not signed.
    pub(super) others: usize,
}

impl<'q> Query<'q> {
    #[inline]
    pub(super) fn read(query: &'q str, ignored: &[String]) -> Self {
        // It is mostly last.
        if ignored.is_empty()
            && let Some((signed, signature)) = take_last::<SIGNATURE_LENGTH>(query, b"&signature=")
        {
            return Self { signed: signed.into(), signature: Some(signature), others: 1, ..Self::default() };
        }
        Self::read_all(query, ignored)
    }

    #[inline(never)]
    fn read_all(query: &'q str, ignored: &[String]) -> Self {
        let mut taken = Self::default();
        let (mut signed, mut unsigned) = (Joined::default(), Joined::default());
        let mut start = 0;
        for parameter in query.split('&') {
            // What comes after a name, if it is the parameter's.
            let value_of = |name: &str| {
                let behind = parameter.strip_prefix(name)?;
                if behind.is_empty() { Some("") } else { behind.strip_prefix('=') }
            };
            let place = start..start + parameter.len();
            start = place.end + 1;
            if let (None, Some(value)) = (taken.signature, value_of(SIGNATURE)) {
                taken.signature = Some(value.as_bytes());
                taken.others += 1;
            } else if ignored.iter().any(|name| value_of(name).is_some()) {
                unsigned.push(query, place);
                taken.others += 1;
            } else {
                signed.push(query, place);
            }
        }
        (taken.signed, taken.unsigned) = (signed.text, unsigned.text);
        taken
    }
}

/// Parameters joined by `&`: a slice of the query as long as they are adjacent.
#[derive(Default)]
struct Joined<'q> {
    text: Cow<'q, str>,
    /// Where the last one ends.
    end: Option<usize>,
}

impl<'q> Joined<'q> {
    fn push(&mut self, query: &'q str, place: Range<usize>) {
        match (self.end, &mut self.text) {
            (None, text) => *text = Cow::Borrowed(&query[place.clone()]),
            (Some(end), Cow::Borrowed(text)) if end + 1 == place.start => {
                *text = &query[end - text.len()..place.end];
            }
            (_, text) => {
                let text = text.to_mut();
                text.push('&');
                text.push_str(&query[place.clone()]);
            }
        }
        self.end = Some(place.end);
    }
}
