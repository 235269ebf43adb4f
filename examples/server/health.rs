//! `GET /health`: whether a balancer should send requests here. It is not signed,
//! and says no more than that.

use hyper::StatusCode;
use serde::Serialize;

use crate::{
    database::Database,
    reply::{Refusal, Reply, json},
    stop::Stopping,
};

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

pub async fn answer(database: &Database, stopping: &Stopping) -> Result<Reply, Refusal> {
    if stopping.has_begun() {
        let stopping = Health { status: "stopping" };
        return json(StatusCode::SERVICE_UNAVAILABLE, &stopping);
    }
    database.ping().await.map_err(|error| Refusal::Unhealthy(error.into()))?;
    json(StatusCode::OK, &Health { status: "ok" })
}
