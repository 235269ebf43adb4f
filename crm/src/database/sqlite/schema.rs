//! Opening a file: its tables, made or brought up to date, or else what is wrong with it.

use std::{
    error::Error,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, Result, Transaction, TransactionBehavior, config::DbConfig};

use crate::database::{FIELDS, folding, person::later_fields};

/// A database in memory, which all connections of this process share.
const IN_MEMORY: &str = "file:/sample?vfs=memdb";
/// How long the start waits for a lock on the file that another process holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// What this server needs of the tables, whoever made them. (And of `people` all `FIELDS`.)
const NEEDED: [&str; 4] = [
    "SELECT rowid, person, written_at, text FROM notes",
    "SELECT person, year, cents FROM sales",
    "SELECT rowid, person, ordered_at, title, cents FROM orders",
    "SELECT hook_id, hash, body, received_at FROM notifications",
];

/// And of those that nobody else writes, if they stood under these names before.
const INDEX: [&str; 4] = [
    "SELECT position, person, name, email FROM searchable",
    "SELECT rowid, grams FROM searchable_grams",
    "SELECT gram, people FROM gram_counts",
    "SELECT id, person, name, email FROM changed",
];

/// How to make a connection to read on.
pub struct Connector {
    path: PathBuf,
    /// What to run on each.
    sql: String,
}

impl Connector {
    pub fn connect(&self) -> Result<Connection> {
        let connection = connect(&self.path)?;
        connection.execute_batch(&self.sql)?;
        Ok(connection)
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    // Otherwise statements are planned again for new values, which takes longer than to run them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// A connection to write on, and how to make others.
pub fn open(file: Option<&Path>) -> std::result::Result<(Connection, Connector), Box<dyn Error>> {
    let Some(file) = file else {
        let connector = Connector { path: IN_MEMORY.into(), sql: String::new() };
        let writer = connector.connect()?;
        migrate(&writer)?;
        writer.execute_batch(include_str!("sample.sql"))?;
        return Ok((writer, connector));
    };
    let name = file.to_string_lossy();
    if name.trim().is_empty() {
        return Err(
            "DATABASE is blank. Name a file, or leave it out for a few sample people in memory".into()
        );
    }
    if name == ":memory:" || name.starts_with("file::memory:") {
        return Err(format!(
            "DATABASE={name} would lose whatever the platform sends. Name a file, \
             or leave DATABASE out for a few sample people in memory"
        )
        .into());
    }
    open_file(file).map_err(|error| {
        format!("can't use the database {} (DATABASE): {}", file.display(), explained(&error)).into()
    })
}

/// What is wrong with a file, in a line.
fn explained(error: &rusqlite::Error) -> String {
    const OTHER_SHAPE: &str =
        "its tables do not fit this server, which needs people (id, name, email) and more";
    match error {
        // With all the rest of what was to be run, and comments.
        rusqlite::Error::SqlInputError { msg, sql, .. } => {
            let lines = sql.lines().map(str::trim);
            let statement = lines.filter(|line| !line.starts_with("--")).find(|line| !line.is_empty());
            format!("{OTHER_SHAPE}: {msg}, in {}", statement.unwrap_or_default())
        }
        error if error.sqlite_error_code() == Some(ErrorCode::Unknown) => format!("{OTHER_SHAPE}: {error}"),
        error if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            format!("two rows share a value that must be unique: {error}")
        }
        error => error.to_string(),
    }
}

fn open_file(file: &Path) -> Result<(Connection, Connector)> {
    // SQLite takes a name that begins with `file:` as a URL, but no path that does not.
    let path = Path::new(".").join(file);
    let writer = connect(&path)?;
    writer.busy_timeout(PATIENCE)?;
    match migrate(&writer) {
        Ok(()) => Ok((writer, Connector { path, sql: "PRAGMA query_only = ON".into() })),
        Err(error) if is_read_only(&error) => {
            let connector = read_only(path)?;
            tracing::warn!("the database can't be written to: no notes, no webhooks, slow searches");
            Ok((connector.connect()?, connector))
        }
        Err(error) => Err(error),
    }
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

/// Makes the tables that are missing, and what is missing in them, or nothing at all.
pub fn migrate(connection: &Connection) -> Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    // What came later.
    let fields = later_fields().map(|field| ("people", field, "TEXT NOT NULL DEFAULT ''"));
    for (table, column, definition) in fields.chain([("notes", "link", "TEXT")]) {
        if !transaction.column_exists(Some("main"), table, column)? {
            transaction.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column} {definition}"))?;
        }
    }
    check(&transaction)?;
    let had_index = has_index(&transaction)?;
    let was_indexed = had_index && is_watched(&transaction)?;
    if !had_index && transaction.table_exists(Some("main"), "searchable_grams")? {
        // Who was indexed under a name that was folded otherwise would not be found there.
        transaction.execute_batch(
            "DROP TABLE IF EXISTS searchable; DROP TABLE searchable_grams; DROP TABLE IF EXISTS gram_counts;
             DROP TABLE IF EXISTS folding; DROP TRIGGER IF EXISTS person_to_be_replaced;
             DROP TRIGGER IF EXISTS person_inserted; DROP TRIGGER IF EXISTS person_updated;
             DROP TRIGGER IF EXISTS person_deleted",
        )?;
        // Which is a view since it has that name.
        let former = if transaction.table_exists(Some("main"), "changed")? { "changed" } else { "unindexed" };
        transaction.execute_batch(&format!("DROP TABLE IF EXISTS {former}"))?;
    }
    transaction.execute_batch(include_str!("search.sql"))?;
    INDEX.iter().try_for_each(|needed| transaction.prepare(needed).map(drop))?;
    if !was_indexed {
        transaction.execute("INSERT INTO changed (person) SELECT id FROM people", [])?;
        transaction.execute("INSERT OR IGNORE INTO folding (version) VALUES (?1)", [folding::VERSION])?;
    }
    transaction.commit()?;
    // Readers then wait for no writer, and a commit is on the disk before it is
    // acknowledged. A database in memory knows no such thing.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Only then is there a log.
    connection.prepare("SELECT 1 FROM people LIMIT 1")?.exists([]).map(drop)
}

