//! Keeps the index up to date with what any program writes.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use deadpool_postgres::{Client, GenericClient, Pool};

use super::{
    QueryResult,
    search::{Common, common_grams, search},
};
use crate::database::{
    Error, MAX_NAME_CHARS, Result, bounded,
    folding::{Words, all_grams, contacts, fold},
};

/// How often to look for changes.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long to wait after a failure, such as a full disk, and how often to find out which
/// grams are common.
const PAUSE: Duration = Duration::from_secs(60);
/// How many changes are indexed at a time.
const STEP: i64 = 5000;
/// The longest entry that fits into an index of PostgreSQL, in bytes.
const MAX_ENTRY_BYTES: usize = 2000;
/// Only the copy that holds this lock indexes; otherwise an outdated version of a person might
/// replace a newer one. It keeps the lock, so that an earlier version of the server, which takes
/// it for each step and knows nothing of phone numbers, does not index.
const LOCK: i64 = 0x5369_676E_6564_0002;

/// Takes the lock unless this connection already holds it; returns whether it does.
pub async fn lock(client: &impl GenericClient) -> QueryResult<bool> {
    let lock = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
                    AND mode = 'ExclusiveLock' AND objsubid = 1 AND granted
                    AND (classid::bigint << 32 | objid::bigint) = $1)
                OR pg_try_advisory_lock($1)";
    Ok(client.query_one(lock, &[&LOCK]).await?.get(0))
}

/// After how many full steps the tables are vacuumed, rather than whenever PostgreSQL gets
/// around to it.
const STEPS: u32 = 20;

/// Indexes changes for as long as the server runs, and finds out which grams are common.
pub async fn keep_up(pool: Pool, common: Arc<RwLock<Arc<Common>>>) {
    let mut steps = 0;
    let mut learnt: Option<Instant> = None;
    loop {
        let steps_before = steps;
        let pause = match index(&pool, &mut steps).await {
            Ok(changes) if changes == STEP as u64 => Duration::ZERO,
            Ok(_) | Err(Error::Busy | Error::Away(_)) => INTERVAL,
            Err(error) => {
                tracing::error!(%error, "people can't be indexed: searches will be slow");
                PAUSE
            }
        };
        if steps < steps_before {
            learnt = None; // since PostgreSQL has just counted them again
        }
        if learnt.is_none_or(|learnt| learnt.elapsed() > PAUSE)
            && let Ok(grams) = learn(&pool).await
        {
            *common.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(grams);
            learnt = Some(Instant::now());
        }
        tokio::time::sleep(pause).await;
    }
}

/// Finds out which grams are common, and runs a search: after many changes the first one is slow,
/// since PostgreSQL leaves its cleaning up until then.
async fn learn(pool: &Pool) -> Result<Common> {
    let client = pool.get().await?;
    let grams = common_grams(&client).await?;
    search(&client, &Words::of("a"), &grams).await?;
    Ok(grams)
}

/// Indexes the oldest changes, returns how many there were, and counts full steps.
async fn index(pool: &Pool, steps: &mut u32) -> Result<u64> {
    let mut client = pool.get().await?;
    let changes = index_step(&mut client).await?;
    *steps += u32::from(changes == STEP as u64);
    let is_done = changes < STEP as u64 && *steps > 0;
    if is_done || *steps == STEPS {
        // So many rows came and went that searches would be slow until autovacuum runs.
        client.batch_execute("VACUUM (ANALYZE) searchable, unindexed").await?;
        *steps = 0;
    }
    Ok(changes)
}

async fn index_step(client: &mut Client) -> Result<u64> {
    let transaction = client.transaction().await?;
    if !lock(&transaction).await? {
        return Ok(0);
    }
    // Changes are taken before people are read: a write in between is recorded again.
    let take = "DELETE FROM unindexed WHERE id IN
                    (SELECT id FROM unindexed WHERE NOT is_too_long ORDER BY id LIMIT $1)
                RETURNING person";
    let taken = transaction.query(take, &[&STEP]).await?;
    if taken.is_empty() {
        return Ok(0);
    }
    let changed: BTreeSet<&str> = taken.iter().map(|row| row.get(0)).collect();
    let changed = Vec::from_iter(changed);
    let people = format!(
        "SELECT id, left(name, {length}), left(email, {length}), left(phone, {length}) FROM people WHERE id = ANY ($1)",
        length = MAX_NAME_CHARS + 1
    );
    let people = transaction.query(&people, &[&changed]).await?;
    let mut entries: Vec<_> = people
        .iter()
        .map(|row| {
            let [name, email, phone] = [1, 2, 3].map(|column| {
                let text: Option<&[u8]> = row.get::<_, Option<&str>>(column).map(str::as_bytes);
                bounded(text.unwrap_or_default(), MAX_NAME_CHARS)
            });
            (fold(&name), row.get::<_, &str>(0), contacts(&email, &phone))
        })
        .collect();
    // Neighbours by name are then neighbours in the table.
    entries.sort_unstable();
    let is_short =
        |(name, id, email): &(String, &str, String)| name.len() + id.len() + email.len() <= MAX_ENTRY_BYTES;
    let (short, long): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_short);
    let grams: Vec<_> =
        short.iter().map(|(name, _, email)| Vec::from_iter(all_grams(name, email)).join(" ")).collect();
    let (names, ids, emails) = columns(&short);

    transaction.execute("DELETE FROM unindexed WHERE is_too_long AND person = ANY ($1)", &[&changed]).await?;
    transaction.execute("DELETE FROM searchable WHERE person = ANY ($1)", &[&changed]).await?;
    let add = "INSERT INTO searchable (person, name, email, grams)
               SELECT person, name, email, string_to_array(grams, ' ')
               FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (person, name, email, grams)";
    transaction.execute(add, &[&ids, &names, &emails, &grams]).await?;
    let keep =
        "INSERT INTO unindexed (person, is_too_long) SELECT person, true FROM unnest($1::text[]) AS person";
    transaction.execute(keep, &[&columns(&long).1]).await?;
    transaction.commit().await?;
    Ok(taken.len() as u64)
}

fn columns<'e>(entries: &'e [(String, &'e str, String)]) -> (Vec<&'e str>, Vec<&'e str>, Vec<&'e str>) {
    let columns = |(name, id, email): &'e (String, &'e str, String)| (name.as_str(), (*id, email.as_str()));
    let (names, (ids, emails)) = entries.iter().map(columns).unzip();
    (names, ids, emails)
}
