//! Values as they are, and not as they should be: other programs write to the database,
//! and its tables may be theirs.

use rusqlite::{OptionalExtension, Result, Row, Statement, types::ValueRef};

use crate::database::bounded;

/// A value as text, of at most so many characters, and where it is cut with `…`.
pub fn text(row: &Row<'_>, column: usize, max_chars: usize) -> Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bounded(bytes, max_chars),
    })
}

/// A value as an id, if it is one by which the row is found again.
pub fn id(row: &Row<'_>, column: usize) -> Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().map(str::to_owned),
        ValueRef::Integer(value) => Some(value.to_string()),
        ValueRef::Real(value) => Some(value.to_string()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    })
}

/// A value as a whole number, if it is one in some way.
pub fn integer(row: &Row<'_>, column: usize) -> Result<Option<i64>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(value) => Some(value),
        ValueRef::Real(value) => Some(value.round() as i64),
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    })
}

/// An id as a number, which it is where its column has no type and a number was written.
pub fn numeric_id(id: &str) -> Option<i64> {
    id.parse().ok().filter(|number: &i64| number.to_string() == id)
}

/// The row that a statement gives for an id, text or number.
pub fn by_id<T>(
    statement: &mut Statement<'_>,
    id: &str,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    match (statement.query_row([id], &mut read).optional()?, numeric_id(id)) {
        (None, Some(id)) => statement.query_row([id], read).optional(),
        (found, _) => Ok(found),
    }
}
