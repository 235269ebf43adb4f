//! A CRM integration for SocialSignIn (Orlo): answers the platform's signed
//! requests for a search and for a look at one person, takes notes from the page
//! that it shows there, and receives webhooks.
//!
//!     SECRET=changeme! cargo run
//!
//! The way of a request: `serve` accepts a connection, of which `activity` notes how
//! long its client keeps the server waiting, until `stop` tells it to end;
//! `connection` reads the request from it, and `body` what follows the headers;
//! `routes` sends it to a search, `iframe`, `note` or `webhook`, each of which verifies
//! the query (`query`) and asks the `database`; and `page` or `reply` writes the answer,
//! whose bytes are `held` until the client has them. `files` says how many connections
//! there may be, `notice` what a note may be; `links` signs the links in pages, `app` has
//! what all requests share, and `config` what the environment wants, by way of `variable`.
//!
//! For whoever runs it there are `health` (`GET /health`, for balancers), `hooks` (webhooks
//! under names), `logging` (a log that is never waited for) and `tally` (a line a minute
//! that counts refusals); and `import`, a command that reads people from a CSV file.

mod activity;
mod app;
mod body;
mod config;
mod connection;
mod database;
mod files;
mod health;
mod held;
mod hooks;
mod iframe;
mod import;
mod links;
mod logging;
mod note;
mod notice;
mod page;
mod query;
mod reply;
mod routes;
mod serve;
mod stop;
mod tally;
mod variable;
mod webhook;

use std::{
    env,
    error::Error,
    ffi::OsString,
    io::{self, IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
};

use mimalloc::MiMalloc;

use crate::{app::App, config::Config, database::Database};

/// Threads that free what others allocated wait for each other in the system's allocator;
/// in that of a static binary (musl's), all of them share a single lock.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // As all that is printed here: nobody may be there to read it.
            let _ = writeln!(io::stderr(), "crm: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match &arguments[..] {
        [] => {}
        arguments if arguments.iter().any(|argument| argument == "-h" || argument == "--help") => {
            let _ = writeln!(io::stdout(), "{}", config::HELP);
            return Ok(());
        }
        [command, file] if command == "import" => return import::import(file.as_ref()).await,
        [command, ..] if command == "import" => {
            return Err("import needs the name of one file, as in import people.csv; see --help".into());
        }
        [other, ..] => return Err(format!("unknown argument {other:?}; see --help").into()),
    }
    let config = Config::from_env()?;
    let log = tracing_subscriber::fmt().with_max_level(config.log).with_ansi(io::stderr().is_terminal());
    // It would print its own errors where they can't be printed, and panic.
    let logging = logging::Lines::start();
    log.log_internal_errors(false).with_writer(logging.clone()).init();
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let max_connections = files::max_connections();
    let database = Database::open(config.database.as_deref()).await?;
    database.keep_indexed();
    let listener = serve::listen(&config.listen).await.map_err(|error| {
        format!("can't listen on {} (set LISTEN to another address): {error}", config.listen)
    })?;
    let stop = stop::signal()?;
    let app = Arc::new(App::new(config, database)?);
    let _ = writeln!(io::stdout(), "Listening on http://{}", listener.local_addr()?);
    let tally = tokio::spawn(tally::summarize(app.tally.clone()));
    serve::serve(listener, Arc::clone(&app), max_connections, stop).await?;
    // What is wrong with it is in the log.
    let _ = app.database.close().await;
    tally.abort();
    app.tally.log();
    logging.finish();
    Ok(())
}
