//! One person, with what there is about them.

use std::sync::LazyLock;

use deadpool_postgres::{
    Object,
    tokio_postgres::{Row, types::ToSql},
};

use super::QueryResult;
use crate::database::{
    MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_NOTES, MAX_ORDERS, MAX_YEARS, Note, Order, Person, Sales, bounded,
    keep_shown, name_or_id,
};

/// Texts come cut to one character more than is shown.
static PERSON: LazyLock<String> = LazyLock::new(|| {
    let columns = ["name", "email", "phone", "handle", "crm_url"].map(|column| cut(column, MAX_NAME_CHARS));
    format!("SELECT {} FROM people WHERE id = $1", columns.join(", "))
});
const SALES: &str =
    "SELECT year::text, cents::bigint FROM sales WHERE person = $1 ORDER BY year DESC LIMIT $2";
static ORDERS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {}, cents::bigint FROM orders WHERE person = $1 ORDER BY ordered_at DESC, id DESC LIMIT $2",
        day("ordered_at"),
        cut("title", MAX_NAME_CHARS)
    )
});
static NOTES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT id::bigint, {}, {} FROM notes WHERE person = $1
             AND ($3::bigint IS NULL OR (written_at, id) < (SELECT written_at, id FROM notes WHERE id = $3))
         ORDER BY written_at DESC, id DESC LIMIT $2",
        day("written_at"),
        cut("text", MAX_NOTE_CHARS)
    )
});

fn cut(column: &str, max_chars: usize) -> String {
    format!("left({column}, {})", max_chars + 1)
}

/// A column of times as days, and NULL where there is none. Times are Unix seconds, or
/// milliseconds if they would else be beyond the year 5000.
fn day(time: &str) -> String {
    format!(
        "to_char(to_timestamp(CASE WHEN abs({time}::numeric) <= 1e11 THEN {time}
                                   WHEN abs({time}::numeric) <= 1e14 THEN {time} / 1000 END)
                 AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    )
}

pub async fn person(client: &Object, id: &str, before: Option<i64>) -> QueryResult<Option<Person>> {
    let person = client.prepare_cached(&PERSON).await?;
    let Some(person) = client.query_opt(&person, &[&id]).await? else { return Ok(None) };
    let short = |column| text(&person, column, MAX_NAME_CHARS);
    let orders = rows(client, &ORDERS, &[&id, &i64::from(MAX_ORDERS)]).await?;
    let sales = rows(client, SALES, &[&id, &i64::from(MAX_YEARS)]).await?;
    let notes = rows(client, &NOTES, &[&id, &(MAX_NOTES as i64 + 1), &before]).await?;
    let mut notes: Vec<_> = notes
        .iter()
        .map(|row| Note { id: row.get(0), day: row.get(1), text: text(row, 2, MAX_NOTE_CHARS) })
        .collect();
    Ok(Some(Person {
        name: name_or_id(short(0), id),
        email: short(1),
        phone: short(2),
        handle: short(3),
        crm_url: short(4),
        orders: orders
            .iter()
            .map(|row| Order { day: row.get(0), title: text(row, 1, MAX_NAME_CHARS), cents: row.get(2) })
            .collect(),
        sales: sales
            .iter()
            .map(|row| Sales { year: text(row, 0, MAX_NAME_CHARS), cents: row.get(1) })
            .collect(),
        has_older_notes: keep_shown(&mut notes),
        notes,
    }))
}

async fn rows(client: &Object, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> QueryResult<Vec<Row>> {
    let statement = client.prepare_cached(sql).await?;
    client.query(&statement, parameters).await
}

fn text(row: &Row, column: usize, max_chars: usize) -> String {
    bounded(row.get::<_, Option<&str>>(column).unwrap_or_default().as_bytes(), max_chars)
}
