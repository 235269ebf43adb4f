//! A load that ends when its test does.

use std::sync::atomic::{AtomicBool, Ordering};

/// Says so when it is dropped, however the test ends.
pub struct EndOf<'a>(pub &'a AtomicBool);

impl Drop for EndOf<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
