//! Values of any type: other programs write to the database, and may have created its tables.

use rusqlite::{OptionalExtension, Result, Row, Statement, types::ValueRef};

use crate::database::bounded;

/// A value as text of at most `max_chars`; if it is cut, `…` follows.
pub fn text(row: &Row<'_>, column: usize, max_chars: usize) -> Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bounded(bytes, max_chars),
    })
}

/// A value as an id, if the row can be found by it again.
pub fn id(row: &Row<'_>, column: usize) -> Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().map(str::to_owned),
        ValueRef::Integer(value) => Some(value.to_string()),
        ValueRef::Real(value) => Some(value.to_string()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    })
}

/// A value as a whole number, if it can be read as one.
pub fn integer(row: &Row<'_>, column: usize) -> Result<Option<i64>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(value) => Some(value),
        ValueRef::Real(value) => Some(value.round() as i64),
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    })
}

/// An id as a number, as which it may be stored in a column without a type.
pub fn numeric_id(id: &str) -> Option<i64> {
    id.parse().ok().filter(|number: &i64| number.to_string() == id)
}

/// The row that a statement finds by an id, stored as text or as a number.
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
