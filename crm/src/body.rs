//! The body of a request, within bounds of size and time.

use std::{ops::Deref, time::Duration};

use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{activity::Activity, reply::Refusal};

/// How long a client may take to send a body.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a body may wait for its share of the memory that all have in common.
const SHARE_TIMEOUT: Duration = Duration::from_secs(5);
/// What each body may take up whatever the others do, in bytes: most are no larger.
const FREE_BYTES: usize = 16 * 1024;
/// What all bodies together may take up beyond that, in bytes. They are held before their
/// signatures can be verified.
static SHARED_BYTES: Semaphore = Semaphore::const_new(16 * 1024 * 1024);

/// A body that is still to be received.
pub struct Upload<'c> {
    body: Incoming,
    activity: &'c Activity,
    is_read: bool,
}

/// A whole body, and its share of the memory that all have in common.
pub struct Received {
    bytes: Vec<u8>,
    share: Option<SemaphorePermit<'static>>,
}

impl<'c> Upload<'c> {
    pub fn new(body: Incoming, activity: &'c Activity) -> Self {
        let is_read = body.is_end_stream();
        activity.asked(!is_read);
        Self { body, activity, is_read }
    }

    /// Whether nothing is left to send.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// The whole body, of at most `max_bytes`. If its announced length is greater, nothing is
    /// read.
    pub async fn read(&mut self, max_bytes: usize) -> Result<Received, Refusal> {
        if self.body.size_hint().lower() > max_bytes as u64 {
            return Err(Refusal::BodyTooLarge);
        }
        let read = timeout(TIMEOUT, self.read_all(max_bytes)).await;
        let received = read.map_err(|_| Refusal::BodyTimeout)??;
        self.is_read = true;
        self.activity.received();
        Ok(received)
    }

    async fn read_all(&mut self, max_bytes: usize) -> Result<Received, Refusal> {
        let mut received = Received { bytes: Vec::new(), share: None };
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|_| Refusal::BadBody)?;
            // Copied: a frame of a few bytes would keep its whole buffer alive.
            let Some(bytes) = frame.data_ref() else { continue };
            if received.bytes.len() + bytes.len() > max_bytes {
                return Err(Refusal::BodyTooLarge);
            }
            received.add(bytes).await?;
        }
        Ok(received)
    }
}

impl Received {
    async fn add(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let beyond = |length: usize| length.saturating_sub(FREE_BYTES);
        let more = beyond(self.bytes.len() + bytes.len()) - beyond(self.bytes.len());
        if more > 0 {
            let more = u32::try_from(more).expect("a body has an upper limit");
            let share = timeout(SHARE_TIMEOUT, SHARED_BYTES.acquire_many(more)).await;
            let share = share.map_err(|_| Refusal::Busy)?.expect("the semaphore is never closed");
            match &mut self.share {
                Some(held) => held.merge(share),
                None => self.share = Some(share),
            }
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

impl Deref for Received {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}
