//! The page about one person, which the platform shows beside a conversation.

use maud::{Markup, html};
use signed_query::Error;

use super::{
    ADDED, FIELD,
    contact::{call_link, mail_link},
    document,
    moment::day_and_time,
    rows::{orders, sales},
};
use crate::{
    database::{Note, Person, is_blank},
    links::{Links, PageLink},
    notice::{MAX_LENGTH, Notice},
};

/// The page with its links, and with a note that was not added and the reason, if there is one.
pub fn person_page(
    person: &Person,
    page: &PageLink,
    refused: Option<(Notice, &str)>,
    links: &Links,
    currency: &str,
) -> Result<Markup, Error> {
    let note_link = links.note(&page.person, page.expires)?;
    let oldest = person.notes.last().filter(|_| person.has_older_notes);
    let older = |note: &Note| links.page(&PageLink { before: Some(note.id), added: None, ..page.clone() });
    let older = oldest.map(older).transpose()?;
    let newest = || links.page(&PageLink::to(page.person.clone(), page.expires));
    let newest = page.before.map(|_| newest()).transpose()?;
    let is_added = |note: &Note| page.added == Some(note.id);
    let content = html! {
        (header(person))
        @if newest.is_none() {
            (orders(&person.orders, currency))
            (sales(&person.sales, currency))
        }
        section {
            h2 { "Notes" }
            @if let Some(newest) = newest {
                p { a href=(newest) { "Newest notes" } }
            } @else {
                (form(&note_link, refused))
            }
            @if page.added.is_some() && !person.notes.iter().any(is_added) { (added()) }
            @if person.notes.is_empty() {
                p.quiet.none { @if page.before.is_some() { "No older notes." } @else { "No notes yet." } }
            }
            @for note in &person.notes { (self::note(note, is_added(note))) }
            @if let Some(older) = older {
                p { a href=(older) { "Older notes" } }
            }
        }
    };
    Ok(document(&person.name, &content))
}

fn header(person: &Person) -> Markup {
    let contacts = [
        ("E-mail", &person.email, mail_link(&person.email)),
        ("Phone", &person.phone, call_link(&person.phone)),
        ("Handle", &person.handle, None),
    ];
    let mut known = contacts.iter().filter(|(_, value, _)| !is_blank(value)).peekable();
    html! {
        header {
            h1 dir="auto" { (person.name) }
            @if known.peek().is_some() {
                dl {
                    @for (name, value, link) in known { dt { (name) } dd { (contact(value, link.as_deref())) } }
                }
            }
            (crm_link(&person.crm_url))
        }
    }
}

/// In its own text direction, beside its label.
fn contact(value: &str, link: Option<&str>) -> Markup {
    html! {
        @match link {
            Some(link) => { a href=(link) dir="auto" { (value) } }
            None => { span dir="auto" { (value) } }
        }
    }
}

/// A link out of the iframe, unless the browser would run the address as a script.
fn crm_link(url: &str) -> Markup {
    html! {
        @if url.starts_with("https://") || url.starts_with("http://") {
            p { a href=(url) target="_blank" rel="noopener noreferrer" { "Open in the CRM" } }
        }
    }
}

fn form(note_link: &str, refused: Option<(Notice, &str)>) -> Markup {
    let draft = refused.map_or("", |(_, typed)| typed);
    html! {
        form method="post" action={ (note_link) "#" (FIELD) } {
            label for=(FIELD) { "New note" }
            @if let Some((notice, _)) = refused { p #notice role="alert" { (notice.text()) } }
            // HTML parsers drop the first line end.
            textarea id=(FIELD) name="text" required rows="3" maxlength=(MAX_LENGTH) dir="auto"
                aria-describedby=[refused.map(|_| "notice")] { "\n" (draft) }
            button { "Add note" }
        }
    }
}

/// A note. One that was just added can have the focus, which the fragment of the URL gives it.
fn note(note: &Note, is_added: bool) -> Markup {
    html! {
        article id=[is_added.then_some(ADDED)] tabindex=[is_added.then_some("-1")] {
            @if is_added { (added()) }
            (day_and_time(note.moment.as_deref()))
            p dir="auto" { (note.text) }
        }
    }
}

fn added() -> Markup {
    html! { div role="status" { "Note added." } }
}
