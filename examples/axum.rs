//! The platform's search and its page for one person on axum. A handler asks for `Signed<T>`
//! as it would for `Query<T>`, and gets a `T` read from verified parameters; if the request is
//! not valid, it is not called. A server in production needs more, which `crm` has. For example,
//! a client that sends a large body before it reads sees no answer here, and `axum::serve` sets
//! no limit on headers, so a proxy in front has to.
//!
//!     SECRET=changeme! cargo run --example axum

use std::{
    env,
    error::Error,
    io::Write,
    process::ExitCode,
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use axum::{
    Json, Router,
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use signed_query::{Error as Refused, Key, UNSIGNED_BY_PLATFORM, Verifier};
use tokio::{net::TcpListener, signal::ctrl_c, sync::oneshot, time::sleep};

/// For requests in flight at the end.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longer than any of the platform's requests is valid.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const HELP: &str = "\
Answers the platform's signed requests to search for people and to show one of them.

Usage: SECRET=… cargo run --example axum

  SECRET  the secret shared with the platform; required
  LISTEN  address and port, or just a port, on 127.0.0.1; default: 127.0.0.1:8080

An empty variable counts as unset.";

/// What all handlers share.
#[derive(Clone)]
struct Shared {
    verifier: Arc<Verifier>,
    log: SyncSender<String>,
}

/// The verified parameters of a request. A request that is not valid, or lacks a parameter of
/// `T`, is answered with 400 or 403 before the handler runs.
struct Signed<T>(T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Signed<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refusal> {
        let query = shared.verifier.verify(parts.uri.query().unwrap_or_default());
        query.and_then(|query| query.deserialize()).map(Self).map_err(|error| {
            let _ = shared.log.try_send(format!("refused: {error}")); // the client is told less
            let status = StatusCode::from_u16(error.status()).expect("a status of HTTP");
            let why = match error {
                Refused::UnexpectedValue { .. } => "a parameter is missing or malformed",
                _ => "the signature is missing, wrong or expired",
            };
            Refusal(status, why)
        })
    }
}

/// A status and what the client is told.
struct Refusal(StatusCode, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "status": "error", "error": self.1 }))).into_response()
    }
}

const PEOPLE: [(&str, &str); 3] = [("1", "Susan Red"), ("5", "Agnes Smithers"), ("2", "John Smith")];

#[derive(Deserialize)]
struct Search {
    q: String,
}

async fn search(Signed(search): Signed<Search>) -> Result<Json<Value>, Refusal> {
    let text = search.q.to_lowercase();
    if text.is_empty() {
        return Err(Refusal(StatusCode::BAD_REQUEST, "a parameter is empty"));
    }
    let found = PEOPLE.iter().filter(|(_, name)| name.to_lowercase().contains(&text));
    let results: Vec<Value> = found.map(|(id, name)| json!({ "id": id_of(id), "name": name })).collect();
    Ok(Json(json!({ "results": results })))
}

/// An integer in canonical digits is a number, as the platform's own sample has it, up to
/// 2^53, beyond which JavaScript would round it; any other id is text.
fn id_of(text: &str) -> Value {
    let number = text.parse().ok().filter(|number: &u64| *number <= 1 << 53 && number.to_string() == text);
    number.map_or_else(|| text.into(), Value::from)
}

#[derive(Deserialize)]
struct Iframe {
    id: String,
}

async fn iframe(Signed(Iframe { id }): Signed<Iframe>) -> Result<impl IntoResponse, Refusal> {
    let person = PEOPLE.iter().find(|(known, _)| *known == id);
    let (_, name) = person.ok_or(Refusal(StatusCode::NOT_FOUND, "there is no such person"))?;
    let policy = "default-src 'none'; frame-ancestors https://app.socialsignin.net https://www.orlo.app";
    // These names are constants; for those from a database, use a template library that escapes.
    let page = format!(
        r#"<!DOCTYPE html><html lang="en"><head><title>{name}</title></head><body><h1>{name}</h1></body></html>"#
    );
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)))
}

/// The URL is a credential: nobody may pass it on or keep what it gave.
async fn keep_private(mut response: Response) -> Response {
    let private: [(HeaderName, &'static str); 3] = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = response.headers_mut();
    for (name, value) in private {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Only the page may be framed.
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(nothing);
    response
}

/// A separate thread writes lines to standard error, so that no request waits, or panics, for one.
fn log() -> SyncSender<String> {
    let (log, lines) = sync_channel(1000);
    thread::spawn(move || {
        for line in lines {
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    });
    log
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "axum: {error}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    match env::args_os().nth(1) {
        None => {}
        Some(argument) if argument == "-h" || argument == "--help" => {
            let _ = writeln!(std::io::stdout(), "{HELP}"); // `println!` may panic
            return Ok(());
        }
        Some(other) => return Err(format!("unknown argument {other:?}; see --help").into()),
    }
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let secret = set("SECRET").ok_or("SECRET is not set; set it, as in SECRET=changeme! cargo run …")?;
    let verifier = Verifier::new(Key::new(secret.as_encoded_bytes())?).ignoring(UNSIGNED_BY_PLATFORM)?;
    let verifier = Arc::new(verifier.max_lifetime(MAX_LIFETIME));
    let app = Router::new()
        .route("/search", get(search))
        .route("/iframe", get(iframe))
        .layer(axum::middleware::map_response(keep_private))
        .with_state(Shared { verifier, log: log() });
    let listen = set("LISTEN").map(|listen| listen.to_string_lossy().into_owned());
    let origin = if listen.is_some() { "from LISTEN" } else { "the default; set LISTEN to change it" };
    let listen = listen.unwrap_or_else(|| "8080".to_owned());
    let address = if listen.contains(':') { listen } else { format!("127.0.0.1:{listen}") };
    let unusable = |error| format!("can't listen on {address} ({origin}): {error}");
    let listener = TcpListener::bind(&address).await.map_err(unusable)?;
    let _ = writeln!(std::io::stdout(), "Listening on http://{}", listener.local_addr()?);
    let (stopping, stopped) = oneshot::channel();
    let stop = async {
        let _ = ctrl_c().await;
        let _ = stopping.send(());
    };
    let served = axum::serve(listener, app).with_graceful_shutdown(stop).into_future();
    let patience = async {
        let _ = stopped.await;
        sleep(PATIENCE).await;
    };
    tokio::select!(served = served => served?, () = patience => ());
    Ok(())
}
