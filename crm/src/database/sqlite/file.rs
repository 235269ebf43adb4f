//! Whether the file is still the one that was opened. A file that was deleted or replaced could
//! still be written to until it is closed, and would never be found again.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf, absolute},
    process,
    sync::atomic::{AtomicBool, Ordering},
};

/// The suffixes of the files that SQLite keeps beside it: the write-ahead log, and the index of
/// that log, which it shares with other processes.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Device and inode, which identify an open file.
type Identity = (u64, u64);

pub struct OpenFile {
    /// The files that must stay in place, all of them open; first the database itself.
    parts: Vec<(PathBuf, Identity)>,
    /// Never reset: a file that was put back may have been written to elsewhere.
    is_gone: AtomicBool,
}

impl OpenFile {
    /// For a file that is open; with the files beside it if this process writes the log.
    pub fn of(path: &Path, has_log: bool) -> io::Result<Self> {
        // Absolute, as for SQLite: the server's working directory may be moved later.
        let path = absolute(path)?;
        let file = fs::canonicalize(&path)?;
        let beside = BESIDE.iter().filter(|_| has_log).map(|end| {
            let mut name = OsString::from(&file);
            name.push(end);
            PathBuf::from(name)
        });
        let mut parts = vec![(path.clone(), identity(&path)?)];
        // Where the log can't be shared, SQLite has none.
        parts.extend(beside.filter_map(|part| identity(&part).ok().map(|opened| (part, opened))));
        Ok(Self { parts, is_gone: AtomicBool::new(false) })
    }

    /// Checks whether any of the files was deleted, moved or replaced.
    pub fn is_gone(&self) -> bool {
        if self.parts.iter().any(|(path, opened)| identity(path).ok() != Some(*opened)) {
            self.is_gone.store(true, Ordering::Relaxed);
        }
        self.was_gone()
    }

    /// Whether that was noticed before.
    pub fn was_gone(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }

    /// What happened, and what to do about it.
    pub fn advice(&self) -> String {
        let (path, opened) = &self.parts[0];
        let descriptors = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
        let descriptor =
            descriptors.map(|entry| entry.path()).find(|path| identity(path).ok() == Some(*opened));
        let copy = descriptor.as_deref().and_then(Path::file_name).map(|number| {
            format!(
                ", which can be copied from /proc/{}/fd/{} while the server runs",
                process::id(),
                number.display()
            )
        });
        format!(
            "{path} (DATABASE) is no longer the file that was opened: it, or the -wal or -shm file beside it, was \
             deleted, moved or replaced. Nothing is read or written any more. Everything that was acknowledged \
             is in the file that was opened{copy}. Put the right file there, without -wal and -shm, and restart \
             the server",
            path = path.display(),
            copy = copy.unwrap_or_default()
        )
    }
}

fn identity(path: &Path) -> io::Result<Identity> {
    let file = fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}
