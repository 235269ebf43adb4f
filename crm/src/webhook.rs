//! `POST /webhook`: notifications of the platform, stored before they are
//! acknowledged.

use std::fmt;

use hyper::{HeaderMap, StatusCode, header::HeaderValue};
use signed_query::{
    Error, Key,
    webhook::{HASH_HEADER, Receiver},
};

use crate::{
    body::Upload,
    database::Database,
    hooks::SECRET_OF,
    reply::{Refusal, Reply, json_text},
};

const PATH: &str = "/webhook";
/// How large a notification may be, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// A webhook: its path, and what verifies the notifications sent there.
pub struct Webhook {
    path: String,
    receiver: Receiver,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

impl Webhook {
    /// The variable that holds its secret.
    pub fn variable(&self) -> String {
        match self.path.rsplit_once('/') {
            Some((PATH, name)) => format!("{SECRET_OF}{name}"),
            _ => "SECRET (or WEBHOOK_SECRET)".to_owned(),
        }
    }
}

/// All webhooks.
#[derive(Default)]
pub struct Webhooks(Vec<Webhook>);

impl Webhooks {
    /// Adds the webhook at `/webhook` followed by `below`. It accepts the previous key as well.
    pub fn add(&mut self, below: &str, key: Key, previous: Option<&Key>) {
        let receiver = previous.cloned().into_iter().fold(Receiver::new(key), Receiver::or_key);
        self.0.push(Webhook { path: format!("{PATH}{below}"), receiver });
    }

    /// The webhook at a path, in which the name may be in upper or lower case.
    pub fn at(&self, path: &str) -> Option<&Webhook> {
        let is_here = |webhook: &&Webhook| webhook.path.eq_ignore_ascii_case(path);
        self.0.iter().find(is_here).filter(|_| path.starts_with(PATH))
    }
}

pub async fn receive(
    webhook: &Webhook,
    database: &Database,
    headers: &HeaderMap,
    body: &mut Upload<'_>,
) -> Result<Reply, Refusal> {
    let header = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let receiver = &webhook.receiver;
    check_headers(receiver, header)?;
    let body = body.read(MAX_BYTES).await?;
    let notification = receiver.verify(&body, header)?;
    database.store_notification(&notification).await?;
    Ok(json_text(StatusCode::OK, notification.acknowledgement().json()))
}

/// Refuses headers that no body could make valid, before a body is read.
fn check_headers<'n>(receiver: &'n Receiver, header: impl Fn(&str) -> Option<&'n [u8]>) -> Result<(), Error> {
    let hash = header(HASH_HEADER);
    match receiver.verify(&[], header) {
        Err(Error::Mismatch) if hash.is_some_and(is_hash) => Ok(()),
        checked => checked.map(drop),
    }
}

/// Whether this can be a hash at all: SHA-256 in lower-case hex.
fn is_hash(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
