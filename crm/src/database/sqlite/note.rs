//! Adding a note.

use rusqlite::{Connection, OptionalExtension, Result};

use super::value::numeric_id;
use crate::database::{Added, MAX_NOTES_AN_HOUR, NewNote};

pub fn add(connection: &Connection, NewNote { person, text, link }: &NewNote) -> Result<Added> {
    let number = numeric_id(person);
    // In one statement, so that no other writer gets in between.
    let added = connection
        .prepare_cached(
            "INSERT INTO notes (person, written_at, text, link)
                 SELECT id, unixepoch(), ?2, ?3 FROM people WHERE id IN (?1, ?4) AND ?5 >
                     (SELECT count(*) FROM notes WHERE person = people.id AND written_at > unixepoch() - 3600
                         AND link IS NOT NULL)
                 LIMIT 1
                 ON CONFLICT (link) DO NOTHING",
        )?
        .execute((person, text, link, number, MAX_NOTES_AN_HOUR))?;
    if added > 0 {
        return Ok(Added::Stored(connection.last_insert_rowid()));
    }
    let by_link = connection
        .prepare_cached("SELECT rowid, CAST(person AS TEXT) = ?1 AND text = ?2 FROM notes WHERE link = ?3")?
        .query_row((person, text, link), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let has_person =
        || connection.prepare_cached("SELECT 1 FROM people WHERE id IN (?1, ?2)")?.exists((person, number));
    Ok(match by_link {
        Some((id, true)) => Added::Stored(id),
        Some((_, false)) => Added::LinkWasUsed,
        None if has_person()? => Added::TooMany,
        None => Added::NoSuchPerson,
    })
}
