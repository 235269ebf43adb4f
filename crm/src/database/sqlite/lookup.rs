//! One person, with their orders, sales and notes.

use std::sync::LazyLock;

use rusqlite::{Connection, Params, Result, Row, types::Value};

use super::value::{by_id, integer, numeric_id, text};
use crate::database::{
    FIELDS, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_NOTES, MAX_ORDERS, MAX_YEARS, Note, Order, Person, Sales,
    keep_shown, name_or_id,
    newest::{Dialect, MAX_MILLISECONDS, MAX_SECONDS, UNDATED, newest},
};

static PERSON: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT typeof(id) = 'integer', {}, {}, {} FROM people WHERE id = ?1",
        is_in_seconds("orders", "ordered_at"),
        is_in_seconds("notes", "written_at"),
        FIELDS.join(", ")
    )
});
/// The format of moments.
const MINUTE: &str = "'%Y-%m-%dT%H:%MZ'";
const SALES: &str = "SELECT year, cents FROM sales WHERE person = ?1 ORDER BY year DESC LIMIT ?2";
static ORDERS: LazyLock<Newest> =
    LazyLock::new(|| Newest::new("orders", "ordered_at", "title, cents", MAX_ORDERS));
static NOTES: LazyLock<Newest> = LazyLock::new(|| Newest::new("notes", "written_at", "text", MAX_NOTES + 1));

/// The query for the newest rows about a person, and a faster one that is usually sufficient.
struct Newest {
    of_seconds: String,
    of_anything: String,
}

impl Newest {
    fn new(table: &str, time: &str, columns: &str, limit: usize) -> Self {
        let dialect = Dialect {
            id: "rowid",
            least: "min",
            milliseconds,
            moment: |milliseconds| {
                format!("strftime({MINUTE}, nullif({milliseconds}, {UNDATED}) / 1000.0, 'unixepoch')")
            },
            is_among: |rows| format!("rowid IN ({rows})"),
        };
        let of_seconds = format!(
            "SELECT rowid, strftime({MINUTE}, {time}, 'unixepoch'), {columns} FROM {table} WHERE person = ?1
                 AND (?2 IS NULL OR ({time}, rowid) < (SELECT {time}, rowid FROM {table} WHERE rowid = ?2))
             ORDER BY {time} DESC, rowid DESC LIMIT {limit}"
        );
        let of_anything = newest(&dialect, table, time, columns, limit).replace('$', "?");
        Self { of_seconds, of_anything }
    }

    fn sql(&self, is_in_seconds: bool) -> &str {
        if is_in_seconds { &self.of_seconds } else { &self.of_anything }
    }
}

/// Whether all times of a person's rows are in seconds, according to the index.
/// (`+` makes the id compare as a plain value, whatever the type of its column.)
fn is_in_seconds(table: &str, time: &str) -> String {
    let others = [format!("> {MAX_SECONDS}"), format!("< -{MAX_SECONDS}"), "IS NULL".to_owned()];
    let none = others.map(|range| {
        format!("NOT EXISTS (SELECT 1 FROM {table} WHERE person = +people.id AND {time} {range})")
    });
    none.join(" AND ")
}

/// Times may be numbers, numbers that a text column has turned into text, or dates as SQLite
/// writes them.
fn milliseconds(time: &str) -> String {
    let value = format!(
        "iif(typeof({time}) = 'text' AND {time} GLOB '[0-9]*' AND {time} NOT GLOB '*[^0-9]*', \
             CAST({time} AS INTEGER), {time})"
    );
    format!(
        "coalesce(CASE WHEN typeof({value}) = 'text' THEN unixepoch({value}, 'subsec') * 1000
             WHEN typeof({value}) = 'blob' THEN NULL
             WHEN {value} BETWEEN -{MAX_SECONDS} AND {MAX_SECONDS} THEN {value} * 1000
             WHEN {value} BETWEEN -{MAX_MILLISECONDS} AND {MAX_MILLISECONDS} THEN {value} END, {UNDATED})"
    )
}

pub fn person(connection: &Connection, id: &str, before: Option<i64>) -> Result<Option<Person>> {
    // In one transaction, for one consistent view and one lock.
    let connection = connection.unchecked_transaction()?;
    let mut person = connection.prepare_cached(&PERSON)?;
    let person = by_id(&mut person, id, |row| {
        let mut person = Person::read(|field| text(row, 3 + field, MAX_NAME_CHARS))?;
        person.name = name_or_id(person.name, id);
        Ok((person, row.get(0)?, [row.get(1)?, row.get(2)?]))
    })?;
    let Some((person, is_number, [are_orders_in_seconds, are_notes_in_seconds])) = person else {
        return Ok(None);
    };
    let id = match numeric_id(id) {
        Some(number) if is_number => Value::Integer(number),
        _ => Value::Text(id.to_owned()),
    };
    let orders = rows(&connection, ORDERS.sql(are_orders_in_seconds), (&id, None::<i64>), |row| {
        Ok(Order { moment: row.get(1)?, title: text(row, 2, MAX_NAME_CHARS)?, cents: integer(row, 3)? })
    })?;
    let sales = rows(&connection, SALES, (&id, MAX_YEARS), |row| {
        Ok(Sales { year: text(row, 0, MAX_NAME_CHARS)?, cents: integer(row, 1)? })
    })?;
    let mut notes = rows(&connection, NOTES.sql(are_notes_in_seconds), (&id, before), |row| {
        Ok(Note { id: row.get(0)?, moment: row.get(1)?, text: text(row, 2, MAX_NOTE_CHARS)? })
    })?;
    let has_older_notes = keep_shown(&mut notes);
    Ok(Some(Person { orders, sales, notes, has_older_notes, ..person }))
}

/// The rows that a query returns.
fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
}
