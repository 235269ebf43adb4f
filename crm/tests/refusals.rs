//! Refusals are seen by whoever sends a large body, and cost the server little.

mod common;

use std::process::Command;

use common::{
    client::Client,
    did_not_run::did_not_run,
    server::{SECRET, Server},
    webhook::{hash, head, headers},
};

/// Every path and method that refuses, or that looks at no body, with its status.
fn requests(server: &Server) -> Vec<(String, Vec<String>, u16)> {
    let hash = hash("another secret", "{}");
    let good_headers = headers(&hash).map(|(name, value)| format!("{name}: {value}")).to_vec();
    let page = server.get("/iframe?id=1");
    vec![
        (server.url("/webhook"), good_headers, 413),
        (server.url("/webhook"), Vec::new(), 400),
        (server.note_url(&page), Vec::new(), 413),
        (server.url("/note?id=1"), Vec::new(), 400),
        (server.url("/nowhere"), Vec::new(), 404),
        (server.url("/health"), Vec::new(), 405),
        (server.signed_url("/search?q=red"), Vec::new(), 405),
    ]
}

/// What a script prints for each of them: a line for each way to send, of its name, the
/// status, and how long the body of the answer was.
fn every_way_sees_the_refusal(program: &str, package: &str, script: &str, ways: usize) {
    let server = Server::with(&[("LOG", "info")]);
    let script = format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR"));
    for (url, headers, status) in requests(&server) {
        let output = match Command::new(program).arg(&script).arg(&url).args(headers).output() {
            Ok(output) => output,
            Err(error) => return did_not_run(program, package, &error),
        };
        let lines = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{url}: {lines}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(lines.lines().count(), ways, "{lines}");
        for line in lines.lines() {
            let [name, seen, length] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert_eq!(seen.parse(), Ok(status), "{name} at {url}");
            assert!(length.parse::<u32>().unwrap() > 20, "{name} at {url}");
        }
    }
    assert!(server.highest_memory() < 100 * 1024, "{}", server.highest_memory());
}

#[test]
fn clients_in_python_see_every_refusal() {
    every_way_sees_the_refusal("python3", "python3", "post.py", 3);
}

#[test]
fn clients_in_node_see_every_refusal() {
    every_way_sees_the_refusal("node", "nodejs", "post.mjs", 4);
}

#[test]
fn a_length_over_the_limit_is_refused_before_anything_is_read() {
    let server = Server::start();
    for (url, headers, status) in requests(&server) {
        let path = &url[server.url("").len()..];
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        for length in [2_000_000, 50_000_000, 1_u64 << 62] {
            let mut client = Client::connect(server.address).unwrap();
            client
                .send(format!(
                    "POST {path} HTTP/1.1\r\nHost: a\r\n{headers}Content-Length: {length}\r\n\
                     Expect: 100-continue\r\n\r\n"
                ))
                .unwrap();
            // Not after `100 Continue`.
            let answer = client.answer().unwrap();
            assert_eq!(answer.status, status, "{path}");
            assert!(answer.says_close(), "{answer:?}");
            client.wait_for_end();
        }
    }
}

#[test]
fn a_body_that_is_wanted_is_asked_for() {
    let server = Server::start();
    let mut client = Client::connect(server.address).unwrap();
    let hash = hash(SECRET, "{}");
    client.send(head(&hash, "Content-Length: 2\r\nExpect: 100-continue")).unwrap();
    assert_eq!(client.answer().unwrap().status, 100);
    client.send("{}").unwrap();
    let answer = client.answer().unwrap();
    assert!(answer.status == 200 && !answer.says_close(), "{answer:?}");
    // The same connection goes on.
    assert_eq!(client.get("/health").unwrap().status, 200);
}
