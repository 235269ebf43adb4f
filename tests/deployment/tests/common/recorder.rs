//! What stands in for a copy of the server, and keeps what a proxy sends it.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// The heads of all requests so far, as they came.
type Heads = Arc<Mutex<Vec<String>>>;

pub struct Recorder {
    pub address: SocketAddr,
    heads: Heads,
}

impl Recorder {
    /// One that serves until the test's process ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let recorder = Self { address: listener.local_addr().unwrap(), heads: Heads::default() };
        let heads = Arc::clone(&recorder.heads);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let heads = Arc::clone(&heads);
                thread::spawn(move || record(connection.unwrap(), &heads));
            }
        });
        recorder
    }

    /// The request for exactly this target, if there was one.
    pub fn take(&self, target: &str) -> Option<String> {
        let line = format!("GET {target} HTTP/1.1\r\n");
        let mut heads = self.heads.lock().unwrap();
        let nth = heads.iter().position(|head| head.starts_with(&line))?;
        Some(heads.swap_remove(nth))
    }
}

/// Answers each request on a connection with nothing.
fn record(connection: TcpStream, heads: &Heads) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut writer = connection;
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if !reader.read_until(b'\n', &mut head).is_ok_and(|read| read > 0) {
                return;
            }
        }
        heads.lock().unwrap().push(String::from_utf8(head).unwrap());
        if writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}
