//! One person, with their orders, sales and notes.

use std::sync::LazyLock;

use deadpool_postgres::{
    Object,
    tokio_postgres::{Row, types::ToSql},
};

use super::QueryResult;
use crate::database::{
    FIELDS, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_NOTES, MAX_ORDERS, MAX_YEARS, Note, Order, Person, Sales,
    bounded, keep_shown, name_or_id,
    newest::{self, Dialect, MAX_MILLISECONDS, MAX_SECONDS, UNDATED},
};

/// Texts are cut one character beyond what is shown, so that a cut is noticed.
static PERSON: LazyLock<String> = LazyLock::new(|| {
    let columns: Vec<_> = FIELDS.iter().map(|column| cut(column, MAX_NAME_CHARS)).collect();
    format!("SELECT {} FROM people WHERE id = $1", columns.join(", "))
});
const SALES: &str =
    "SELECT year::text, cents::bigint FROM sales WHERE person = $1 ORDER BY year DESC LIMIT $2";
static ORDERS: LazyLock<String> = LazyLock::new(|| {
    newest("orders", "ordered_at", &format!("{}, cents::bigint", cut("title", MAX_NAME_CHARS)), MAX_ORDERS)
});
static NOTES: LazyLock<String> =
    LazyLock::new(|| newest("notes", "written_at", &cut("text", MAX_NOTE_CHARS), MAX_NOTES + 1));

fn cut(column: &str, max_chars: usize) -> String {
    format!("left({column}, {})", max_chars + 1)
}

fn newest(table: &str, time: &str, columns: &str, limit: usize) -> String {
    let dialect = Dialect {
        id: "id",
        least: "least",
        milliseconds: |time| {
            format!(
                "coalesce(CASE WHEN {time} BETWEEN -{MAX_SECONDS} AND {MAX_SECONDS} THEN {time} * 1000::bigint
                     WHEN {time} BETWEEN -{MAX_MILLISECONDS} AND {MAX_MILLISECONDS} THEN {time} END, {UNDATED})"
            )
        },
        moment: |milliseconds| {
            format!(
                "to_char(to_timestamp(nullif({milliseconds}, {UNDATED}) / 1000.0) AT TIME ZONE 'UTC',
                     'YYYY-MM-DD\"T\"HH24:MI\"Z\"')"
            )
        },
        // The planner knows that an array is small.
        is_among: |rows| format!("id = ANY (ARRAY({rows}))"),
    };
    newest::newest(&dialect, table, time, columns, limit)
}

pub async fn person(client: &Object, id: &str, before: Option<i64>) -> QueryResult<Option<Person>> {
    let person = client.prepare_cached(&PERSON).await?;
    let Some(person) = client.query_opt(&person, &[&id]).await? else { return Ok(None) };
    let person = Person::read(|field| QueryResult::Ok(text(&person, field, MAX_NAME_CHARS)))?;
    let orders = rows(client, &ORDERS, &[&id, &None::<i64>]).await?;
    let sales = rows(client, SALES, &[&id, &i64::from(MAX_YEARS)]).await?;
    let notes = rows(client, &NOTES, &[&id, &before]).await?;
    let mut notes: Vec<_> = notes
        .iter()
        .map(|row| Note { id: row.get(0), moment: row.get(1), text: text(row, 2, MAX_NOTE_CHARS) })
        .collect();
    Ok(Some(Person {
        name: name_or_id(person.name, id),
        orders: orders
            .iter()
            .map(|row| Order { moment: row.get(1), title: text(row, 2, MAX_NAME_CHARS), cents: row.get(3) })
            .collect(),
        sales: sales
            .iter()
            .map(|row| Sales { year: text(row, 0, MAX_NAME_CHARS), cents: row.get(1) })
            .collect(),
        has_older_notes: keep_shown(&mut notes),
        notes,
        ..person
    }))
}

async fn rows(client: &Object, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> QueryResult<Vec<Row>> {
    let statement = client.prepare_cached(sql).await?;
    client.query(&statement, parameters).await
}

fn text(row: &Row, column: usize, max_chars: usize) -> String {
    bounded(row.get::<_, Option<&str>>(column).unwrap_or_default().as_bytes(), max_chars)
}
