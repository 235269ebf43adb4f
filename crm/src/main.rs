//! A CRM integration for SocialSignIn (Orlo): answers the platform's signed search
//! requests, shows the page about a person in its iframe, stores notes that are typed
//! there, and receives webhooks.
//!
//!     SECRET=changeme! cargo run
//!
//! The path of a request: `serve` accepts connections until `stop` tells it to end, and
//! `activity` keeps track of how long each client keeps the server waiting; `connection`
//! reads the request, and `body` its body; `routes` passes it to the search, `iframe`,
//! `note` or `webhook`, each of which verifies it (`query`) and uses the `database`; `page`
//! or `reply` writes the answer, whose bytes are `held` until the client has taken them.
//! `files` decides how many connections there may be, and `notice` says why a note is not
//! added; `links` signs the links in pages, `app` holds what all requests share, and
//! `config` reads the environment through `variable`.
//!
//! For whoever runs it there are `health` (`GET /health`, for load balancers), `hooks` (named
//! webhooks), `logging` (a log that never blocks), `tally` (one line a minute that counts
//! refusals), and the command `import`, which reads people from a CSV file.

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

use crate::{app::App, config::Config, database::Database, variable::variable};

/// In the system's allocator, threads that free what others allocated contend for locks; in
/// that of a static musl binary, all threads share a single one.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // `eprintln!` would panic where nobody reads it.
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
            return Err("import takes the name of one file, as in import people.csv; see --help".into());
        }
        [other, ..] => return Err(format!("unknown argument {other:?}; see --help").into()),
    }
    let config = Config::from_env()?;
    let log = tracing_subscriber::fmt().with_max_level(config.log).with_ansi(io::stderr().is_terminal());
    // Otherwise it would print its own errors where nothing can be printed, and panic.
    let logging = logging::Lines::start();
    log.log_internal_errors(false).with_writer(logging.clone()).init();
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let max_connections = files::max_connections();
    let database = Database::open(config.database.as_deref()).await?;
    database.keep_indexed();
    let listener = serve::listen(&config.listen).await.map_err(|error| {
        let origin =
            if variable("LISTEN").is_some() { "from LISTEN" } else { "the default; set LISTEN to change it" };
        format!("can't listen on {} ({origin}): {error}", config.listen)
    })?;
    let stop = stop::signal()?;
    let app = Arc::new(App::new(config, database)?);
    let _ = writeln!(io::stdout(), "Listening on http://{}", listener.local_addr()?);
    let tally = tokio::spawn(tally::summarize(app.tally.clone()));
    serve::serve(listener, Arc::clone(&app), max_connections, stop).await?;
    // If that fails, the log already says why.
    let _ = app.database.close().await;
    tally.abort();
    app.tally.log();
    logging.finish();
    Ok(())
}
