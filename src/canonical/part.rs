//! Some of the parameters of a query, as they were sent.

use alloc::{borrow::Cow, string::String};
use core::ops::Range;

/// Parameters joined by `&`: a slice of the query as long as they are adjacent.
pub(crate) struct Part<'q> {
    query: &'q str,
    /// Those before the last ones, each followed by an `&`.
    before: String,
    /// The last ones, which are adjacent.
    last: Option<Range<usize>>,
}

impl<'q> Part<'q> {
    #[inline(always)]
    pub(crate) fn new(query: &'q str) -> Self {
        Self { query, before: String::new(), last: None }
    }

    /// Adds the parameter in a range of the query, after the others.
    #[inline(always)]
    pub(crate) fn push(&mut self, range: Range<usize>) {
        match &mut self.last {
            Some(last) if last.end + 1 == range.start => last.end = range.end,
            Some(_) => self.push_apart(range),
            None => self.last = Some(range),
        }
    }

    #[inline(never)]
    fn push_apart(&mut self, range: Range<usize>) {
        if self.before.is_empty() {
            // Room for all that can follow, at once.
            self.before.reserve(self.query.len());
        }
        if let Some(last) = self.last.replace(range) {
            self.before.push_str(&self.query[last]);
            self.before.push('&');
        }
    }

    #[inline(always)]
    pub(crate) fn finish(self) -> Cow<'q, str> {
        let last = self.last.map_or("", |last| &self.query[last]);
        match self.before.is_empty() {
            true => Cow::Borrowed(last),
            false => Cow::Owned(self.before + last),
        }
    }
}
