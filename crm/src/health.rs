//! `GET /health`: whether a load balancer should send requests here. It needs no signature
//! and reveals nothing else.

use hyper::StatusCode;
use serde::Serialize;

use crate::{
    app::App,
    reply::{Refusal, Reply, json},
};

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

pub async fn answer(app: &App) -> Result<Reply, Refusal> {
    if app.stopping.has_begun() {
        let stopping = Health { status: "stopping" };
        return json(StatusCode::SERVICE_UNAVAILABLE, &stopping);
    }
    app.database.ping().await.map_err(|error| Refusal::Unhealthy(error.into()))?;
    json(StatusCode::OK, &Health { status: "ok" })
}
