//! Opening a file: its tables are created or upgraded, or an error says what is wrong with it.

use std::{
    error::Error,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, Result, Transaction, TransactionBehavior, config::DbConfig};

use crate::database::{FIELDS, folding, person::later_fields};

/// A database in memory that all connections of this process share.
const IN_MEMORY: &str = "file:/sample?vfs=memdb";
/// How long to wait at the start for a lock on the file that another process holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// What this server needs in the tables, whoever created them. (And all `FIELDS` of `people`.)
const NEEDED: [&str; 4] = [
    "SELECT rowid, person, written_at, text FROM notes",
    "SELECT person, year, cents FROM sales",
    "SELECT rowid, person, ordered_at, title, cents FROM orders",
    "SELECT hook_id, hash, body, received_at FROM notifications",
];

/// And in the tables of the index, in case others used their names before.
const INDEX: [&str; 4] = [
    "SELECT position, person, name, email FROM searchable",
    "SELECT rowid, grams FROM searchable_grams",
    "SELECT gram, people FROM gram_counts",
    "SELECT id, person, name, email FROM changed",
];

/// Opens connections for reading.
pub struct Connector {
    path: PathBuf,
    /// SQL to run on each.
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
    // Otherwise statements are planned anew for each value, which takes longer than running them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Opens a connection for writing, and returns it with what opens others.
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
            "DATABASE is blank. Set it to a file name, or unset it for a few sample people in memory".into(),
        );
    }
    if name == ":memory:" || name.starts_with("file::memory:") {
        return Err(format!(
            "DATABASE={name} would lose everything that the platform sends. Set it to a file name, \
             or unset it for a few sample people in memory"
        )
        .into());
    }
    open_file(file).map_err(|error| {
        format!("can't use the database {} (DATABASE): {}", file.display(), explained(&error)).into()
    })
}

/// What is wrong with a file, on one line.
fn explained(error: &rusqlite::Error) -> String {
    const OTHER_SHAPE: &str =
        "its tables do not fit this server, which needs people (id, name, email) and more";
    match error {
        // `sql` is the whole script from there on, with comments.
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
            tracing::warn!(
                "the database is read-only: notes and webhooks are refused, and searches are slow"
            );
            Ok((connector.connect()?, connector))
        }
        Err(error) => Err(error),
    }
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

/// Creates the tables and columns that are missing, or else changes nothing.
pub fn migrate(connection: &Connection) -> Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    // Later columns.
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
        // People indexed under names with a different folding would not be found.
        transaction.execute_batch(
            "DROP TABLE IF EXISTS searchable; DROP TABLE searchable_grams; DROP TABLE IF EXISTS gram_counts;
             DROP TABLE IF EXISTS folding; DROP TRIGGER IF EXISTS person_to_be_replaced;
             DROP TRIGGER IF EXISTS person_inserted; DROP TRIGGER IF EXISTS person_updated;
             DROP TRIGGER IF EXISTS person_deleted",
        )?;
        // It was renamed, and the former name is a view now.
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
    // Readers then never wait for a writer, and a commit is on disk before it is acknowledged.
    // A database in memory ignores this.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Only now does the log exist.
    connection.prepare("SELECT 1 FROM people LIMIT 1")?.exists([]).map(drop)
}

/// Whether there is an index with the current folding.
pub fn has_index(connection: &Connection) -> Result<bool> {
    Ok(connection.table_exists(Some("main"), "folding")?
        && connection.prepare("SELECT 1 FROM folding WHERE version = ?1")?.exists([folding::VERSION])?)
}

/// Whether there are triggers that record changes to `people`. Replacing the table drops them.
pub fn is_watched(connection: &Connection) -> Result<bool> {
    let mut trigger = connection
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'person_inserted'")?;
    trigger.exists([])
}

/// Opens connections to a file that can't be written to.
fn read_only(path: PathBuf) -> Result<Connector> {
    let mut connector = Connector { path, sql: "PRAGMA temp_store = MEMORY;".into() };
    let can_read = |connector: &Connector| {
        connector.connect()?.query_one("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    };
    if can_read(&connector).is_err_and(|error| is_read_only(&error)) {
        // The log can't be created beside it, so nobody else can change the file either.
        connector.path = immutable_url(&connector.path).into();
    }
    let connection = connector.connect()?;
    // Later columns and tables can't be added here: a view and an empty table stand in for them.
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
