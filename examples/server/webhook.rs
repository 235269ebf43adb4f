//! `POST /webhook`: notifications of the platform, stored before they are
//! acknowledged.

use hyper::{HeaderMap, StatusCode, body::Incoming, header::HeaderValue};
use signed_query::webhook::{Notification, Receiver};

use crate::{
    body,
    database::{Database, Result},
    reply::{Refusal, Reply, json_text},
};

/// What a notification may take up, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

pub async fn receive(
    receiver: &Receiver,
    database: &Database,
    headers: &HeaderMap,
    body: Incoming,
) -> std::result::Result<Reply, Refusal> {
    let body = body::read(body, MAX_BYTES).await?;
    let notification = receiver.verify(&body, |name| headers.get(name).map(HeaderValue::as_bytes))?;
    database.store_notification(&notification).await?;
    Ok(json_text(StatusCode::OK, notification.acknowledgement().json()))
}

impl Database {
    /// Stores a notification, once for each hook id and hash: the platform sends
    /// again what it thinks was not acknowledged.
    async fn store_notification(&self, notification: &Notification<'_>) -> Result<()> {
        let row = (
            notification.hook_id().to_owned(),
            notification.hash().to_owned(),
            notification.body().to_owned(),
        );
        self.call(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO notifications (hook_id, hash, body, received_at) VALUES (?1, ?2, ?3, unixepoch())
                     ON CONFLICT DO NOTHING",
                )?
                .execute(row)?;
            Ok(())
        })
        .await
    }
}
