//! `import people.csv`: adds people to the database, and updates those already there, while
//! servers are running.

mod rows;

use std::{
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
    time::Instant,
};

use tokio::time::sleep;

use self::rows::{Row, Table};
use crate::{
    database::{self, Database},
    variable::variable,
};

/// How many people are written at a time: nobody else can write to a SQLite file meanwhile.
const BATCH: usize = 500;
/// After how many people progress is reported.
const PROGRESS: usize = 10_000;

pub async fn import(file: &Path) -> Result<(), Box<dyn Error>> {
    let name = variable("DATABASE").ok_or(
        "DATABASE is not set. Set it to the database to add people to, as in\n    \
         DATABASE=people.db crm import people.csv",
    )?;
    let of_file = |error: &dyn Error| format!("can't import {}: {error}", file.display());
    let bytes = fs::read(file).map_err(|error| of_file(&error))?;
    let table = Table::of(bytes).map_err(|error| of_file(&*error))?;
    let database = Database::open(Some(name.as_ref())).await?;
    let mut import = Import { database, columns: table.columns.clone(), batch: Vec::new(), imported: 0 };
    let mut left_out = 0;
    for row in table.rows() {
        match row {
            Row::Person(values) => import.batch.push(values),
            Row::LeftOut(reason) => {
                left_out += 1;
                say(&reason);
            }
        }
        if import.batch.len() == BATCH {
            import.write().await?;
            if import.imported.is_multiple_of(PROGRESS) {
                say(&format!("rows imported so far: {}", import.imported));
            }
        }
    }
    import.write().await?;
    let _ = writeln!(io::stdout(), "rows imported: {}, skipped: {left_out}", import.imported);
    Ok(())
}

struct Import {
    database: Database,
    columns: Vec<&'static str>,
    batch: Vec<Vec<String>>,
    imported: usize,
}

impl Import {
    /// Writes the batch, then leaves the database to others for as long as that took.
    async fn write(&mut self) -> Result<(), String> {
        let batch = std::mem::take(&mut self.batch);
        loop {
            let start = Instant::now();
            match self.database.import(&self.columns, batch.clone()).await {
                Ok(()) => {
                    self.imported += batch.len();
                    sleep(start.elapsed()).await;
                    return Ok(());
                }
                Err(database::Error::Busy) => say("waiting for another program that has the database locked"),
                Err(error) => {
                    let done = self.imported;
                    return Err(format!("{done} rows were imported, the rest were not: {error}"));
                }
            }
        }
    }
}

/// `eprintln!` would panic where nobody reads it.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
