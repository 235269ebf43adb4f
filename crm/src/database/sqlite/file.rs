//! Whether the file is still the one that was opened. One that was deleted, or whose place
//! another took, is written to all the same until it is closed, and never found again.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf, absolute},
    process,
    sync::atomic::{AtomicBool, Ordering},
};

/// What SQLite keeps beside a file, by the ends of the names: the log that it writes ahead,
/// and that log's index, which it shares with other processes.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Device and inode, which no two files have in common that are open at once.
type Identity = (u64, u64);

pub struct OpenFile {
    /// What has to be where, all of it open; first the file itself.
    parts: Vec<(PathBuf, Identity)>,
    /// Once it is, it stays so: what was put back may have been written to elsewhere.
    is_gone: AtomicBool,
}

impl OpenFile {
    /// Of a file that is open; with what is beside it, if the log is this process's as well.
    pub fn of(path: &Path, has_log: bool) -> io::Result<Self> {
        // As SQLite takes it: the folder that the server runs in may be moved later.
        let path = absolute(path)?;
        let file = fs::canonicalize(&path)?;
        let beside = BESIDE.iter().filter(|_| has_log).map(|end| {
            let mut name = OsString::from(&file);
            name.push(end);
            PathBuf::from(name)
        });
        let mut parts = vec![(path.clone(), identity(&path)?)];
        // Where the log can't be shared, SQLite makes none.
        parts.extend(beside.filter_map(|part| identity(&part).ok().map(|opened| (part, opened))));
        Ok(Self { parts, is_gone: AtomicBool::new(false) })
    }

    /// Looks whether anything is elsewhere than it was.
    pub fn is_gone(&self) -> bool {
        if self.parts.iter().any(|(path, opened)| identity(path).ok() != Some(*opened)) {
            self.is_gone.store(true, Ordering::Relaxed);
        }
        self.was_gone()
    }

    /// Whether that was seen already.
    pub fn was_gone(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }

    /// What has happened, and what is to be done about it.
    pub fn advice(&self) -> String {
        let (path, opened) = &self.parts[0];
        let descriptors = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
        let descriptor =
            descriptors.map(|entry| entry.path()).find(|path| identity(path).ok() == Some(*opened));
        let copy = descriptor.as_deref().and_then(Path::file_name).map(|number| {
            format!("; until then it can be copied from /proc/{}/fd/{}", process::id(), number.display())
        });
        format!(
            "{path} is no longer the file that was opened (DATABASE): it, or the -wal or -shm beside it, was \
             deleted, moved or replaced. Nothing more is read or written. All that was acknowledged is in the \
             file that was opened{copy}. Put there the file that is right, without -wal and -shm, and restart \
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