/// Whether there is an index, of names that are folded as here.
pub fn has_index(connection: &Connection) -> Result<bool> {
    Ok(connection.table_exists(Some("main"), "folding")?
        && connection.prepare("SELECT 1 FROM folding WHERE version = ?1")?.exists([folding::VERSION])?)
}

/// Whether triggers note down what is written to `people`. Replacing the table drops them.
pub fn is_watched(connection: &Connection) -> Result<bool> {
    let mut trigger = connection
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'person_inserted'")?;
    trigger.exists([])
}

/// How to read a file that can't be written.
fn read_only(path: PathBuf) -> Result<Connector> {
    let mut connector = Connector { path, sql: "PRAGMA temp_store = MEMORY;".into() };
    let can_read = |connector: &Connector| {
        connector.connect()?.query_one("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    };
    if can_read(&connector).is_err_and(|error| is_read_only(&error)) {
        // Its log can't be made where it stands: then nobody can change it either.
        connector.path = immutable_url(&connector.path).into();
    }
    let connection = connector.connect()?;
    // What came later can't be added here, so a view and an empty table stand in for it.
    let is_missing =
        |column: &&str| !connection.column_exists(Some("main"), "people", *column).unwrap_or(true);
    let missing: String =
        later_fields().filter(is_missing).map(|column| format!(", '' AS {column}")).collect();
    if !missing.is_empty() {
        connector.sql += &format!("CREATE TEMP VIEW people AS SELECT *{missing} FROM main.people;");
    }
    if !connection.table_exists(Some("main"), "orders")? {
        connector.sql += "CREATE TEMP TABLE orders (person, ordered_at, title, cents);";
    }
    let connection = connector.connect()?;
    check(&connection)?;
    Ok(connector)
}

fn check(connection: &Connection) -> Result<()> {
    connection.prepare(&format!("SELECT id, {} FROM people", FIELDS.join(", ")))?;
    NEEDED.iter().try_for_each(|needed| connection.prepare(needed).map(drop))
}

fn immutable_url(path: &Path) -> String {
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?immutable=1")
}
