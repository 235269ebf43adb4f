//! A disk that is full, under a database file.

mod common;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use common::{
    folder::Folder,
    server::{Server, fetch, send},
    webhook::notify,
};
use rusqlite::Connection;

/// Stands in for the system's functions: while there is a file `FULL`, nothing can be
/// written to a database, for the reason in it.
const FULL_DISK: &str = r#"
    #define _GNU_SOURCE
    #include <errno.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static int is_full(int file) {
        char link[64], path[4096];
        const char *name = getenv("FULL");
        if (!name || access(name, F_OK)) return 0;
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length < 0 ? 0 : length] = 0;
        if (!strstr(path, ".db")) return 0;
        FILE *reason = fopen(name, "r");
        errno = 0;
        if (!reason || fscanf(reason, "%d", &errno) != 1) abort();
        int number = errno;
        fclose(reason);
        errno = number;
        return 1;
    }
    ssize_t write(int file, const void *from, size_t length) {
        return is_full(file) ? -1 : syscall(SYS_write, file, from, length);
    }
    ssize_t pwrite(int file, const void *from, size_t length, off_t at) {
        return is_full(file) ? -1 : syscall(SYS_pwrite64, file, from, length, at);
    }
    ssize_t pwrite64(int file, const void *from, size_t length, off_t at) {
        return is_full(file) ? -1 : syscall(SYS_pwrite64, file, from, length, at);
    }
"#;

#[test]
fn a_full_disk_is_waited_for_elsewhere_and_all_is_well_afterwards() {
    let folder = Folder::new("full");
    let (file, library, full) = (folder.file("people.db"), folder.file("full.so"), folder.file("full"));
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-o", &library, "-xc", "-"]).stdin(Stdio::piped());
    match compile.spawn() {
        Ok(mut compiler) => {
            compiler.stdin.take().unwrap().write_all(FULL_DISK.as_bytes()).unwrap();
            assert!(compiler.wait().unwrap().success());
        }
        Err(error) => return common::did_not_run::did_not_run("cc", "gcc", &error),
    }
    let server = Server::with(&[("DATABASE", &file), ("LD_PRELOAD", &library), ("FULL", &full)]);
    let insert = "INSERT INTO people (id, name) VALUES ('1', 'Anna')";
    Connection::open(&file).unwrap().execute_batch(insert).unwrap();
    let note_url = server.note_url(&server.get("/iframe?id=1"));
    // No space, over quota, too large a file, a broken disk.
    for (number, reason) in [28, 122, 27, 5].into_iter().enumerate() {
        fs::write(&full, reason.to_string()).unwrap();
        let body = format!("{{\"number\":{number}}}");
        for refused in [notify(&server, &body), send("POST", &note_url, &[], format!("text={number}"))] {
            assert_eq!(
                (refused.status, refused.header("retry-after")),
                (503, "5"),
                "{reason}: {}",
                refused.body
            );
            assert!(!refused.body.contains("disk"), "{}", refused.body);
        }
        // What can be read still is.
        assert_eq!(server.get("/search?q=anna").json()["results"][0]["id"], 1);
        fs::remove_file(&full).unwrap();
        assert_eq!(notify(&server, &body).status, 200, "{reason}");
    }
    assert_eq!(send("POST", &note_url, &[], "text=0").status, 303);
    assert_eq!(fetch("GET", &server.url("/health")).status, 200);
    let (_, log) = server.stop();
    assert!(log.contains("database or disk is full"), "{log}");
}
