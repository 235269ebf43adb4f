//! The tables, created by whichever copy starts first.

use std::error::Error;

use deadpool_postgres::{Pool, Transaction, tokio_postgres::error::SqlState};

use super::{PATIENCE, QueryResult, RETRY, explained, indexing};
use tokio::time::{Instant, sleep};

use crate::database::{FIELDS, folding, person::later_fields};

/// The migrations, in order. One that was released is never changed.
const MIGRATIONS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema_2.sql")];

/// What this server needs in the tables, whoever created them. (And all `FIELDS` of `people`.)
const NEEDED: [&str; 4] = [
    "SELECT id + written_at, person || text || link FROM notes",
    "SELECT person || '', year + cents FROM sales",
    "SELECT id + ordered_at + cents, person || title FROM orders",
    "SELECT hash || hook_id, body || '', received_at + 0 FROM notifications",
];

/// The number of the lock for which two copies that start at once wait.
const LOCK: i64 = 0x5369_676E_6564_0001;

pub async fn migrate(pool: &Pool) -> Result<(), Box<dyn Error>> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let is_first = "SELECT pg_try_advisory_xact_lock($1)";
    if !transaction.query_one(is_first, &[&LOCK]).await?.get::<_, bool>(0) {
        tracing::info!("waiting for another copy, which is setting up the tables");
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    }
    let encoding: String = transaction.query_one("SHOW server_encoding", &[]).await?.get(0);
    if encoding != "UTF8" {
        return Err(format!("its encoding is {encoding}; it must be UTF8").into());
    }
    let has_versions = "SELECT to_regclass('signed_query_migrations') IS NOT NULL";
    if !transaction.query_one(has_versions, &[]).await?.get::<_, bool>(0) {
        let versions = "CREATE TABLE signed_query_migrations (version integer PRIMARY KEY)";
        transaction.batch_execute(versions).await?;
    }
    let version = "SELECT coalesce(max(version), 0) FROM signed_query_migrations";
    let version: i32 = transaction.query_one(version, &[]).await?.get(0);
    if version as usize > MIGRATIONS.len() {
        return Err("its tables were changed by a later version of this server".into());
    }
    make(&transaction, version).await.map_err(|error| {
        // Statements that don't fit the tables, as opposed to those that are not permitted.
        let is_about_tables =
            |code: &SqlState| code.code().starts_with("42") && *code != SqlState::INSUFFICIENT_PRIVILEGE;
        let hint = if error.code().is_some_and(is_about_tables) {
            "its tables do not fit this server, which needs people (id, name, email) and more: "
        } else {
            ""
        };
        format!("{hint}{}", explained(&error))
    })?;
    Ok(transaction.commit().await?)
}

/// Runs the migrations that have not been run yet.
async fn make(transaction: &Transaction<'_>, version: i32) -> QueryResult<()> {
    for (number, sql) in (1..).zip(MIGRATIONS).skip(version as usize) {
        transaction.batch_execute(sql).await?;
        transaction.execute("INSERT INTO signed_query_migrations VALUES ($1)", &[&number]).await?;
    }
    // Later fields. Altering the table for nothing would wait for everybody who reads it.
    for field in later_fields() {
        let exists = "SELECT EXISTS (SELECT FROM pg_attribute
            WHERE attrelid = 'people'::regclass AND attname = $1 AND NOT attisdropped)";
        if !transaction.query_one(exists, &[&field]).await?.get::<_, bool>(0) {
            let add = format!("ALTER TABLE people ADD COLUMN {field} text NOT NULL DEFAULT ''");
            transaction.batch_execute(&add).await?;
        }
    }
    transaction.prepare(&format!("SELECT id || {} FROM people", FIELDS.join(" || "))).await?;
    for needed in NEEDED {
        transaction.prepare(needed).await?;
    }
    let is_current = "SELECT EXISTS (SELECT FROM folding WHERE version = $1)";
    if !transaction.query_one(is_current, &[&folding::VERSION]).await?.get::<_, bool>(0) {
        // An earlier version indexes step by step: it is to take none of this.
        let start = Instant::now();
        while !indexing::lock(transaction).await? && start.elapsed() < PATIENCE {
            sleep(RETRY).await;
        }
        // Who was indexed under a name that was folded otherwise would not be found there.
        let all = "INSERT INTO unindexed (person)
                   SELECT id COLLATE \"C\" FROM people EXCEPT SELECT person FROM unindexed";
        transaction.execute(all, &[]).await?;
        transaction.execute("DELETE FROM folding", &[]).await?;
        transaction.execute("INSERT INTO folding VALUES ($1)", &[&folding::VERSION]).await?;
    }
    Ok(())
}
