//! Search: first among people who are not indexed yet, then in the index, which yields people
//! sorted by name.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::value::{by_id, id, text};
use crate::database::{MAX_NAME_CHARS, MAX_RESULTS, Match, folding::Words, found::Found};

/// The most words that are looked up in the index, how many grams of each are considered, and
/// how many of those are looked up. Having the grams of a word does not mean having the word, so
/// candidates are matched afterwards.
const MAX_WORDS: usize = 16;
const MAX_WEIGHED: usize = 64;
const MAX_GRAMS: usize = 2;
/// How many times as common as the rarest gram another may be and still be looked up: reading
/// its entries costs that much less than matching those people.
const MAX_RATIO: i64 = 60;

/// How many people who are not yet indexed are matched one by one: with more of them, matching
/// everybody is faster.
const MAX_UNINDEXED: i64 = 5000;

pub fn search(connection: &Connection, words: &Words, has_index: bool) -> Result<Vec<Match>> {
    let mut found = Found::new(words);
    let uses_index = has_index && count_unindexed(connection)? <= MAX_UNINDEXED;
    let is_sought = if uses_index { "id IN (SELECT person FROM changed)" } else { "true" };
    let mut statement = connection.prepare_cached(&people(connection, is_sought)?)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        add(&mut found, row)?;
    }
    if uses_index {
        search_index(connection, words, &mut found)?;
    }
    Ok(found.into_matches())
}

/// The query for people as they are now. Another program may just have replaced the table by one
/// without phone numbers, to which the column is about to be added.
fn people(connection: &Connection, is_sought: &str) -> Result<String> {
    let has_phones = connection.column_exists(Some("main"), "people", "phone")?;
    let phone = if has_phones { "phone" } else { "''" };
    Ok(format!("SELECT id, name, email, {phone} FROM people WHERE {is_sought}"))
}

/// How many people are not indexed yet; counting stops once there are too many.
fn count_unindexed(connection: &Connection) -> Result<i64> {
    let mut count = connection.prepare_cached("SELECT count(*) FROM (SELECT 1 FROM changed LIMIT ?1)")?;
    count.query_row([MAX_UNINDEXED + 1], |row| row.get(0))
}

fn search_index(connection: &Connection, words: &Words, found: &mut Found<'_>) -> Result<()> {
    let mut candidates = connection.prepare_cached(
        "SELECT searchable.person, searchable.name, searchable.email
         FROM searchable_grams CROSS JOIN searchable ON position = searchable_grams.rowid
         WHERE searchable_grams MATCH ?1 ORDER BY searchable_grams.rowid",
    )?;
    let mut person = connection.prepare_cached(&people(connection, "id = ?1")?)?;
    let mut candidates = candidates.query([match_expression(connection, words)?])?;
    let mut from_index = HashSet::new();
    while from_index.len() < MAX_RESULTS
        && let Some(candidate) = candidates.next()?
    {
        let id: String = candidate.get(0)?;
        let (name, contacts) = (candidate.get_ref(1)?.as_str()?, candidate.get_ref(2)?.as_str()?);
        if !words.are_in(name, contacts) {
            continue; // they have the grams but not the words
        }
        // The person may have changed since they were indexed.
        if by_id(&mut person, &id, |row| add(found, row))? == Some(true) {
            from_index.insert(id);
        }
    }
    Ok(())
}

fn add(found: &mut Found<'_>, row: &Row<'_>) -> Result<bool> {
    let text = |column| text(row, column, MAX_NAME_CHARS);
    found.add(text(1)?, [&text(2)?, &text(3)?], || id(row, 0))
}

/// The query for FTS5: quoted grams. It reads all entries of each gram, so common grams are left
/// out if there are rare ones.
fn match_expression(connection: &Connection, words: &Words) -> Result<String> {
    let mut count = connection.prepare_cached("SELECT people FROM gram_counts WHERE gram = ?1")?;
    let mut rare = Vec::new();
    for grams in words.grams().take(MAX_WORDS) {
        let counted = grams.into_iter().take(MAX_WEIGHED).map(|gram| {
            Ok((count.query_row([gram], |row| row.get::<_, i64>(0)).optional()?.unwrap_or(0), gram))
        });
        let mut counted = counted.collect::<Result<Vec<_>>>()?;
        counted.sort_unstable();
        rare.extend(counted.into_iter().take(MAX_GRAMS));
    }
    let most = MAX_RATIO * (1 + rare.iter().map(|gram| gram.0).min().unwrap_or(0));
    let used = rare.iter().filter(|gram| gram.0 <= most);
    let quoted = used.map(|(_, gram)| format!("\"{}\"", gram.replace('"', "\"\"")));
    Ok(quoted.collect::<Vec<_>>().join(" AND "))
}
