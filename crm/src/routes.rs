//! From a request to its answer: verify, look up, reply.

use hyper::{
    HeaderMap, Method, StatusCode, Version,
    header::{ACCEPT, HOST},
    http::{request::Parts, uri::Authority},
};
use serde::Serialize;

use crate::{
    app::App,
    body::Upload,
    database::Match,
    health, iframe, note,
    page::refusal_page,
    query::text,
    reply::{Refusal, Refused, Reply, html, json},
    webhook::{self, Webhook},
};

/// The endpoints.
#[derive(Clone, Copy, Debug)]
enum Route<'a> {
    Search,
    Iframe,
    Person,
    Note,
    Webhook(&'a Webhook),
    Health,
}

/// The endpoint at a path.
fn route<'a>(app: &'a App, path: &str) -> Option<Route<'a>> {
    match path {
        "/search" => Some(Route::Search),
        "/iframe" => Some(Route::Iframe),
        "/person" => Some(Route::Person),
        "/note" => Some(Route::Note),
        "/health" => Some(Route::Health),
        _ => app.webhooks.at(path).map(Route::Webhook),
    }
}

/// Answers a request, and logs how. The log contains neither the query, which is a
/// credential, nor an unknown path, which may be a query that lost its `?`.
pub async fn answer(app: &App, head: Parts, body: &mut Upload<'_>) -> Reply {
    let (method, route) = (&head.method, route(app, head.uri.path()));
    // In a frame, even a refusal is a page for a person to read.
    let is_document = matches!(route, Some(Route::Iframe | Route::Person | Route::Note))
        && accepts_documents(&head.headers);
    match handle(app, &head, body, route, is_document).await {
        Ok(reply) => {
            tracing::debug!(%method, ?route, status = reply.status().as_u16(), "answered");
            reply
        }
        Err(Refused { refusal, typed }) => {
            let status = refusal.status().as_u16();
            // Only the first until the tally is logged: anyone can repeat a request that fails.
            if refusal.is_fault() && app.tally.has_none_like(&refusal) {
                tracing::error!(%method, ?route, status, reason = refusal.reason(), "failed");
            } else {
                tracing::debug!(%method, ?route, status, reason = refusal.reason(), "refused");
            }
            let is_first = app.tally.count(&refusal);
            if is_first && matches!(refusal, Refusal::NotVerified(signed_query::Error::Mismatch)) {
                tracing::info!("a signature does not match: {}", whose_secret(route));
            }
            let page = || html(refusal.status(), refusal_page(&refusal, &typed), app.page_policy.clone());
            match is_document.then(page) {
                Some(Ok(page)) => refusal.headed(page),
                _ => refusal.into_reply(),
            }
        }
    }
}

/// What to check when a signature does not match, for whoever set up both sides.
fn whose_secret(route: Option<Route<'_>>) -> String {
    let secrets = match route {
        Some(Route::Person | Route::Note) => {
            return "the link is one of this server's own; it was signed with another secret, or was changed since"
                .into();
        }
        Some(Route::Webhook(webhook)) => webhook.variable(),
        Some(Route::Iframe) => "SECRET (or IFRAME_SECRET)".into(),
        _ => "SECRET".into(),
    };
    format!(
        "is the secret in {secrets} the same as in the platform? \
         `signed-query explain` finds out what is wrong with a request"
    )
}

async fn handle(
    app: &App,
    head: &Parts,
    body: &mut Upload<'_>,
    route: Option<Route<'_>>,
    is_document: bool,
) -> Result<Reply, Refused> {
    if !names_its_host(head) {
        return Err(Refusal::BadHttp.into());
    }
    let query = head.uri.query().unwrap_or_default();
    let answered = match (route.ok_or(Refusal::NoSuchPath)?, &head.method) {
        (Route::Search, &Method::GET | &Method::HEAD) => search(app, query).await,
        (Route::Iframe, &Method::GET | &Method::HEAD) => iframe::iframe(app, query).await,
        (Route::Health, &Method::GET | &Method::HEAD) => health::answer(app).await,
        (Route::Person, &Method::GET | &Method::HEAD) => {
            iframe::show(app, app.links.verify_page(query)?, None).await
        }
        (Route::Note, &Method::POST) => return note::add(app, query, body, is_document).await,
        (Route::Webhook(webhook), &Method::POST) => {
            webhook::receive(webhook, &app.database, &head.headers, body).await
        }
        (Route::Note | Route::Webhook(_), _) => Err(Refusal::MethodNotAllowed("POST")),
        (_, _) => Err(Refusal::MethodNotAllowed("GET, HEAD")),
    };
    answered.map_err(Refused::from)
}

async fn search(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.search.verify(query)?;
    let sought = Some(text(&query, "q")?).filter(|sought| !sought.is_empty());
    let results = app.database.search(&sought.ok_or(Refusal::BadParameter("q"))?).await?;
    json(StatusCode::OK, &Matches { results })
}

/// The result of a search, as the platform expects it.
#[derive(Serialize)]
struct Matches {
    results: Vec<Match>,
}

/// Whether a request has one `Host`, or none where HTTP/1.0 allows that (RFC 9112, 3.2): of
/// two, a proxy in front may have used the other.
fn names_its_host(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(HOST).iter();
    let Some(host) = hosts.next() else { return head.version < Version::HTTP_11 };
    // A port may follow the name, and may be empty.
    let is_host = |authority: Authority| match authority.as_str().strip_prefix(authority.host()) {
        Some("" | ":") => true,
        Some(port) => !port.contains('@') && authority.port_u16().is_some(),
        None => false,
    };
    let is_valid = host.is_empty() || Authority::try_from(host.as_bytes()).is_ok_and(is_host);
    is_valid && hosts.next().is_none()
}

/// Whether a page is wanted, as by browsers for what they show in a window or a frame.
fn accepts_documents(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|accept| accept.to_str().ok());
    let mut types = accepted.flat_map(|accept| accept.split(','));
    types.any(|accepted| {
        let mut parts = accepted.split(';').map(|part| part.trim().to_ascii_lowercase());
        let is_refused = |part: String| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        parts.next().as_deref() == Some("text/html") && !parts.any(is_refused)
    })
}
