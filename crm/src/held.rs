//! The bytes of answers, which the server holds until clients have taken them.

use hyper::body::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

/// What each answer may take up whatever the others do, in bytes. The page that shows a
/// refused note for copying is no larger.
const FREE_BYTES: usize = 32 * 1024;
/// What all answers together may take up beyond that, in bytes. Anyone with a valid link can
/// use it again and again and never read the answer.
static SHARED_BYTES: Semaphore = Semaphore::const_new(16 * 1024 * 1024);

struct Held {
    text: String,
    _share: SemaphorePermit<'static>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// The bytes of an answer with their share of the memory that all have in common; `None` if
/// there is not that much left. Waiting for it would mean holding the answer meanwhile.
pub fn held(mut text: String) -> Option<Bytes> {
    let shared = text.len().saturating_sub(FREE_BYTES);
    let share = SHARED_BYTES.try_acquire_many(u32::try_from(shared).ok()?).ok()?;
    text.shrink_to_fit();
    Some(Bytes::from_owner(Held { text, _share: share }))
}
