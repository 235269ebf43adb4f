//! Requests to a server, and its answers.

use std::{io::Read, time::Duration};

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    headers: ureq::http::HeaderMap,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Any request without a body, on a connection of its own.
pub fn fetch(method: &str, url: &str) -> Reply {
    send(method, url, &[], "")
}

/// Any request, on a connection of its own, and its very answer.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    try_send(method, url, headers, body).unwrap()
}

/// The same to a server that may have ended.
pub fn try_send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Result<Reply, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body.as_ref();
    let response = if body.is_empty() {
        agent.run(request.body(()).unwrap())
    } else {
        agent.run(request.body(body).unwrap())
    };
    let mut response = response?;
    let mut body = String::new();
    response.body_mut().as_reader().read_to_string(&mut body)?;
    Ok(Reply { status: response.status().as_u16(), body, headers: response.headers().clone() })
}
