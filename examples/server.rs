//! The smallest server that uses the library: the platform's search and its page for one
//! person, on bare hyper, with the people in an array. A server in production needs more,
//! which `crm` has. For example, a client that sends a large body before it reads sees no
//! answer here.
//!
//!     SECRET=changeme! cargo run --example server

use std::io::{Write, stderr, stdout};
use std::{convert::Infallible, env, error::Error, pin::pin, process::ExitCode, sync::Arc, time::Duration};

use hyper::body::Incoming;
use hyper::{Method, Request, Response, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, rt::TokioTimer, server::graceful::GracefulShutdown};
use serde_json::{Value, json};
use signed_query::{Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};
use tokio::{net::TcpListener, signal::ctrl_c, time::sleep, time::timeout};

const PEOPLE: [(&str, &str); 3] = [("1", "Susan Red"), ("5", "Agnes Smithers"), ("2", "John Smith")];
/// Only the platform may frame the page, which loads nothing.
const PAGE_POLICY: &str =
    "default-src 'none'; frame-ancestors https://app.socialsignin.net https://www.orlo.app";
/// For headers (including the time before them), and for requests in flight at the end.
const PATIENCE: Duration = Duration::from_secs(10);
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60); // longer than any of the platform's

type Reply = Response<String>;
struct Refusal(u16, &'static str); // a status, and what the client is told

fn answer(verifier: &Verifier, request: &Request<Incoming>) -> Result<Reply, Refusal> {
    let endpoint = match (request.uri().path(), request.method()) {
        ("/search", &Method::GET | &Method::HEAD) => search,
        ("/iframe", &Method::GET | &Method::HEAD) => iframe,
        ("/search" | "/iframe", _) => return Err(Refusal(405, "only GET and HEAD can be used here")),
        _ => return Err(Refusal(404, "there is nothing at this path")),
    };
    match verifier.verify(request.uri().query().unwrap_or_default()) {
        // Only the verified query is read from here on.
        Ok(query) => endpoint(&query),
        Err(error) => Err(Refusal(error.status(), "the signature is missing, wrong or expired")),
    }
}

fn search(query: &VerifiedQuery) -> Result<Reply, Refusal> {
    let text = query.get("q").filter(|text| !text.is_empty()).ok_or(Refusal(400, "there is no `q`"))?;
    let found = PEOPLE.iter().filter(|(_, name)| name.to_lowercase().contains(&text.to_lowercase()));
    let results: Vec<Value> = found.map(|(id, name)| json!({ "id": id_of(id), "name": name })).collect();
    Ok(json_reply(200, &json!({ "results": results })))
}

fn iframe(query: &VerifiedQuery) -> Result<Reply, Refusal> {
    let id = query.get("id").ok_or(Refusal(400, "`id` is missing"))?;
    let (_, name) = PEOPLE.iter().find(|one| one.0 == id).ok_or(Refusal(404, "there is no such person"))?;
    let name = name.replace('&', "&amp;").replace('<', "&lt;"); // in attributes, quotes would need it too
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{name}</title></head><body><h1>{name}</h1></body></html>"
    );
    Ok(reply(200, "text/html; charset=utf-8", PAGE_POLICY, page))
}

/// An integer in canonical digits is a number, as the platform's own sample has it, up to
/// 2^53, beyond which JavaScript would round it; any other id is text.
fn id_of(text: &str) -> Value {
    let number = text.parse().ok().filter(|number: &u64| *number <= 1 << 53 && number.to_string() == text);
    number.map_or_else(|| text.into(), Value::from)
}

fn json_reply(status: u16, value: &Value) -> Reply {
    reply(status, "application/json", "default-src 'none'; frame-ancestors 'none'", value.to_string())
}

/// The URL is a credential: nobody may pass it on or keep what it gave.
fn reply(status: u16, content_type: &str, policy: &str, body: String) -> Reply {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .header("content-security-policy", policy)
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .header("x-content-type-options", "nosniff")
        .header("allow", "GET, HEAD")
        .body(body)
        .expect("these are headers")
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let secret = set("SECRET").ok_or("SECRET is not set; set it, as in SECRET=changeme! cargo run …")?;
    let key = Key::new(secret.as_encoded_bytes())?;
    let verifier = Arc::new(Verifier::new(key).ignoring(UNSIGNED_BY_PLATFORM)?.max_lifetime(MAX_LIFETIME));
    let listen = set("LISTEN").map(|listen| listen.to_string_lossy().into_owned());
    let origin = if listen.is_some() { "from LISTEN" } else { "the default; set LISTEN to change it" };
    let listen = listen.unwrap_or_else(|| "8080".to_owned());
    let address = if listen.contains(':') { listen } else { format!("127.0.0.1:{listen}") };
    let unusable = |error| format!("can't listen on {address} ({origin}): {error}");
    let listener = TcpListener::bind(&address).await.map_err(unusable)?;
    let mut stop = pin!(ctrl_c());
    let _ = writeln!(stdout(), "Listening on http://{}", listener.local_addr()?); // `println!` may panic
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(32 * 1024);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select!(accepted = listener.accept() => accepted, _ = &mut stop => break);
        let Ok((stream, _)) = accepted else {
            sleep(Duration::from_millis(100)).await; // most likely out of files
            continue;
        };
        let verifier = Arc::clone(&verifier);
        let service = service_fn(move |request| {
            let answer = answer(&verifier, &request).unwrap_or_else(|Refusal(status, error)| {
                json_reply(status, &json!({ "status": "error", "error": error }))
            });
            async { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(connections.watch(http.serve_connection(TokioIo::new(stream), service)));
    }
    let _ = timeout(PATIENCE, connections.shutdown()).await;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    if let Some(argument) = env::args_os().nth(1) {
        let _ = writeln!(stdout(), "Usage: SECRET=… [LISTEN=8080] cargo run --example server");
        return ExitCode::from(u8::from(argument != "--help" && argument != "-h"));
    }
    let Err(error) = serve().await else { return ExitCode::SUCCESS };
    let _ = writeln!(stderr(), "server: {error}");
    ExitCode::FAILURE
}
