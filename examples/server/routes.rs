//! From a request to its answer: verify, look up, reply.

use hyper::{Method, Request, StatusCode, body::Incoming, header::HeaderValue};
use signed_query::{Error, Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier, webhook::Receiver};

use crate::{
    config::Config,
    database::Database,
    note::NoteLinks,
    page::{content_security_policy, page},
    reply::{Refusal, Reply, html, json},
    webhook,
};

/// What every request shares.
pub struct App {
    search: Verifier,
    iframe: Verifier,
    note_links: NoteLinks,
    webhooks: Receiver,
    database: Database,
    page_policy: HeaderValue,
}

impl App {
    pub fn new(config: Config, database: Database) -> Result<Self, Error> {
        let Config { secret, iframe_secret, webhook_secret, .. } = config;
        let previous = config.previous_secret.as_ref();
        let iframe = iframe_secret.unwrap_or_else(|| secret.clone());
        let webhooks = Receiver::new(webhook_secret.unwrap_or_else(|| secret.clone()));
        let policy = content_security_policy(&config.frame_ancestors);
        Ok(Self {
            note_links: NoteLinks::new(&iframe, previous)?,
            search: verifier(secret, previous),
            iframe: verifier(iframe, previous),
            webhooks: previous.cloned().into_iter().fold(webhooks, Receiver::or_key),
            database,
            page_policy: policy.try_into().expect("the configuration was checked"),
        })
    }
}

/// A verifier for what the platform signs, and for what it adds unsigned.
pub fn verifier(key: Key, previous: Option<&Key>) -> Verifier {
    let verifier = Verifier::new(key).ignoring(UNSIGNED_BY_PLATFORM);
    previous.cloned().into_iter().fold(verifier, Verifier::or_key)
}

/// What there is to ask for.
#[derive(Clone, Copy, Debug)]
enum Route {
    Search,
    Iframe,
    Note,
    Webhook,
}

impl Route {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/search" => Some(Self::Search),
            "/iframe" => Some(Self::Iframe),
            "/note" => Some(Self::Note),
            "/webhook" => Some(Self::Webhook),
            _ => None,
        }
    }
}

/// Answers a request, and logs how. The log has neither the query, which is a
/// credential, nor an unknown path, which may be a query that lost its `?`.
pub async fn answer(app: &App, request: Request<Incoming>) -> Reply {
    let (method, route) = (request.method().clone(), Route::of(request.uri().path()));
    match handle(app, request, route).await {
        Ok(reply) => {
            tracing::debug!(%method, ?route, status = reply.status().as_u16(), "answered");
            reply
        }
        Err(refusal) => {
            let status = refusal.status();
            if status.is_server_error() {
                tracing::error!(%method, ?route, status = status.as_u16(), reason = refusal.reason(), "failed");
            } else {
                tracing::debug!(%method, ?route, status = status.as_u16(), reason = refusal.reason(), "refused");
            }
            refusal.into_reply()
        }
    }
}

async fn handle(app: &App, request: Request<Incoming>, route: Option<Route>) -> Result<Reply, Refusal> {
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default();
    match (route.ok_or(Refusal::NoSuchPath)?, head.method) {
        (Route::Search, Method::GET | Method::HEAD) => search(app, query).await,
        (Route::Iframe, Method::GET | Method::HEAD) => iframe(app, query).await,
        (Route::Note, Method::POST) => {
            let added = app.note_links.add(&app.database, query, body).await?;
            show(app, added.person, added.expires).await
        }
        (Route::Webhook, Method::POST) => {
            webhook::receive(&app.webhooks, &app.database, &head.headers, body).await
        }
        (Route::Search | Route::Iframe, _) => Err(Refusal::MethodNotAllowed("GET, HEAD")),
        (Route::Note | Route::Webhook, _) => Err(Refusal::MethodNotAllowed("POST")),
    }
}

async fn search(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.search.verify(query)?;
    let matches = app.database.search(text(&query, "q")?).await?;
    Ok(json(StatusCode::OK, &matches))
}

async fn iframe(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.iframe.verify(query)?;
    show(app, text(&query, "id")?, app.note_links.expiry()).await
}

/// The page about a person, from which notes can be added until a Unix second.
async fn show(app: &App, person: String, notes_until: u64) -> Result<Reply, Refusal> {
    let note_link = app.note_links.sign(&person, notes_until)?;
    let person = app.database.person(person).await?.ok_or(Refusal::NoSuchPerson)?;
    Ok(html(page(&person, &note_link), app.page_policy.clone()))
}

/// A parameter as text, and not as what is left of it.
pub fn text(query: &VerifiedQuery<'_>, name: &'static str) -> Result<String, Refusal> {
    let bytes = query.get_bytes(name).ok_or(Refusal::BadParameter(name))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Refusal::BadParameter(name))
}
