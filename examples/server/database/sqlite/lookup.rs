//! One person, with what there is about them.

use std::sync::LazyLock;

use rusqlite::{Connection, Params, Result, Row, types::Value};

use super::value::{by_id, integer, numeric_id, text};
use crate::database::{
    MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_NOTES, MAX_ORDERS, MAX_YEARS, Note, Order, Person, Sales, keep_shown,
    name_or_id,
};

const PERSON: &str =
    "SELECT name, email, phone, handle, crm_url, typeof(id) = 'integer' FROM people WHERE id = ?1";
const SALES: &str = "SELECT year, cents FROM sales WHERE person = ?1 ORDER BY year DESC LIMIT ?2";
static ORDERS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, title, cents FROM orders WHERE person = ?1 ORDER BY ordered_at DESC, rowid DESC LIMIT ?2",
        day("ordered_at")
    )
});
static NOTES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT rowid, {}, text FROM notes WHERE person = ?1
             AND (?3 IS NULL OR (written_at, rowid) < (SELECT written_at, rowid FROM notes WHERE rowid = ?3))
         ORDER BY written_at DESC, rowid DESC LIMIT ?2",
        day("written_at")
    )
});

/// A column of times as days, and NULL where there is none. Times are Unix seconds, or
/// milliseconds if they would else be beyond the year 5000, or as SQLite writes dates.
fn day(time: &str) -> String {
    format!(
        "date(iif(abs({time} / 1.0) > 1e11, {time} / 1000, {time}), \
              iif(typeof({time}) = 'text', '+0 days', 'unixepoch'))"
    )
}

pub fn person(connection: &Connection, id: &str, before: Option<i64>) -> Result<Option<Person>> {
    // All of it as of one moment, and the file locked once.
    let connection = connection.unchecked_transaction()?;
    let mut person = connection.prepare_cached(PERSON)?;
    let person = by_id(&mut person, id, |row| {
        let short = |column| text(row, column, MAX_NAME_CHARS);
        let person = Person {
            name: name_or_id(short(0)?, id),
            email: short(1)?,
            phone: short(2)?,
            handle: short(3)?,
            crm_url: short(4)?,
            orders: Vec::new(),
            sales: Vec::new(),
            notes: Vec::new(),
            has_older_notes: false,
        };
        Ok((person, row.get(5)?))
    })?;
    let Some((person, is_number)) = person else { return Ok(None) };
    let id = match numeric_id(id) {
        Some(number) if is_number => Value::Integer(number),
        _ => Value::Text(id.to_owned()),
    };
    let orders = rows(&connection, &ORDERS, (&id, MAX_ORDERS), |row| {
        Ok(Order { day: row.get(0)?, title: text(row, 1, MAX_NAME_CHARS)?, cents: integer(row, 2)? })
    })?;
    let sales = rows(&connection, SALES, (&id, MAX_YEARS), |row| {
        Ok(Sales { year: text(row, 0, MAX_NAME_CHARS)?, cents: integer(row, 1)? })
    })?;
    let mut notes = rows(&connection, &NOTES, (&id, MAX_NOTES as u32 + 1, before), |row| {
        Ok(Note { id: row.get(0)?, day: row.get(1)?, text: text(row, 2, MAX_NOTE_CHARS)? })
    })?;
    let has_older_notes = keep_shown(&mut notes);
    Ok(Some(Person { orders, sales, notes, has_older_notes, ..person }))
}

/// What a query gives, row by row.
fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
}
