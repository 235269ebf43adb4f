//! The log, on standard error. Whatever happens to that (a full disk, a pipe that is closed
//! or that nobody reads), the server goes on: a separate thread writes the lines, and those
//! that it can't keep up with are dropped and counted.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use tracing_subscriber::fmt::MakeWriter;

/// How many lines may be waiting to be written.
const MAX_WAITING: usize = 1024;
/// How long the last lines may take to be written when the server ends.
const LAST_LINES: Duration = Duration::from_millis(500);

/// The lines on their way to standard error.
#[derive(Clone)]
pub struct Lines {
    lines: SyncSender<Vec<u8>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    waiting: AtomicUsize,
    left_out: AtomicUsize,
}

impl Lines {
    /// Starts the thread that writes lines.
    pub fn start() -> Self {
        let (lines, to_write) = sync_channel::<Vec<u8>>(MAX_WAITING);
        let counts = Arc::new(Counts::default());
        let started = Self { lines, counts: Arc::clone(&counts) };
        thread::spawn(move || {
            for line in to_write {
                let mut stderr = io::stderr().lock();
                let _ = stderr.write_all(&line);
                let left_out = counts.left_out.swap(0, Ordering::Relaxed);
                if left_out > 0 {
                    let _ = writeln!(stderr, "{left_out} lines of the log were dropped");
                }
                counts.waiting.fetch_sub(1, Ordering::Release);
            }
        });
        started
    }

    /// Waits, for a short time, until everything is written.
    pub fn finish(self) {
        let deadline = Instant::now() + LAST_LINES;
        while self.counts.waiting.load(Ordering::Acquire) > 0 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Takes one line at a time, since that is how they are written.
impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.counts.waiting.fetch_add(1, Ordering::Relaxed);
        if self.lines.try_send(line.to_vec()).is_err() {
            self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            self.counts.left_out.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
