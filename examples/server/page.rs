//! The page about one person, which the platform shows beside a conversation.

use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::people::{Person, Sales};

const STYLE: &str = include_str!("page.css");

/// The policy for the page: it loads nothing but its own style, sends its form
/// nowhere but here, and only `frame_ancestors` may frame it.
pub fn content_security_policy(frame_ancestors: &str) -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {frame_ancestors}"
    )
}

/// The page, with a form that goes to `note_link`. Whatever the database holds is
/// text here: the template escapes it.
pub fn page(person: &Person, note_link: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (person.name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (person.name) }
                    @if !person.email.is_empty() { p { (person.email) } }
                    (crm_link(&person.crm_url))
                }
                section {
                    h2 { "Sales" }
                    (sales(&person.sales))
                }
                section {
                    h2 { "Notes" }
                    form method="post" action=(note_link) {
                        textarea name="text" required rows="2" aria-label="A new note" {}
                        button { "Add note" }
                    }
                    @if person.notes.is_empty() { p.none { "None so far." } }
                    @for note in &person.notes {
                        article {
                            time datetime=(note.day) { (note.day) }
                            p { (note.text) }
                        }
                    }
                }
            }
        }
    }
}

/// A link out of the iframe, unless the address is one that a browser would run.
fn crm_link(url: &str) -> Markup {
    html! {
        @if url.starts_with("https://") || url.starts_with("http://") {
            p { a href=(url) target="_blank" rel="noopener noreferrer" { "Open in the CRM" } }
        }
    }
}

fn sales(sales: &[Sales]) -> Markup {
    let most = sales.iter().map(|sales| sales.cents).max().unwrap_or(0);
    html! {
        @if sales.is_empty() { p.none { "None so far." } }
        @else {
            table {
                @for year in sales {
                    tr {
                        th scope="row" { (year.year) }
                        td { meter min="0" max=(most) value=(year.cents) {} }
                        td.amount { (amount(year.cents)) }
                    }
                }
            }
        }
    }
}

/// Cents as `1,234.50`.
fn amount(cents: i64) -> String {
    let (units, cents, sign) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100, cents < 0);
    let digits = units.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| str::from_utf8(group).expect("digits are ASCII"))
        .collect();
    format!("{}{}.{cents:02}", if sign { "-" } else { "" }, groups.join(","))
}
