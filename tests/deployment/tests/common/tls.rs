//! A connection by TLS on which any bytes can be sent, also those that no client
//! would: `openssl s_client` between two pipes.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

pub struct Connection {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// What came back: an empty head where nothing did.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Connection {
    pub fn open(port: u16) -> Self {
        let mut process = Command::new("openssl")
            .args(["s_client", "-quiet", "-servername", "signed-query.example"])
            .args(["-connect", &format!("127.0.0.1:{port}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, to, from: BufReader::new(from) }
    }

    /// Sends bytes. Whoever refuses them may have closed before it has all.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.to.write_all(bytes.as_ref()).and_then(|()| self.to.flush());
    }

    /// Reads one answer to a request that was no `HEAD`.
    pub fn answer(&mut self) -> Answer {
        let mut head = String::new();
        while self.from.read_line(&mut head).unwrap() > 2 {}
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let length = header(&head, "content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.unwrap_or_default()];
        self.from.read_exact(&mut body).unwrap();
        Answer { status, head, body: String::from_utf8(body).unwrap() }
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(this, _)| this.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
