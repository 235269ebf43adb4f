//! The two endpoints on axum: a handler asks for `Signed` as it would for
//! `Query`, and gets parameters that were verified, or is not called at all.
//!
//!     SECRET=changeme! cargo run --example axum

use std::{env, error::Error, sync::Arc};

use axum::{
    Json, Router,
    extract::{FromRef, FromRequestParts},
    http::{HeaderName, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use signed_query::{Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};

/// The verified query of a request. A request that is not good is answered with
/// 400 or 403 before the handler runs.
struct Signed(VerifiedQuery<'static>);

impl<S: Sync> FromRequestParts<S> for Signed
where
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let verifier = Arc::<Verifier>::from_ref(state);
        match verifier.verify(parts.uri.query().unwrap_or_default()) {
            Ok(query) => Ok(Self(query.into_owned())),
            Err(error) => {
                eprintln!("refused: {error}"); // for us; the client need not know why
                let status = StatusCode::from_u16(error.status()).expect("a status of HTTP");
                Err(Refusal(status, "the request is not signed as it should be"))
            }
        }
    }
}

impl Signed {
    fn text(&self, name: &str) -> Result<String, Refusal> {
        let value = self.0.get(name).ok_or(Refusal(StatusCode::BAD_REQUEST, "a parameter is missing"))?;
        Ok(value.into_owned())
    }
}

/// A status and what the client is told.
struct Refusal(StatusCode, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "status": "error", "error": self.1 }))).into_response()
    }
}

const PEOPLE: [(&str, &str); 2] = [("1", "Susan Red"), ("2", "John Smith")];

async fn search(query: Signed) -> Result<Json<Value>, Refusal> {
    let text = query.text("q")?.to_lowercase();
    let found = PEOPLE.iter().filter(|(_, name)| name.to_lowercase().contains(&text));
    let results: Vec<Value> = found.map(|(id, name)| json!({ "id": id, "name": name })).collect();
    Ok(Json(json!({ "results": results })))
}

async fn iframe(query: Signed) -> Result<impl IntoResponse, Refusal> {
    let id = query.text("id")?;
    let person = PEOPLE.iter().find(|(known, _)| *known == id);
    let (_, name) = person.ok_or(Refusal(StatusCode::NOT_FOUND, "there is no such person"))?;
    let policy = "default-src 'none'; frame-ancestors https://app.socialsignin.net";
    // Names are our own here; let a template library escape those of a database.
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(format!("<!DOCTYPE html><h1>{name}</h1>"))))
}

/// The URL is a credential: nothing may pass it on or keep what it gave.
async fn keep_private(mut response: Response) -> Response {
    let private: [(HeaderName, &str); 3] = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in private {
        response.headers_mut().insert(name, value.parse().expect("a header's value"));
    }
    response
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::var("SECRET").map_err(|_| "SECRET is not set, as in SECRET=changeme! cargo run …")?;
    let verifier = Verifier::new(Key::new(secret)?).ignoring(UNSIGNED_BY_PLATFORM);
    let app = Router::new()
        .route("/search", get(search))
        .route("/iframe", get(iframe))
        .layer(axum::middleware::map_response(keep_private))
        .with_state(Arc::new(verifier));
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".into());
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
