//! How many files the process may have open, connections included.

/// How many connections are served at a time, if the limit of open files allows it.
const MAX_CONNECTIONS: usize = 512;

/// Raises the limit of open files as far as possible, and returns how many connections that
/// allows: half as many. The database needs files too, and more of them on more processors.
pub fn max_connections() -> usize {
    // Where there is no such limit, or it is unknown, files are not scarce.
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let most = usize::try_from(files / 2).unwrap_or(usize::MAX);
    if most < MAX_CONNECTIONS {
        tracing::warn!(
            "the limit of open files is {files}, so only {most} connections are served at a time instead of \
             {MAX_CONNECTIONS}: raise it with `ulimit -n` or in the service manager"
        );
    }
    most.min(MAX_CONNECTIONS)
}
