//! Counts refused requests by reason. A line on each would let whoever floods the
//! server fill its disk; one a minute tells as much.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{reply::Refusal, routes::App};

const PERIOD: Duration = Duration::from_secs(60);

#[derive(Default)]
pub struct Refused(Mutex<BTreeMap<&'static str, u64>>);

impl Refused {
    /// Tells whether it is the first of its kind since the counts were last logged.
    pub fn count(&self, refusal: &Refusal) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(refusal.kind()).or_default();
        *count += 1;
        *count == 1
    }

    /// Logs what was counted since it last did, if anything.
    pub fn log(&self) {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return;
        }
        let kinds: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        tracing::info!(total = counts.values().sum::<u64>(), "refused requests: {}", kinds.join(", "));
    }
}

/// Logs the counts once a minute, for ever.
pub async fn summarize(app: Arc<App>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        app.refused.log();
    }
}
