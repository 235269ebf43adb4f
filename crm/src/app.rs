//! What all requests share.

use hyper::header::HeaderValue;
use signed_query::{Error, Verifier};

use crate::{
    config::Config, database::Database, hooks, links::Links, page::content_security_policy, query::verifier,
    stop::Stopping, tally::Tally, webhook::Webhooks,
};

pub struct App {
    pub search: Verifier,
    pub iframe: Verifier,
    pub links: Links,
    pub webhooks: Webhooks,
    pub database: Database,
    pub page_policy: HeaderValue,
    pub currency: String,
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
        hooks::add(&mut webhooks, config.hooks, previous);
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
}
