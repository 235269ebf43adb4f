//! From a request to its answer: verify, look up, reply.

use hyper::{Method, StatusCode, header::HeaderValue, http::request::Parts};
use signed_query::{Error, Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};

use crate::{
    body::Upload,
    config::Config,
    database::Database,
    health,
    hooks::{Hook, Hooks},
    note::NoteLinks,
    page::{content_security_policy, page},
    refused::Refused,
    reply::{Refusal, Reply, html, json},
    stop::Stopping,
    webhook,
};

/// What every request shares.
pub struct App {
    search: Verifier,
    iframe: Verifier,
    note_links: NoteLinks,
    hooks: Hooks,
    pub database: Database,
    page_policy: HeaderValue,
    pub stopping: Stopping,
    pub refused: Refused,
}

impl App {
    pub fn new(config: Config, database: Database) -> Result<Self, Error> {
        let Config { secret, iframe_secret, webhook_secret, leeway, max_lifetime, .. } = config;
        let previous = config.previous_secret.as_ref();
        let iframe = iframe_secret.unwrap_or_else(|| secret.clone());
        let webhook = webhook_secret.unwrap_or_else(|| secret.clone());
        let policy = content_security_policy(&config.frame_ancestors);
        let of_platform = |key| verifier(key, previous).leeway(leeway).max_lifetime(max_lifetime);
        Ok(Self {
            note_links: NoteLinks::new(&iframe, previous)?,
            search: of_platform(secret),
            iframe: of_platform(iframe),
            hooks: Hooks::new(webhook, config.webhook_secrets, previous),
            database,
            page_policy: policy.try_into().expect("the configuration was checked"),
            stopping: Stopping::default(),
            refused: Refused::default(),
        })
    }

    fn route(&self, path: &str) -> Option<Route<'_>> {
        match path {
            "/search" => Some(Route::Search),
            "/iframe" => Some(Route::Iframe),
            "/note" => Some(Route::Note),
            "/health" => Some(Route::Health),
            _ => self.hooks.at(path).map(Route::Webhook),
        }
    }
}

/// A verifier for what the platform signs, and for what it adds unsigned.
pub fn verifier(key: Key, previous: Option<&Key>) -> Verifier {
    let verifier = Verifier::new(key).ignoring(UNSIGNED_BY_PLATFORM);
    previous.cloned().into_iter().fold(verifier, Verifier::or_key)
}

/// What there is to ask for.
#[derive(Clone, Copy, Debug)]
enum Route<'a> {
    Search,
    Iframe,
    Note,
    Webhook(&'a Hook),
    Health,
}

/// Answers a request, and logs how. The log has neither the query, which is a
/// credential, nor an unknown path, which may be a query that lost its `?`.
pub async fn answer(app: &App, head: Parts, body: &mut Upload<'_>) -> Reply {
    let (method, route) = (&head.method, app.route(head.uri.path()));
    match handle(app, &head, body, route).await {
        Ok(reply) => {
            tracing::debug!(%method, ?route, status = reply.status().as_u16(), "answered");
            reply
        }
        Err(refusal) => {
            let status = refusal.status().as_u16();
            if refusal.is_fault() {
                tracing::error!(%method, ?route, status, reason = refusal.reason(), "failed");
            } else {
                tracing::debug!(%method, ?route, status, reason = refusal.reason(), "refused");
                app.refused.count(&refusal);
            }
            refusal.into_reply()
        }
    }
}

async fn handle(
    app: &App,
    head: &Parts,
    body: &mut Upload<'_>,
    route: Option<Route<'_>>,
) -> Result<Reply, Refusal> {
    let query = head.uri.query().unwrap_or_default();
    match (route.ok_or(Refusal::NoSuchPath)?, &head.method) {
        (Route::Search, &Method::GET | &Method::HEAD) => search(app, query).await,
        (Route::Iframe, &Method::GET | &Method::HEAD) => iframe(app, query).await,
        (Route::Health, &Method::GET | &Method::HEAD) => health::health(app).await,
        (Route::Note, &Method::POST) => {
            let added = app.note_links.add(&app.database, query, body).await?;
            show(app, added.person, added.expires).await
        }
        (Route::Webhook(hook), &Method::POST) => {
            webhook::receive(&hook.receiver, &app.database, &head.headers, body).await
        }
        (Route::Search | Route::Iframe | Route::Health, _) => Err(Refusal::MethodNotAllowed("GET, HEAD")),
        (Route::Note | Route::Webhook(_), _) => Err(Refusal::MethodNotAllowed("POST")),
    }
}

async fn search(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.search.verify(query)?;
    let text = Some(text(&query, "q")?).filter(|text| !text.is_empty());
    let matches = app.database.search(text.ok_or(Refusal::BadParameter("q"))?).await?;
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
