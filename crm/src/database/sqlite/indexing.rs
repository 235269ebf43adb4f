//! Keeps the index up to date with what any program writes, in steps short enough not to hold
//! up other writes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OptionalExtension, Result, Transaction, TransactionBehavior, params};

use super::{
    pool::Pool,
    room::{Room, data_version},
    schema,
    value::{by_id, text},
    writer::Writer,
};
use crate::database::{
    Error, MAX_NAME_CHARS,
    folding::{all_grams, contacts, fold},
};

/// How often to look for changes.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long to wait after a failure, such as a full disk.
const PAUSE: Duration = Duration::from_secs(60);
/// How many changes are sorted by name at a time.
const BATCH: u32 = 200_000;
/// The grams of one in so many people are counted.
const SAMPLE: u8 = 16;
/// The distance between the positions of two people where there is room. FTS5 stores
/// distances, so small ones make a small index.
const DISTANCE: i64 = 256;
/// The same where room had to be made.
const NEW_DISTANCE: i64 = 32;

/// Indexes changes for as long as the server runs and the file is in place.
pub async fn keep_up(readers: Arc<Pool>, writer: Writer) {
    let mut room = Room::new();
    while writer.check().await.is_ok() {
        let pause = match index_batch(&readers, &writer, &mut room).await {
            Ok(changes) if changes == BATCH as usize => Duration::ZERO,
            Ok(_) | Err(Error::Busy) => INTERVAL,
            Err(error) => {
                tracing::error!(%error, "people can't be indexed: searches will be slow");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Indexes a batch, and returns how many changes there were.
async fn index_batch(
    readers: &Arc<Pool>,
    writer: &Writer,
    room: &mut Room,
) -> crate::database::Result<usize> {
    room.note(writer.run(data_version).await?);
    if !readers.run(schema::is_watched).await? {
        writer.run(schema::migrate).await?;
    }
    // Sorted by name, so that a step writes to few places.
    let changes = readers.run(changes_by_name).await?;
    let mut rest = &changes[..];
    while !rest.is_empty() {
        let (step, later) = rest.split_at(rest.len().min(room.step));
        let step = step.to_vec();
        let (version, took) = writer
            .run(move |connection| {
                let start = Instant::now();
                // What a power cut undoes is indexed again, so the lock need not be held until the disk is done.
                connection.pragma_update(None, "synchronous", "NORMAL")?;
                let indexed = index(connection, &step);
                connection.pragma_update(None, "synchronous", "FULL")?;
                indexed?;
                Ok((data_version(connection)?, start.elapsed()))
            })
            .await?;
        room.note(version);
        tokio::time::sleep(room.pause(took)).await;
        rest = later;
    }
    Ok(changes.len())
}

/// The ids of the oldest changes, sorted by people's current names.
fn changes_by_name(connection: &Connection) -> Result<Vec<i64>> {
    let mut changes = connection
        .prepare_cached(
            "SELECT changed.id, people.name FROM changed LEFT JOIN people ON people.id = person LIMIT ?1",
        )?
        .query_map([BATCH], |row| Ok((fold(&text(row, 1, MAX_NAME_CHARS)?), row.get(0)?)))?
        .collect::<Result<Vec<(String, i64)>>>()?;
    changes.sort_unstable();
    Ok(changes.into_iter().map(|(_, change)| change).collect())
}

/// A folded name and an id: people are sorted by this.
type Key = (String, String);
/// With the folded address and the phone numbers.
type Entry = (Key, String);

fn index(connection: &Connection, changes: &[i64]) -> Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // The address, or none if nobody has this name and id any more.
    let mut wanted: BTreeMap<Key, Option<String>> = BTreeMap::new();
    for change in changes {
        let mut take =
            transaction.prepare_cached("DELETE FROM changed WHERE id = ?1 RETURNING person, name")?;
        // Another process may have indexed it.
        let taken = take
            .query_row([change], |row| Ok((text(row, 0, usize::MAX)?, fold(&text(row, 1, MAX_NAME_CHARS)?))));
        let Some((person, former_name)) = taken.optional()? else { continue };
        let mut current =
            transaction.prepare_cached("SELECT name, email, phone FROM people WHERE id = ?1")?;
        let current = by_id(&mut current, &person, |row| {
            let text = |column| text(row, column, MAX_NAME_CHARS);
            Ok((fold(&text(0)?), contacts(&text(1)?, &text(2)?)))
        })?;
        wanted.entry((former_name, person.clone())).or_default();
        if let Some((name, email)) = current {
            wanted.insert((name, person), Some(email));
        }
    }
    let mut added = Vec::new();
    for (key, email) in wanted {
        let indexed = transaction
            .prepare_cached("SELECT position, email FROM searchable WHERE name = ?1 AND person = ?2")?
            .query_row((&key.0, &key.1), |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        if let Some((position, indexed_email)) = indexed {
            if email.as_ref() == Some(&indexed_email) {
                continue;
            }
            remove(&transaction, position, &key.1, &key.0, &indexed_email)?;
        }
        added.extend(email.map(|email| (key, email)));
    }
    place(&transaction, added)?;
    transaction.commit()
}

/// Adds sorted entries at positions in the same order.
fn place(connection: &Connection, mut entries: Vec<Entry>) -> Result<()> {
    let mut done = 0;
    while let Some((key, _)) = entries.get(done) {
        let key = key.clone();
        let before = connection
            .prepare_cached(
                "SELECT position FROM searchable WHERE (name, person) < (?1, ?2)
                 ORDER BY name DESC, person DESC LIMIT 1",
            )?
            .query_row((&key.0, &key.1), |row| row.get::<_, i64>(0))
            .optional()?;
        let mut least_distance = 1;
        let (start, distance, count) = loop {
            let after = connection
                .prepare_cached(
                    "SELECT position, name, person FROM searchable WHERE (name, person) > (?1, ?2)
                     ORDER BY name, person LIMIT 1",
                )?
                .query_row((&key.0, &key.1), |row| Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?))))
                .optional()?;
            // All that belong between the same two are placed together.
            let is_between = |entry: &&Entry| after.as_ref().is_none_or(|(_, after)| entry.0 < *after);
            let count = entries[done..].iter().take_while(is_between).count();
            let (Some(before), Some((after, _))) = (before, &after) else {
                let start = before.or(after.map(|(after, _)| after - DISTANCE * (count as i64 + 1)));
                break (start.unwrap_or_default(), DISTANCE, count);
            };
            let distance = (after - before) / (count as i64 + 1);
            if distance >= least_distance {
                break (before, distance, count);
            }
            // No room: entries after it are moved as well, as many as necessary.
            entries.extend(take_behind(connection, before)?);
            entries[done..].sort_unstable();
            least_distance = NEW_DISTANCE;
        };
        for (nth, entry) in (1..).zip(&entries[done..done + count]) {
            add(connection, start + distance * nth, entry)?;
        }
        done += count;
    }
    Ok(())
}

/// Removes the next few entries from the index.
fn take_behind(connection: &Connection, position: i64) -> Result<Vec<Entry>> {
    let taken = connection
        .prepare_cached(
            "SELECT position, name, person, email FROM searchable WHERE position > ?1
             ORDER BY position LIMIT 64",
        )?
        .query_map([position], |row| Ok((row.get(0)?, ((row.get(1)?, row.get(2)?), row.get(3)?))))?
        .collect::<Result<Vec<(i64, Entry)>>>()?;
    taken
        .into_iter()
        .map(|(position, entry)| {
            let ((name, person), email) = &entry;
            remove(connection, position, person, name, email)?;
            Ok(entry)
        })
        .collect()
}

fn remove(connection: &Connection, position: i64, person: &str, name: &str, email: &str) -> Result<()> {
    let grams = all_grams(name, email);
    connection.prepare_cached("DELETE FROM searchable WHERE position = ?1")?.execute([position])?;
    connection
        .prepare_cached(
            "INSERT INTO searchable_grams (searchable_grams, rowid, grams) VALUES ('delete', ?1, ?2)",
        )?
        .execute((position, in_a_row(&grams)))?;
    count(connection, person, &grams, -1)
}

fn add(connection: &Connection, position: i64, ((name, person), email): &Entry) -> Result<()> {
    let grams = all_grams(name, email);
    connection
        .prepare_cached("INSERT INTO searchable (position, person, name, email) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![position, person, name, email])?;
    connection
        .prepare_cached("INSERT INTO searchable_grams (rowid, grams) VALUES (?1, ?2)")?
        .execute((position, in_a_row(&grams)))?;
    count(connection, person, &grams, 1)
}

/// Separated by spaces, which no gram contains.
fn in_a_row(grams: &BTreeSet<&str>) -> String {
    grams.iter().copied().collect::<Vec<_>>().join(" ")
}

/// Counts one person more or fewer with these grams, if they are in the sample.
fn count(connection: &Connection, person: &str, grams: &BTreeSet<&str>, change: i64) -> Result<()> {
    if person.bytes().fold(0, u8::wrapping_add) % SAMPLE != 0 {
        return Ok(());
    }
    let mut count = connection.prepare_cached(
        "INSERT INTO gram_counts (gram, people) VALUES (?1, ?2)
         ON CONFLICT (gram) DO UPDATE SET people = people + excluded.people",
    )?;
    grams.iter().try_for_each(|gram| count.execute((gram, change)).map(drop))
}
