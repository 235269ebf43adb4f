//! A CRM integration for SocialSignIn (Orlo): answers the platform's signed
//! requests for a search and for a look at one person, takes notes from the page
//! that it shows there, and receives webhooks.
//!
//!     SECRET=changeme! cargo run --example server
//!
//! The way of a request: `main` accepts the connection, `routes` verifies the
//! query and asks the `database`, `page` or `reply` writes the answer.

mod body;
mod config;
mod database;
mod note;
mod page;
mod people;
mod reply;
mod routes;
mod webhook;

use std::{
    convert::Infallible,
    error::Error,
    io,
    io::IsTerminal,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use crate::{config::Config, database::Database, routes::App};

/// How long a client may take to send its headers, or leave a connection idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests in flight may take to finish once the server is to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client that has just connected has to send something once the server
/// is to stop.
const LAST_READ: Duration = Duration::from_millis(500);
/// What a request's line and headers may take up, in bytes.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// How many connections are served at a time; more wait to be accepted. Fewer
/// than the files that a process may usually have open.
const MAX_CONNECTIONS: usize = 512;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let log = tracing_subscriber::fmt().with_max_level(config.log).with_writer(io::stderr);
    log.with_ansi(io::stderr().is_terminal()).init();
    let database = Database::open(config.database.as_deref())?;
    let listener = TcpListener::bind(&config.listen).await.map_err(|error| {
        format!("can't listen on {} (set LISTEN to another address): {error}", config.listen)
    })?;
    let stop = stop_signal()?;
    println!("Listening on http://{}", listener.local_addr()?);
    serve(listener, Arc::new(App::new(config, database)?), stop).await;
    Ok(())
}

/// Serves until it is told to stop, and lets requests in flight finish.
async fn serve(listener: TcpListener, app: Arc<App>, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await.expect("the semaphore is never closed");
            (listener.accept().await, slot)
        };
        tokio::select! {
            () = &mut stop => break,
            (accepted, slot) = accepted => match accepted {
                Ok((stream, _)) => spawn_connection(stream, slot, Arc::clone(&app), &graceful),
                Err(error) => {
                    // Out of files, most likely: some will be free in a moment.
                    tracing::error!(%error, "can't accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    tracing::info!("stopping");
    // Whoever is connected already is let in too, as far as there is room. Hyper
    // then closes a connection of which it has read nothing, so it gets to read.
    let last_accept = Instant::now() + LAST_READ;
    while Instant::now() < last_accept
        && let Ok(slot) = Arc::clone(&slots).try_acquire_owned()
        && let Ok(Ok((stream, _))) = tokio::time::timeout(Duration::from_millis(10), listener.accept()).await
    {
        spawn_connection(stream, slot, Arc::clone(&app), &graceful);
    }
    drop(listener);
    tokio::time::sleep(LAST_READ).await;
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

fn spawn_connection(
    stream: TcpStream,
    slot: OwnedSemaphorePermit,
    app: Arc<App>,
    graceful: &GracefulShutdown,
) {
    // Answers are small and written whole: to wait for more only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { Ok::<_, Infallible>(routes::answer(&app, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke");
        }
        drop(slot);
    });
}

/// Resolves on Ctrl-C or SIGTERM.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}
