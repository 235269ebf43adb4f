//! See Cargo.toml.
#![no_std]

use core::{
    alloc::{GlobalAlloc, Layout},
    panic::PanicInfo,
};

use signed_query::{Error, Key, Verifier};

struct NoMemory;

// SAFETY: it never gives any memory, which an allocator may do.
unsafe impl GlobalAlloc for NoMemory {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: NoMemory = NoMemory;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Uses the crate as firmware would, with a time from elsewhere.
pub fn verify(secret: &[u8], query: &str, now: u64) -> Result<u64, Error> {
    Ok(Verifier::new(Key::new(secret)?).verify_at(query, now)?.expires())
}

/// Signs and reads values, as it would with the feature `serde`.
pub fn sign_again(secret: &[u8], query: &str, now: u64) -> Result<usize, Error> {
    let key = Key::new(secret)?;
    let query = Verifier::new(key.clone()).verify_at(query, now)?;
    let (id, is_new): (u32, bool) = query.deserialize()?;
    Ok(key.sign_value(&(id, !is_new), now)?.len())
}
