//! Counts refused requests by reason. A log line for each would let anyone fill the disk by
//! flooding the server; one a minute says as much.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::reply::Refusal;

const PERIOD: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    /// By kind, since they were last logged.
    of_kinds: BTreeMap<&'static str, u64>,
    /// When each kind last occurred.
    last: BTreeMap<&'static str, Instant>,
}

impl Tally {
    /// Counts a refusal, and returns whether it is the first of its kind after a quiet minute.
    pub fn count(&self, refusal: &Refusal) -> bool {
        let (kind, mut counts) = (kind(refusal), self.counts());
        *counts.of_kinds.entry(kind).or_default() += 1;
        let last = counts.last.insert(kind, Instant::now());
        last.is_none_or(|last| last.elapsed() >= PERIOD)
    }

    /// Whether none of its kind was counted since the counts were last logged.
    pub fn has_none_like(&self, refusal: &Refusal) -> bool {
        !self.counts().of_kinds.contains_key(kind(refusal))
    }

    /// Logs what was counted since the last time, if anything.
    pub fn log(&self) {
        let counts = std::mem::take(&mut self.counts().of_kinds);
        if counts.is_empty() {
            return;
        }
        let kinds: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        tracing::info!(total = counts.values().sum::<u64>(), "refused requests: {}", kinds.join(", "));
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Logs the counts once a minute, for ever.
pub async fn summarize(tally: Tally) {
    loop {
        tokio::time::sleep(PERIOD).await;
        tally.log();
    }
}

/// What a refusal is counted as.
fn kind(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotVerified(signed_query::Error::Mismatch) => "with a wrong signature",
        Refusal::NotVerified(signed_query::Error::Expired { .. }) => "expired",
        Refusal::NotVerified(signed_query::Error::LifetimeTooLong { .. }) => "with too long a lifetime",
        Refusal::NotVerified(_) | Refusal::BadParameter(_) => "malformed",
        Refusal::NoSuchPerson => "for an unknown person",
        Refusal::NoSuchPath => "for an unknown path",
        Refusal::BadHttp => "with malformed HTTP",
        Refusal::HeadTooLarge => "with too large headers",
        Refusal::BodyTooLarge => "with too large a body",
        Refusal::BodyTimeout => "with too slow a body",
        Refusal::BadBody => "with a broken body",
        Refusal::BadNote(_) => "with an unacceptable note",
        Refusal::MethodNotAllowed(_) => "with an unsupported method",
        Refusal::Busy => "while busy",
        Refusal::Unhealthy(_) => "without the database",
        Refusal::Fault(_) => "failed",
    }
}
