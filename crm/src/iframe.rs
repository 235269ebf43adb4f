//! The page about a person: `GET /iframe`, and `GET /person`, which its links lead to.

use hyper::StatusCode;

use crate::{
    app::App,
    links::PageLink,
    notice::Notice,
    page::person_page,
    query::text,
    reply::{Refusal, Reply, html},
};

pub async fn iframe(app: &App, query: &str) -> Result<Reply, Refusal> {
    let query = app.iframe.verify(query)?;
    let page = PageLink::to(text(&query, "id")?, app.links.expiry());
    show(app, page, None).await
}

/// The page about a person. Its links are valid for no longer than the one that led here. If
/// a note was not added, the page shows it and says why.
pub async fn show(app: &App, page: PageLink, refused: Option<(Notice, &str)>) -> Result<Reply, Refusal> {
    let person = app.database.person(&page.person, page.before).await?.ok_or(Refusal::NoSuchPerson)?;
    let markup = person_page(&person, &page, refused, &app.links, &app.currency)?;
    html(StatusCode::OK, markup, app.page_policy.clone())
}
