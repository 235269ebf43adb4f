//! Stopping: the signals that request it, and the flag that tells the rest of the server.

use std::{
    fs,
    future::poll_fn,
    io, process,
    sync::atomic::{AtomicBool, Ordering},
    task::Poll,
};

use tokio::signal::unix::{self, Signal, SignalKind};

/// Whether the server is stopping. If so, every answer says that its connection closes, and
/// load balancers are told to go elsewhere.
#[derive(Default)]
pub struct Stopping(AtomicBool);

impl Stopping {
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Resolves on Ctrl-C, SIGTERM and the like. A second such signal then ends the process,
/// whatever is still in flight.
pub fn signal() -> io::Result<impl Future<Output = ()>> {
    let hangup = Some(SignalKind::hangup()).filter(|_| !hangup_is_ignored());
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::quit()];
    let signals = kinds.into_iter().chain(hangup).map(unix::signal).collect::<io::Result<Vec<_>>>()?;
    Ok(async {
        let signals = any_of(signals).await;
        tokio::spawn(async {
            any_of(signals).await;
            process::exit(1);
        });
    })
}

/// Waits for any of them, and returns them.
async fn any_of(mut signals: Vec<Signal>) -> Vec<Signal> {
    poll_fn(|cx| match signals.iter_mut().any(|signal| signal.poll_recv(cx).is_ready()) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
    signals
}

/// Under `nohup` it is: the server should outlive its terminal.
fn hangup_is_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
