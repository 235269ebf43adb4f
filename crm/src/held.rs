//! The bytes of answers, which the server holds until their clients have taken them.

use hyper::body::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

/// What each answer may have whatever the others have, in bytes. The page that shows a
/// refused note for copying has no more.
const FREE_BYTES: usize = 32 * 1024;
/// What all answers have in common beyond that, in bytes. Anyone can ask again and again
/// with a link that is good, and read nothing.
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

/// The bytes of an answer, and with them its share of what all have in common, if there
/// is that much. To wait for it would be to hold the answer as well.
pub fn held(mut text: String) -> Option<Bytes> {
    let shared = text.len().saturating_sub(FREE_BYTES);
    let share = SHARED_BYTES.try_acquire_many(u32::try_from(shared).ok()?).ok()?;
    text.shrink_to_fit();
    Some(Bytes::from_owner(Held { text, _share: share }))
}
