//! From a request to its answer: verify, look up, reply.

use hyper::{Method, Request, StatusCode, header::HeaderValue};
use signed_query::{UNSIGNED_BY_PLATFORM, VerifiedQuery, Verifier};

use crate::{
    config::Config,
    page::{content_security_policy, page},
    people::People,
    reply::{Refusal, Reply, html, json},
};

/// What every request shares.
pub struct App {
    search: Verifier,
    iframe: Verifier,
    people: People,
    page_policy: HeaderValue,
}

impl App {
    pub fn new(config: Config, people: People) -> Self {
        let verifier = |key| {
            let verifier = Verifier::new(key).ignoring(UNSIGNED_BY_PLATFORM);
            config.previous_secret.iter().cloned().fold(verifier, Verifier::or_key)
        };
        let policy = content_security_policy(&config.frame_ancestors);
        Self {
            search: verifier(config.secret.clone()),
            iframe: verifier(config.iframe_secret.clone().unwrap_or(config.secret.clone())),
            people,
            page_policy: policy.try_into().expect("the configuration was checked"),
        }
    }
}

/// What there is to ask for.
#[derive(Clone, Copy, Debug)]
enum Route {
    Search,
    Iframe,
}

impl Route {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/search" => Some(Self::Search),
            "/iframe" => Some(Self::Iframe),
            _ => None,
        }
    }
}

/// Answers a request, and logs how. The log has neither the query, which is a
/// credential, nor an unknown path, which may be a query that lost its `?`.
pub async fn answer<B>(app: &App, request: &Request<B>) -> Reply {
    let (method, route) = (request.method(), Route::of(request.uri().path()));
    match handle(app, request, route).await {
        Ok(reply) => {
            tracing::info!(%method, ?route, status = reply.status().as_u16(), "answered");
            reply
        }
        Err(refusal) => {
            let reason = refusal.reason();
            let reply = refusal.into_reply();
            tracing::warn!(%method, ?route, status = reply.status().as_u16(), reason, "refused");
            reply
        }
    }
}

async fn handle<B>(app: &App, request: &Request<B>, route: Option<Route>) -> Result<Reply, Refusal> {
    let query = request.uri().query().unwrap_or_default();
    match (route.ok_or(Refusal::NoSuchPath)?, request.method()) {
        (Route::Search, &Method::GET | &Method::HEAD) => search(app, query).await,
        (Route::Iframe, &Method::GET | &Method::HEAD) => iframe(app, query).await,
        (Route::Search | Route::Iframe, _) => Err(Refusal::MethodNotAllowed("GET, HEAD")),
    }
}

async fn search(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.search.verify(query)?;
    let matches = app.people.search(text(&query, "q")?).await?;
    Ok(json(StatusCode::OK, &matches))
}

async fn iframe(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.iframe.verify(query)?;
    let person = app.people.person(text(&query, "id")?).await?.ok_or(Refusal::NoSuchPerson)?;
    Ok(html(page(&person), app.page_policy.clone()))
}

/// A parameter as text, and not as what is left of it.
fn text(query: &VerifiedQuery<'_>, name: &'static str) -> Result<String, Refusal> {
    let bytes = query.get_bytes(name).ok_or(Refusal::BadParameter(name))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Refusal::BadParameter(name))
}
