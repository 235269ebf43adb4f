//! Adding a note.

use deadpool_postgres::Object;

use super::{NOW, QueryResult};
use crate::database::{Added, MAX_NOTES_AN_HOUR, NewNote};

/// The namespace of the locks, each of which guards the notes about one person: others may use
/// the same numbers.
const LOCK: i32 = 0x6e6f_7465;

pub async fn add(client: &mut Object, NewNote { person, text, link }: &NewNote) -> QueryResult<Added> {
    let transaction = client.transaction().await?;
    // Otherwise two that count at the same time would both be let through.
    let lock = transaction.prepare_cached("SELECT pg_advisory_xact_lock($1, hashtext($2))").await?;
    transaction.execute(&lock, &[&LOCK, person]).await?;
    let insert = format!(
        "INSERT INTO notes (person, written_at, text, link)
             SELECT id, {NOW}, $2, $3 FROM people WHERE id = $1 AND $4 >
                 (SELECT count(*) FROM notes WHERE person = $1 AND written_at > {NOW} - 3600 AND link IS NOT NULL)
             ON CONFLICT (link) DO NOTHING RETURNING id::bigint"
    );
    let insert = transaction.prepare_cached(&insert).await?;
    if let Some(row) = transaction.query_opt(&insert, &[person, text, link, &MAX_NOTES_AN_HOUR]).await? {
        transaction.commit().await?;
        return Ok(Added::Stored(row.get(0)));
    }
    let by_link = "SELECT id::bigint, person = $1 AND text = $2 FROM notes WHERE link = $3";
    let by_link = transaction.prepare_cached(by_link).await?;
    let by_link = transaction.query_opt(&by_link, &[person, text, link]).await?;
    let by_link = by_link.map(|row| (row.get(0), row.get(1)));
    let by_id = transaction.prepare_cached("SELECT 1 FROM people WHERE id = $1").await?;
    Ok(match by_link {
        Some((id, true)) => Added::Stored(id),
        Some((_, false)) => Added::LinkWasUsed,
        None if transaction.query_opt(&by_id, &[person]).await?.is_some() => Added::TooMany,
        None => Added::NoSuchPerson,
    })
}
