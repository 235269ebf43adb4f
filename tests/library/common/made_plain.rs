//! The same query, read in the longer way.

use signed_query::MAX_PARAMETERS;

/// Puts a parameter in front that PHP skips, since it has no base. That is an odd name,
/// so that all names are made plain before they are read. It counts as one more: `None`
/// for a query that may be at the limit.
pub fn with_an_odd_name(query: &str) -> Option<String> {
    (query.split('&').count() < MAX_PARAMETERS).then(|| format!("[&{query}"))
}
