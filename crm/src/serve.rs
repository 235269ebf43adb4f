//! All connections: accepts them, ends those whose clients take too long, and lets requests
//! in flight finish when the server stops.

use std::{
    collections::HashMap,
    future, io,
    sync::Arc,
    time::{Duration, Instant},
};

use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{AbortHandle, Id, JoinError, JoinSet},
    time::{interval, sleep, timeout},
};

use crate::{activity::Activity, app::App, connection};

/// How much of its answers the system buffers for a client that does not read, in bytes: more
/// than most answers have. By default it would buffer megabytes before the server notices
/// that nobody reads them.
const SEND_BUFFER: usize = 128 * 1024;
/// How often the log may say that connections can't be accepted.
const COMPLAINT: Duration = Duration::from_secs(60);
/// How often connections are checked.
const TICK: Duration = Duration::from_millis(100);
/// How long connections are still accepted once the server is stopping, while there are
/// others: a client that was told that its connection closes opens another.
const LAST_ACCEPT: Duration = Duration::from_secs(2);
/// How long requests in flight may take to finish after that.
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// Starts listening.
pub async fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).await?;
    SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER)?; // of what it accepts, too
    Ok(listener)
}

/// Serves at most `max_connections` at a time until `stop` resolves, and lets requests in
/// flight finish.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    max_connections: usize,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut connections = Connections::of(app, max_connections);
    tokio::select! {
        () = connections.run(Some(&listener)) => {}
        () = stop => {}
    }
    tracing::info!("stopping");
    connections.app.stopping.begin();
    connections.stopping = Some(Instant::now());
    let _ = timeout(LAST_ACCEPT, connections.run(Some(&listener))).await;
    connections.let_in_the_last(listener)?;
    if timeout(LAST_ANSWER, connections.run(None)).await.is_err() {
        tracing::warn!("some requests in flight did not finish in time");
    }
    Ok(())
}

struct Connections {
    app: Arc<App>,
    max: usize,
    tasks: JoinSet<()>,
    open: HashMap<Id, (Arc<Activity>, AbortHandle)>,
    /// Accepted, but waiting for a slot.
    waiting: Option<TcpStream>,
    /// When the log last said that connections can't be accepted.
    complained: Option<Instant>,
    /// Since when the server has been stopping.
    stopping: Option<Instant>,
}

impl Connections {
    fn of(app: Arc<App>, max: usize) -> Self {
        let (tasks, open) = (JoinSet::new(), HashMap::new());
        Self { app, max, tasks, open, waiting: None, complained: None, stopping: None }
    }

    /// Serves for ever; or, once the server is stopping, for as long as there are connections.
    async fn run(&mut self, listener: Option<&TcpListener>) {
        let mut ticks = interval(TICK);
        while self.stopping.is_none() || self.waiting.is_some() || !self.open.is_empty() {
            tokio::select! {
                accepted = accept(listener), if self.waiting.is_none() => match accepted {
                    Ok(stream) => self.waiting = Some(stream),
                    Err(error) => {
                        // Most likely out of files.
                        self.complain(&error);
                        if self.end_first() {
                            // Its file is free only once it has ended.
                            let ended = self.tasks.join_next_with_id().await;
                            ended.into_iter().for_each(|ended| self.forget(ended));
                        } else {
                            sleep(TICK).await;
                        }
                    }
                },
                Some(ended) = self.tasks.join_next_with_id() => self.forget(ended),
                _ = ticks.tick() => self.end_overdue(),
            }
            if self.waiting.is_some()
                && self.has_room()
                && let Some(stream) = self.waiting.take()
            {
                self.spawn(stream);
            }
        }
    }

    /// Accepts the clients that are already waiting, and none after them.
    fn let_in_the_last(&mut self, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        // Nothing happens between accepting the last one and closing the listener.
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            self.spawn(TcpStream::from_std(stream)?);
        }
        Ok(())
    }

    fn spawn(&mut self, stream: TcpStream) {
        let activity = Arc::new(Activity::new());
        let (app, noted) = (Arc::clone(&self.app), Arc::clone(&activity));
        let handle = self.tasks.spawn(async move { connection::serve(stream, &app, &noted).await });
        self.open.insert(handle.id(), (activity, handle));
    }

    fn forget(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
        self.open.remove(&id);
    }

    fn complain(&mut self, error: &io::Error) {
        if self.complained.is_none_or(|last| last.elapsed() >= COMPLAINT) {
            tracing::error!(%error, "can't accept a connection; closing the one that has been idle longest, if any is");
            self.complained = Some(Instant::now());
        }
    }

    fn end_overdue(&self) {
        for (activity, handle) in self.open.values() {
            if activity.is_overdue(self.stopping) {
                handle.abort();
            }
        }
    }

    /// Whether there is a free slot, if need be after ending the connection that can go first.
    fn has_room(&mut self) -> bool {
        self.open.len() < self.max || self.end_first()
    }

    /// Ends the connection that can go first, if there is one.
    fn end_first(&mut self) -> bool {
        let waits = |(id, (activity, _)): (&Id, &(Arc<Activity>, _))| Some((activity.precedence()?, *id));
        let first = self.open.iter().filter_map(waits).max_by_key(|(precedence, _)| *precedence);
        let ended = first.and_then(|(_, id)| self.open.remove(&id));
        ended.map(|(_, handle)| handle.abort()).is_some()
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => Ok(listener.accept().await?.0),
        None => future::pending().await,
    }
}
