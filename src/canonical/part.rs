//! Some parameters of a query, as they were sent.

use alloc::{borrow::Cow, string::String};
use core::ops::Range;

/// Parameters joined by `&`: a slice of the query as long as they are adjacent.
pub(crate) struct Part<'q> {
    query: &'q str,
    /// Those before the last adjacent ones, each with an `&` after it.
    apart: String,
    /// The range of the last adjacent ones; if it ends at `usize::MAX`, there are none yet.
    last: Range<usize>,
}

impl<'q> Part<'q> {
    #[inline(always)]
    pub(crate) fn new(query: &'q str) -> Self {
        Self { query, apart: String::new(), last: 0..usize::MAX }
    }

    fn is_empty(&self) -> bool {
        self.last.end == usize::MAX
    }

    /// Adds the parameter in this range of the query, after the others.
    #[inline(always)]
    pub(crate) fn push(&mut self, place: Range<usize>) {
        if self.is_empty() {
            self.last = place;
        } else if self.last.end + 1 == place.start {
            self.last.end = place.end;
        } else {
            self.set_apart(place);
        }
    }

    #[inline(never)]
    fn set_apart(&mut self, place: Range<usize>) {
        if self.apart.is_empty() {
            // Room for all that may follow.
            self.apart.reserve(self.query.len());
        }
        self.apart.push_str(&self.query[self.last.clone()]);
        self.apart.push('&');
        self.last = place;
    }

    #[inline(always)]
    pub(crate) fn finish(self) -> Cow<'q, str> {
        if self.is_empty() {
            return Cow::Borrowed("");
        }
        let last = &self.query[self.last];
        match self.apart.is_empty() {
            true => Cow::Borrowed(last),
            false => Cow::Owned(self.apart + last),
        }
    }
}
