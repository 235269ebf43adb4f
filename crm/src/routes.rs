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

/// What there is to ask for.
#[derive(Clone, Copy, Debug)]
enum Route<'a> {
    Search,
    Iframe,
    Person,
    Note,
    Webhook(&'a Webhook),
    Health,
}

/// What there is at a path.
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

/// Answers a request, and logs how. The log has neither the query, which is a
/// credential, nor an unknown path, which may be a query that lost its `?`.
pub async fn answer(app: &App, head: Parts, body: &mut Upload<'_>) -> Reply {
    let (method, route) = (&head.method, route(app, head.uri.path()));
    // A frame shows a page for a person to read, even if it is a refusal.
    let is_document = matches!(route, Some(Route::Iframe | Route::Person | Route::Note))
        && accepts_documents(&head.headers);
    match handle(app, &head, body, route, is_document).await {
        Ok(reply) => {
            tracing::debug!(%method, ?route, status = reply.status().as_u16(), "answered");
            reply
        }
        Err(Refused { refusal, typed }) => {
            let status = refusal.status().as_u16();
            // The first that the tally has: anyone can ask again for what failed.
            if refusal.is_fault() && app.tally.has_none_like(&refusal) {
                tracing::error!(%method, ?route, status, reason = refusal.reason(), "failed");
            } else {
                tracing::debug!(%method, ?route, status, reason = refusal.reason(), "refused");
            }
            let is_first = app.tally.count(&refusal);
            if is_first && matches!(refusal, Refusal::NotVerified(signed_query::Error::Mismatch)) {
                tracing::info!("a signature is wrong: {}", whose_secret(route));
            }
            let page = || html(refusal.status(), refusal_page(&refusal, &typed), app.page_policy.clone());
            match is_document.then(page) {
                Some(Ok(page)) => refusal.headed(page),
                _ => refusal.into_reply(),
            }
        }
    }
}

/// What to look at when a signature is wrong, for whoever set up both sides.
fn whose_secret(route: Option<Route<'_>>) -> String {
    let secrets = match route {
        Some(Route::Person | Route::Note) => {
            return "this server made that link itself, with another secret, or it was changed on its way"
                .into();
        }
        Some(Route::Webhook(webhook)) => webhook.variable(),
        Some(Route::Iframe) => "SECRET (or IFRAME_SECRET)".into(),
        _ => "SECRET".into(),
    };
    format!(
        "is the secret in {secrets} the one that is set in the platform? \
         `signed-query explain` tells what is wrong with a request"
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

/// What a search found, as the platform wants it.
#[derive(Serialize)]
struct Matches {
    results: Vec<Match>,
}

/// Whether a request has one `Host`, or none where HTTP/1.0 allows that (RFC 9112, 3.2):
/// whoever stands in front may have gone by the other one.
fn names_its_host(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(HOST).iter();
    let Some(host) = hosts.next() else { return head.version < Version::HTTP_11 };
    // Behind its name there is a port, which may be empty.
    let is_host = |authority: Authority| match authority.as_str().strip_prefix(authority.host()) {
        Some("" | ":") => true,
        Some(port) => !port.contains('@') && authority.port_u16().is_some(),
        None => false,
    };
    let is_good = host.is_empty() || Authority::try_from(host.as_bytes()).is_ok_and(is_host);
    is_good && hosts.next().is_none()
}

/// Whether a page is asked for, as browsers do for what a window or a frame shows.
fn accepts_documents(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|accept| accept.to_str().ok());
    let mut types = accepted.flat_map(|accept| accept.split(','));
    types.any(|accepted| {
        let mut parts = accepted.split(';').map(|part| part.trim().to_ascii_lowercase());
        let is_refused = |part: String| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        parts.next().as_deref() == Some("text/html") && !parts.any(is_refused)
    })
}
