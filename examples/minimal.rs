//! How the library is wired in, and no more: the platform's search and its look at
//! one person, on bare hyper, with the people in an array.
//!
//!     SECRET=changeme! cargo run --example minimal

use std::{convert::Infallible, env, error::Error, io::Write, pin::pin, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, body::Bytes, body::Incoming, server::conn::http1, service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use maud::html;
use serde_json::{Value, json};
use signed_query::{Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};
use tokio::signal::unix::{SignalKind, signal};
use tokio::{net::TcpListener, time::sleep, time::timeout};

const PEOPLE: [(&str, &str); 3] = [("1", "Susan Red"), ("2", "John Smith"), ("5", "Agnes Smithers")];

/// Only the platform may frame the page, which loads nothing.
const PAGE_POLICY: &str =
    "default-src 'none'; frame-ancestors https://app.socialsignin.net https://www.orlo.app";
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// For headers (hyper counts the time before them too), and for a request at the end.
const PATIENCE: Duration = Duration::from_secs(10);
/// The platform's requests are good for less.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

type Reply = Response<Full<Bytes>>;

/// A status, and what the client is told.
struct Refusal(u16, &'static str);

fn answer(verifier: &Verifier, request: &Request<Incoming>) -> Reply {
    let query = || verified(verifier, request);
    let answered = match (request.uri().path(), request.method()) {
        ("/search", &Method::GET | &Method::HEAD) => query().and_then(|query| search(&query)),
        ("/iframe", &Method::GET | &Method::HEAD) => query().and_then(|query| iframe(&query)),
        ("/search" | "/iframe", _) => Err(Refusal(405, "only GET and HEAD can be used here")),
        _ => Err(Refusal(404, "there is nothing at this path")),
    };
    answered.unwrap_or_else(|Refusal(status, error)| {
        json_reply(status, &json!({ "status": "error", "error": error }))
    })
}

/// What the platform vouches for. Nothing but this is read of the query.
fn verified<'r>(verifier: &Verifier, request: &'r Request<Incoming>) -> Result<VerifiedQuery<'r>, Refusal> {
    let query = request.uri().query().unwrap_or_default();
    verifier
        .verify(query)
        .map_err(|error| Refusal(error.status(), "the request is not signed as it should be"))
}

fn search(query: &VerifiedQuery) -> Result<Reply, Refusal> {
    let text =
        query.get("q").filter(|text| !text.is_empty()).ok_or(Refusal(400, "`q` is missing or empty"))?;
    let is_found = |name: &str| name.to_lowercase().contains(&text.to_lowercase());
    let found = PEOPLE.iter().filter(|(_, name)| is_found(name));
    let results: Vec<Value> = found.map(|(id, name)| json!({ "id": id, "name": name })).collect();
    Ok(json_reply(200, &json!({ "results": results })))
}

fn iframe(query: &VerifiedQuery) -> Result<Reply, Refusal> {
    let id = query.get("id").ok_or(Refusal(400, "`id` is missing"))?;
    let person = PEOPLE.iter().find(|(known, _)| *known == id);
    let (_, name) = person.ok_or(Refusal(404, "there is no such person"))?;
    let page = html! { (maud::DOCTYPE) html lang="en" { head { title { (name) } } body { h1 { (name) } } } };
    Ok(reply(200, "text/html; charset=utf-8", PAGE_POLICY, page.into_string()))
}

fn json_reply(status: u16, value: &Value) -> Reply {
    reply(status, "application/json", NO_PAGE, value.to_string())
}

/// The URL is a credential: nothing may pass it on or keep what it gave.
fn reply(status: u16, content_type: &str, policy: &str, body: String) -> Reply {
    let reply = Response::builder().status(status).header("content-type", content_type);
    let reply = reply.header("content-security-policy", policy).header("cache-control", "no-store");
    let reply = reply.header("referrer-policy", "no-referrer").header("x-content-type-options", "nosniff");
    let reply = if status == 405 { reply.header("allow", "GET, HEAD") } else { reply };
    reply.body(body.into()).expect("these are headers")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::var_os("SECRET").ok_or("SECRET is not set, as in SECRET=changeme! cargo run …")?;
    let verifier = Verifier::new(Key::new(secret.as_encoded_bytes())?).ignoring(UNSIGNED_BY_PLATFORM);
    let verifier = Arc::new(verifier.max_lifetime(MAX_LIFETIME));
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".into());
    let listener = TcpListener::bind(&listen).await;
    let listener =
        listener.map_err(|error| format!("can't listen on LISTEN={listen} (address:port): {error}"))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut stop =
        pin!(async { tokio::select!(_ = terminate.recv() => (), _ = tokio::signal::ctrl_c() => ()) });
    // `println!` would panic where nobody reads it.
    let _ = writeln!(std::io::stdout(), "Listening on http://{}", listener.local_addr()?);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select!(accepted = listener.accept() => accepted, () = &mut stop => break);
        let Ok((stream, _)) = accepted else {
            sleep(Duration::from_millis(100)).await; // out of files, most likely
            continue;
        };
        let verifier = Arc::clone(&verifier);
        let service = service_fn(move |request| {
            let reply = answer(&verifier, &request);
            async { Ok::<_, Infallible>(reply) }
        });
        let mut server = http1::Builder::new();
        let server = server.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(32 * 1024);
        tokio::spawn(connections.watch(server.serve_connection(TokioIo::new(stream), service)));
    }
    let _ = timeout(PATIENCE, connections.shutdown()).await;
    Ok(())
}
