//! Where a log or an answer may go that can't be written.

use std::{fs::File, io, process::Stdio};

/// Each by name, with what must be kept open while it is written to.
pub fn all() -> [(&'static str, Stdio, Option<io::PipeReader>); 3] {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let (_, closed) = io::pipe().unwrap();
    let (unread, stuck) = io::pipe().unwrap();
    [("full", full.into(), None), ("closed", closed.into(), None), ("unread", stuck.into(), Some(unread))]
}
