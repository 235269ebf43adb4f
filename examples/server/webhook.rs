//! `POST /webhook`: notifications of the platform, stored before they are
//! acknowledged.

use hyper::{HeaderMap, StatusCode, header::HeaderValue};
use signed_query::{
    Error,
    webhook::{HASH_HEADER, Receiver},
};

use crate::{
    body::Upload,
    database::Database,
    reply::{Refusal, Reply, json_text},
};

/// What a notification may take up, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

pub async fn receive(
    receiver: &Receiver,
    database: &Database,
    headers: &HeaderMap,
    body: &mut Upload<'_>,
) -> Result<Reply, Refusal> {
    let header = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    check_headers(receiver, header)?;
    let body = body.read(MAX_BYTES).await?;
    let notification = receiver.verify(&body, header)?;
    database.store_notification(&notification).await?;
    Ok(json_text(StatusCode::OK, notification.acknowledgement().json()))
}

/// Refuses what no body could make good, before one is read.
fn check_headers<'n>(receiver: &'n Receiver, header: impl Fn(&str) -> Option<&'n [u8]>) -> Result<(), Error> {
    let hash = header(HASH_HEADER);
    match receiver.verify(&[], header) {
        Err(Error::Mismatch) if hash.is_some_and(is_hash) => Ok(()),
        checked => checked.map(drop),
    }
}

/// Whether this is the hash of anything: SHA-256, in lower-case hex.
fn is_hash(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
