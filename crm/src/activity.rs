//! What a connection is doing, and how long its client has kept the server waiting.
//!
//! Hyper's own timeout for headers includes the time before their first byte, and it has
//! none for a client that does not read. Here the connection records what it is doing, and
//! `serve` ends the connections that take too long.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a connection may stay open without a request: load balancers keep theirs for a
/// minute, and must be the ones to close them.
const IDLE: Duration = Duration::from_secs(75);
/// The same once the server is stopping. A client that uses the connection before then gets
/// its answer, which says that the connection closes.
const IDLE_AT_THE_END: Duration = Duration::from_secs(3);
/// How long the headers of a request may take, from their first byte on.
const HEAD: Duration = Duration::from_secs(10);
/// How long a client may read nothing of its answer. A little less than ten seconds, since
/// connections are only checked from time to time.
const STALLED: Duration = Duration::from_millis(9500);
/// How long a client may be slow to read in total, until it has read everything and has no
/// further request.
const SLOW: Duration = Duration::from_secs(30);
/// How long a client may go on sending after its answer, and how long it may stay silent.
const LEAVING: Duration = Duration::from_secs(30);
const LEAVING_SILENTLY: Duration = Duration::from_secs(2);
/// How long after the server was told to stop it waits for a client that has not sent a
/// whole head, is still sending what nobody reads, or does not read.
const AT_THE_END: Duration = Duration::from_secs(4);
/// Once the server is stopping, a client that has read nothing for this long is not reading.
const STALLED_AT_THE_END: Duration = Duration::from_secs(2);
/// How long a connection keeps its slot even when slots are scarce: its client may be about
/// to send. With 64 slots, the 1,024 clients that may be waiting to be accepted take four
/// seconds.
const PATIENCE: Duration = Duration::from_millis(250);

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It is waiting for a request.
    Idle,
    /// It has read part of a request's head.
    Head,
    /// It is waiting for the rest of a request's body.
    Body,
    /// The server is working on an answer.
    Work,
    /// The answer is being written.
    Answer,
    /// Everything was written; the client may still be sending what nobody will read.
    Leaving,
}

struct State {
    phase: Phase,
    /// When that began; it does not matter for work and answers.
    since: Instant,
    /// When a client last sent anything after its answer.
    heard: Instant,
    /// Since when the client has not taken what there is to write.
    stalled: Option<Instant>,
    /// For how long in total it took nothing before that, since the connection was last idle.
    slow: Duration,
}

pub struct Activity(Mutex<State>);

impl Activity {
    pub fn new() -> Self {
        let now = Instant::now();
        Self(Mutex::new(State {
            phase: Phase::Idle,
            since: now,
            heard: now,
            stalled: None,
            slow: Duration::ZERO,
        }))
    }

    /// These bytes were read; none if there is nothing to read.
    pub fn read(&self, bytes: &[u8]) {
        let mut state = self.state();
        if bytes.is_empty() {
            // A client whose next request is already here may read its answer just as slowly.
            if state.phase == Phase::Idle {
                state.slow = Duration::ZERO;
            }
            return;
        }
        match state.phase {
            Phase::Idle => state.enter(Phase::Head),
            Phase::Leaving => state.heard = Instant::now(),
            _ => {}
        }
    }

    /// The client took some of what there is to write, or there is nothing to write.
    pub fn wrote(&self) {
        let mut state = self.state();
        if let Some(stalled) = state.stalled.take() {
            state.slow += stalled.elapsed();
        }
    }

    /// There is something to write, and the client does not take it.
    pub fn stalled(&self) {
        self.state().stalled.get_or_insert_with(Instant::now);
    }

    /// Everything was written.
    pub fn flushed(&self) {
        let mut state = self.state();
        if state.phase == Phase::Answer {
            // Part of the next head may already be here. If no more of it comes, that is no
            // worse than nothing at all.
            state.enter(Phase::Idle);
        }
    }

    /// The head of a request is complete.
    pub fn asked(&self, has_body: bool) {
        let mut state = self.state();
        if has_body {
            state.enter(Phase::Body);
        } else {
            state.phase = Phase::Work;
        }
    }

    /// The body of the request is complete.
    pub fn received(&self) {
        self.state().phase = Phase::Work;
    }

    /// There is an answer to the request.
    pub fn answered(&self) {
        self.state().phase = Phase::Answer;
    }

    /// The last answer on the connection was written.
    pub fn leaving(&self) {
        self.state().enter(Phase::Leaving);
    }

    /// Whether the client is taking too long. `stopping` is when the server was told to stop, if
    /// it was.
    pub fn is_overdue(&self, stopping: Option<Instant>) -> bool {
        let state = self.state();
        let takes = |limit| state.since.elapsed() > limit;
        let is_late = |limit| stopping.is_some_and(|stopping| stopping.elapsed() > limit);
        let stalled = state.stalled.map_or(Duration::ZERO, |stalled| stalled.elapsed());
        let is_slow =
            stalled > STALLED || state.slow() > SLOW || (stalled > STALLED_AT_THE_END && is_late(AT_THE_END));
        is_slow
            || match state.phase {
                Phase::Idle => takes(IDLE) || is_late(IDLE_AT_THE_END),
                Phase::Head => takes(HEAD) || is_late(AT_THE_END),
                Phase::Leaving => {
                    takes(LEAVING)
                        || state.heard.elapsed().min(state.since.elapsed()) > LEAVING_SILENTLY
                        || is_late(AT_THE_END)
                }
                // The body has its own time limit, with its own answer.
                Phase::Body | Phase::Work | Phase::Answer => false,
            }
    }

    /// Which connection is closed first when slots are scarce: the one for which this is the
    /// greatest, so idle ones, and among them the one that has kept the server waiting longest.
    /// `None` if it must stay.
    pub fn precedence(&self) -> Option<(bool, Duration)> {
        let state = self.state();
        let waits = match state.phase {
            Phase::Work | Phase::Answer => state.slow(),
            Phase::Idle | Phase::Head | Phase::Body | Phase::Leaving => state.since.elapsed(),
        };
        (waits > PATIENCE).then_some((state.phase == Phase::Idle, waits))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    /// For how long the client did not take what was to be written.
    fn slow(&self) -> Duration {
        self.slow + self.stalled.map_or(Duration::ZERO, |stalled| stalled.elapsed())
    }
}
