//! All connections: lets them in, ends those whose clients take too long, and lets
//! requests in flight finish when the server is to stop.

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

/// How much of its answers the system keeps for a client that does not read, in
/// bytes: more than most have. Left alone it would take megabytes before it is seen
/// that nobody reads them.
const SEND_BUFFER: usize = 128 * 1024;
/// How often it is said that connections can't be accepted.
const COMPLAINT: Duration = Duration::from_secs(60);
/// How often all of them are looked at.
const TICK: Duration = Duration::from_millis(100);
/// How long connections are let in once the server is to stop, while there are
/// others: a client that was told that its connection closes opens another.
const LAST_ACCEPT: Duration = Duration::from_secs(2);
/// How long requests in flight may take to finish after that.
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// Listens, before anybody is told so.
pub async fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).await?;
    SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER)?; // of what it accepts, too
    Ok(listener)
}

/// Serves until it is told to stop, and lets requests in flight finish.
/// At most so many connections are served at a time.
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
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

struct Connections {
    app: Arc<App>,
    max: usize,
    tasks: JoinSet<()>,
    open: HashMap<Id, (Arc<Activity>, AbortHandle)>,
    /// Accepted, while no slot is free.
    waiting: Option<TcpStream>,
    /// When it was last said that none can be accepted.
    complained: Option<Instant>,
    /// Since when the server is to stop.
    stopping: Option<Instant>,
}

impl Connections {
    fn of(app: Arc<App>, max: usize) -> Self {
        let (tasks, open) = (JoinSet::new(), HashMap::new());
        Self { app, max, tasks, open, waiting: None, complained: None, stopping: None }
    }

    /// Serves, and goes on for ever; or, once the server is to stop, while there are
    /// connections.
    async fn run(&mut self, listener: Option<&TcpListener>) {
        let mut ticks = interval(TICK);
        while self.stopping.is_none() || self.waiting.is_some() || !self.open.is_empty() {
            tokio::select! {
                accepted = accept(listener), if self.waiting.is_none() => match accepted {
                    Ok(stream) => self.waiting = Some(stream),
                    Err(error) => {
                        // Out of files, most likely.
                        self.complain(&error);
                        if self.end_first() {
                            // Only then its file is free.
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

    /// Lets in the clients that already wait to be accepted, and none after them.
    fn let_in_the_last(&mut self, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        // There is nothing between the last of them and the end of the listener.
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
            tracing::error!(%error, "can't accept a connection: the longest idle one is closed, if there is one");
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

    /// Whether a slot is free; if need be, that of the connection that can go first.
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
