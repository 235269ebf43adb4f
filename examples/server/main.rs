//! A CRM integration for SocialSignIn (Orlo): answers the platform's signed
//! requests for a search and for a look at one person, takes notes from the page
//! that it shows there, and receives webhooks.
//!
//!     SECRET=changeme! cargo run --example server
//!
//! The way of a request: `serve` accepts a connection, `connection` reads the
//! request from it, `routes` verifies the query and asks the `database`, and `page`
//! or `reply` writes the answer.
//!
//! What only those who run it need stands in files that can be deleted, with the
//! few lines that name them: `health`, `hooks` (webhooks under names), `log` (what
//! a log that can't be written needs) and `refused` (a count of refusals).

mod activity;
mod blank;
mod body;
mod config;
mod connection;
mod database;
mod health;
mod held;
mod hooks;
mod links;
mod log;
mod note;
mod page;
mod refused;
mod reply;
mod routes;
mod serve;
mod stop;
mod variable;
mod webhook;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use mimalloc::MiMalloc;

use crate::{config::Config, database::Database, log::Log, routes::App};

/// The system's has one lock for what several threads pass on to each other; of a static
/// binary, one for everything.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // As all that is printed here: nobody may be there to read it.
            let _ = writeln!(io::stderr(), "server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let log = Log::start(config.log);
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let database = Database::open(config.database.as_deref()).await?;
    let listener = serve::listen(&config.listen).await.map_err(|error| {
        format!("can't listen on {} (set LISTEN to another address): {error}", config.listen)
    })?;
    let stop = stop::signal()?;
    let app = Arc::new(App::new(config, database)?);
    let _ = writeln!(io::stdout(), "Listening on http://{}", listener.local_addr()?);
    let summaries = tokio::spawn(refused::summarize(Arc::clone(&app)));
    serve::serve(listener, Arc::clone(&app), stop).await?;
    summaries.abort();
    app.refused.log();
    log.finish();
    Ok(())
}
