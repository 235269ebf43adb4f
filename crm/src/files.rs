//! How many files the process may have open, which connections are among.

/// How many connections are served at a time, if there are files for them.
const MAX_CONNECTIONS: usize = 512;

/// Raises the limit of open files as far as it may be, and gives how many connections that
/// allows: half of them. The database needs files too, more of them on more processors.
pub fn max_connections() -> usize {
    // Where there is no such limit, or it can't be told, files are not what is short.
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let most = usize::try_from(files / 2).unwrap_or(usize::MAX);
    if most < MAX_CONNECTIONS {
        tracing::warn!(
            "with {files} files at most, {most} connections are served at a time, and not {MAX_CONNECTIONS}: \
             `ulimit -n` or the service manager allows more"
        );
    }
    most.min(MAX_CONNECTIONS)
}
