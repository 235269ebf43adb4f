//! From a request to its answer: verify, look up, reply.

use hyper::{
    HeaderMap, Method, StatusCode,
    header::{ACCEPT, HeaderValue},
    http::request::Parts,
};
use serde::Serialize;
use signed_query::{Error, Key, UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};

use crate::{
    body::Upload,
    config::Config,
    database::{Database, Match},
    health,
    links::{Links, PageLink},
    note::{self, Notice},
    page::{content_security_policy, person_page, refusal_page},
    reply::{Refusal, Reply, html, json},
    stop::Stopping,
    tally::Tally,
    webhook::{self, Webhook, Webhooks},
};

/// What every request shares.
pub struct App {
    search: Verifier,
    iframe: Verifier,
    pub links: Links,
    webhooks: Webhooks,
    pub database: Database,
    page_policy: HeaderValue,
    currency: String,
    pub stopping: Stopping,
    pub tally: Tally,
}

impl App {
    pub fn new(config: Config, database: Database) -> Result<Self, Error> {
        let Config { secret, iframe_secret, webhook_secret, leeway, max_lifetime, .. } = config;
        let previous = config.previous_secret.as_ref();
        let iframe = iframe_secret.unwrap_or_else(|| secret.clone());
        let webhook = webhook_secret.unwrap_or_else(|| secret.clone());
        let policy = content_security_policy(&config.frame_ancestors);
        let of_platform = |key| verifier(key, previous).leeway(leeway).max_lifetime(max_lifetime);
        let mut webhooks = Webhooks::default();
        webhooks.add("", webhook, previous);
        crate::hooks::add(&mut webhooks, config.hooks, previous);
        Ok(Self {
            links: Links::new(&iframe, previous)?,
            search: of_platform(secret),
            iframe: of_platform(iframe),
            webhooks,
            database,
            currency: config.currency,
            page_policy: policy.try_into().expect("the configuration was checked"),
            stopping: Stopping::default(),
            tally: Tally::default(),
        })
    }

    fn route(&self, path: &str) -> Option<Route<'_>> {
        match path {
            "/search" => Some(Route::Search),
            "/iframe" => Some(Route::Iframe),
            "/person" => Some(Route::Person),
            "/note" => Some(Route::Note),
            "/health" => Some(Route::Health),
            _ => self.webhooks.at(path).map(Route::Webhook),
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
    Person,
    Note,
    Webhook(&'a Webhook),
    Health,
}

/// Answers a request, and logs how. The log has neither the query, which is a
/// credential, nor an unknown path, which may be a query that lost its `?`.
pub async fn answer(app: &App, head: Parts, body: &mut Upload<'_>) -> Reply {
    let (method, route) = (&head.method, app.route(head.uri.path()));
    // What frames show is a page for whoever looks at it, also where it is refused.
    let is_document = matches!(route, Some(Route::Iframe | Route::Person | Route::Note))
        && accepts_documents(&head.headers);
    let mut typed = String::new();
    match handle(app, &head, body, route, is_document, &mut typed).await {
        Ok(reply) => {
            tracing::debug!(%method, ?route, status = reply.status().as_u16(), "answered");
            reply
        }
        Err(refusal) => {
            let status = refusal.status().as_u16();
            if refusal.is_fault()
                // The first that the tally has: anyone can ask again for what failed.
                && app.tally.has_none_like(&refusal)
            {
                tracing::error!(%method, ?route, status, reason = refusal.reason(), "failed");
            } else {
                tracing::debug!(%method, ?route, status, reason = refusal.reason(), "refused");
            }
            app.tally.count(&refusal);
            let page = || html(refusal.status(), refusal_page(&refusal, &typed), app.page_policy.clone());
            match is_document.then(page) {
                Some(Ok(page)) => refusal.headed(page),
                _ => refusal.into_reply(),
            }
        }
    }
}

async fn handle(
    app: &App,
    head: &Parts,
    body: &mut Upload<'_>,
    route: Option<Route<'_>>,
    is_document: bool,
    typed: &mut String,
) -> Result<Reply, Refusal> {
    let query = head.uri.query().unwrap_or_default();
    match (route.ok_or(Refusal::NoSuchPath)?, &head.method) {
        (Route::Search, &Method::GET | &Method::HEAD) => search(app, query).await,
        (Route::Iframe, &Method::GET | &Method::HEAD) => iframe(app, query).await,
        (Route::Health, &Method::GET | &Method::HEAD) => health::answer(&app.database, &app.stopping).await,
        (Route::Person, &Method::GET | &Method::HEAD) => show(app, app.links.verify_page(query)?, None).await,
        (Route::Note, &Method::POST) => note::add(app, query, body, is_document, typed).await,
        (Route::Webhook(webhook), &Method::POST) => {
            webhook::receive(webhook, &app.database, &head.headers, body).await
        }
        (Route::Note | Route::Webhook(_), _) => Err(Refusal::MethodNotAllowed("POST")),
        (_, _) => Err(Refusal::MethodNotAllowed("GET, HEAD")),
    }
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

async fn iframe(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.iframe.verify(query)?;
    let page = PageLink { person: text(&query, "id")?, before: None, expires: app.links.expiry() };
    show(app, page, None).await
}

/// The page about a person, with links that are good for no longer than what led here;
/// if a note was not added, with it and with the reason.
pub async fn show(app: &App, page: PageLink, refused: Option<(Notice, &str)>) -> Result<Reply, Refusal> {
    let person = app.database.person(&page.person, page.before).await?.ok_or(Refusal::NoSuchPerson)?;
    let markup = person_page(&person, &page, refused, &app.links, &app.currency)?;
    html(StatusCode::OK, markup, app.page_policy.clone())
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

/// A parameter as text, and not as what is left of it.
pub fn text(query: &VerifiedQuery<'_>, name: &'static str) -> Result<String, Refusal> {
    let bytes = query.get_bytes(name).ok_or(Refusal::BadParameter(name))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Refusal::BadParameter(name))
}
