//! `GET /health`: whether a balancer should send requests here. It is not signed,
//! and says no more than that.

use hyper::StatusCode;
use serde::Serialize;

use crate::{
    reply::{Refusal, Reply, json},
    routes::App,
};

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

pub async fn health(app: &App) -> Result<Reply, Refusal> {
    if app.stopping.has_begun() {
        return Err(Refusal::Stopping);
    }
    app.database.ping().await.map_err(|error| Refusal::Unhealthy(error.into()))?;
    json(StatusCode::OK, &Health { status: "ok" })
}
