//! What a connection is doing, and how long its client has kept the server waiting.
//!
//! Hyper's own timeout for headers counts the time before their first byte, and it
//! has none for a client that does not read. Here the connection notes what it is
//! doing, and `serve` ends connections that take too long.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a connection may be kept without a request: balancers keep theirs for a
/// minute, and must be the ones to close them.
const IDLE: Duration = Duration::from_secs(75);
/// The same once the server stops. A client that uses the connection until then gets
/// its answer, which says that it closes.
const IDLE_AT_THE_END: Duration = Duration::from_secs(3);
/// How long the headers of a request may take, from their first byte on.
const HEAD: Duration = Duration::from_secs(10);
/// How long a client may read nothing of what waits for it. A little less than ten
/// seconds, since it is looked at only from time to time.
const STALLED: Duration = Duration::from_millis(9500);
/// How long a client may be slow to read in all, until it has read everything and asks
/// for nothing more.
const SLOW: Duration = Duration::from_secs(30);
/// How long a client that was answered may send on, and how long it may do nothing.
const LEAVING: Duration = Duration::from_secs(30);
const LEAVING_SILENTLY: Duration = Duration::from_secs(2);
/// How long after the server was told to stop it waits for a client that has not sent
/// a whole head, goes on sending for nobody, or does not read.
const AT_THE_END: Duration = Duration::from_secs(4);
/// Once the server stops, a client that has read nothing for so long does not read.
const STALLED_AT_THE_END: Duration = Duration::from_secs(2);
/// How long a connection keeps its slot even when slots are short: its client may be
/// about to send. With 64 slots, as many clients as may wait to be let in (1,024) take
/// four seconds.
const PATIENCE: Duration = Duration::from_millis(250);

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It waits for a request.
    Idle,
    /// It has read a part of a request's head.
    Head,
    /// It waits for the rest of a request's body.
    Body,
    /// The server is at work on an answer.
    Work,
    /// The answer is written.
    Answer,
    /// All was written; the client may still be sending what nobody will read.
    Leaving,
}

struct State {
    phase: Phase,
    /// When that began; for work and answers it does not matter.
    since: Instant,
    /// When a client that was answered last sent anything.
    heard: Instant,
    /// Since when there is something to write that the client does not take.
    stalled: Option<Instant>,
    /// For how long it took nothing before that, since the connection was last idle.
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

    /// These bytes were read, or there are none.
    pub fn read(&self, bytes: &[u8]) {
        let mut state = self.state();
        if bytes.is_empty() {
            // A client whose next request is here already may be as slow to read its answer.
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

    /// Some of what is to be written was taken, or nothing is.
    pub fn wrote(&self) {
        let mut state = self.state();
        if let Some(stalled) = state.stalled.take() {
            state.slow += stalled.elapsed();
        }
    }

    /// Something is to be written, and can't be.
    pub fn stalled(&self) {
        self.state().stalled.get_or_insert_with(Instant::now);
    }

    /// All that was to be written is.
    pub fn flushed(&self) {
        let mut state = self.state();
        if state.phase == Phase::Answer {
            // A part of the next head may be here already. If no more of it comes, that
            // is no worse than nothing at all.
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

    /// The connection is done with.
    pub fn leaving(&self) {
        self.state().enter(Phase::Leaving);
    }

    /// Whether the client takes too long. `stopping` is when the server was told to stop, if
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
                // The body has a limit of its own, which is answered.
                Phase::Body | Phase::Work | Phase::Answer => false,
            }
    }

    /// Which connection goes first when slots are short: the greatest of these does, so an
    /// idle one, and then the one that has kept the server waiting longest. `None` if it
    /// is to stay.
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
