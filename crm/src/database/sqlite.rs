//! The SQLite engine: a file, or sample people in memory. Writes take turns on one connection;
//! searches have enough connections to use all processors but one. Looking up a few rows is done
//! on the thread that serves: handing it to another would take longer than the look-up.

mod file;
mod indexing;
mod lookup;
mod note;
mod pool;
mod room;
mod schema;
mod search;
mod value;
mod writer;

use std::{path::Path, sync::Arc, thread::available_parallelism};

use rusqlite::{ToSql, Transaction, TransactionBehavior, params_from_iter};
use signed_query::webhook::Notification;

use self::{file::OpenFile, pool::Pool, value::numeric_id, writer::Writer};
use super::{Added, Match, NewNote, Person, Result, folding::Words};

pub struct Sqlite {
    writer: Writer,
    searchers: Arc<Pool>,
    readers: Arc<Pool>,
    has_index: bool,
}

impl Sqlite {
    pub fn open(file: Option<&Path>) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let (writer, connector) = schema::open(file)?;
        let processors = available_parallelism().map_or(1, usize::from);
        let pool = |size: usize| {
            let connections = (0..size).map(|_| connector.connect());
            connections.collect::<rusqlite::Result<_>>().map(Pool::new)
        };
        let has_index = schema::has_index(&writer)?;
        let is_read_only = writer.is_readonly("main")?;
        let file = file.map(|file| OpenFile::of(file, !is_read_only)).transpose()?;
        Ok(Self {
            readers: pool(processors)?,
            searchers: pool(processors.saturating_sub(1).max(1))?,
            writer: Writer::new(writer, file, is_read_only),
            has_index,
        })
    }

    pub fn keep_indexed(&self) {
        if !self.writer.is_read_only {
            tokio::spawn(indexing::keep_up(Arc::clone(&self.searchers), self.writer.clone()));
        }
    }

    pub async fn search(&self, words: Words) -> Result<Vec<Match>> {
        self.writer.check_known()?;
        let has_index = self.has_index;
        self.searchers.run(move |connection| search::search(connection, &words, has_index)).await
    }

    pub async fn person(&self, id: String, before: Option<i64>) -> Result<Option<Person>> {
        self.writer.check_known()?;
        self.readers.run_here(move |connection| lookup::person(connection, &id, before)).await
    }

    pub async fn import(&self, columns: &[&'static str], rows: Vec<Vec<String>>) -> Result<()> {
        let (names, values, set) = (1..)
            .zip(columns)
            .map(|(number, column)| {
                (column.to_string(), format!("?{number}"), format!("{column} = ?{number}"))
            })
            .collect::<(Vec<_>, Vec<_>, Vec<_>)>();
        // In a table that others created, ids may be numbers, and need not be unique.
        let update =
            format!("UPDATE people SET {} WHERE id IN (?1, ?{})", set[1..].join(", "), names.len() + 1);
        let insert = format!("INSERT INTO people ({}) VALUES ({})", names.join(", "), values.join(", "));
        self.writer
            .run(move |connection| {
                // Such a table may have no key that notes could refer to.
                connection.pragma_update(None, "foreign_keys", false)?;
                let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
                for row in &rows {
                    let number = row.first().and_then(|id| numeric_id(id));
                    let values = row.iter().map(|value| value as &dyn ToSql).chain([&number as &dyn ToSql]);
                    let mut update = transaction.prepare_cached(&update)?;
                    if update.execute(params_from_iter(values))? == 0 {
                        transaction.prepare_cached(&insert)?.execute(params_from_iter(row))?;
                    }
                }
                transaction.commit()
            })
            .await
    }

    pub async fn add_note(&self, note: NewNote) -> Result<Added> {
        self.writer.run(move |connection| note::add(connection, &note)).await
    }

    pub async fn store_notification(&self, notification: &Notification<'_>) -> Result<()> {
        let row = (
            notification.hook_id().to_owned(),
            notification.hash().to_owned(),
            notification.body().to_owned(),
        );
        self.writer
            .run(|connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO notifications (hook_id, hash, body, received_at)
                         SELECT ?1, ?2, ?3, unixepoch()
                         WHERE NOT EXISTS (SELECT 1 FROM notifications WHERE hash = ?2)",
                    )?
                    .execute(row)?;
                Ok(())
            })
            .await
    }

    /// To be called before the connections are closed.
    pub async fn close(&self) -> Result<()> {
        self.writer.check().await
    }

    pub async fn ping(&self) -> Result<()> {
        self.writer.check().await?;
        self.readers
            .run_here(|connection| {
                // Otherwise the cache would answer for a file that has since become corrupt.
                connection.execute_batch("PRAGMA shrink_memory")?;
                connection.prepare_cached("SELECT 1 FROM people LIMIT 1")?.exists([]).map(drop)
            })
            .await
    }
}
