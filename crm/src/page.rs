//! The pages that the platform shows in a frame.

mod amount;
mod person;

use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

pub use self::person::person_page;
use crate::{database::is_blank, notice::within_length, reply::Refusal};

const STYLE: &str = include_str!("page/style.css");

/// The policy for a page: it loads nothing but its own style, sends its form nowhere
/// but here, and only `frame_ancestors` may frame it.
pub fn content_security_policy(frame_ancestors: &str) -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {frame_ancestors}"
    )
}

/// What is shown instead of what was refused: what to do, and the note that was typed.
/// Nobody has vouched for that, so of what is longer than a note there is no more.
pub fn refusal_page(refusal: &Refusal, typed: &str) -> Markup {
    let note = within_length(typed);
    let title = if is_blank(typed) { "This can't be shown" } else { "Your note was not added" };
    let content = html! {
        h1 { (title) }
        p { (reason(refusal)) }
        @if is_blank(typed) {
            p { "Close this panel, and open the person again." }
        } @else {
            p { "Copy the note, close this panel, open the person again, and add it there." }
            @if note.len() < typed.len() { p { "It is too long: only this much fits in a note." } }
            label for="note" { "Your note" }
            textarea #note readonly rows="8" dir="auto" { "\n" (note) }
        }
    };
    document(title, &content)
}

/// In words for the person who sees it, to whom a signature means nothing.
fn reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoSuchPerson => "There is no such person in the CRM.",
        Refusal::BodyTooLarge => "The note is far too long.",
        Refusal::BodyTimeout | Refusal::BadBody => "The note did not arrive.",
        Refusal::Busy | Refusal::Unhealthy(_) | Refusal::Fault(_) => {
            "The CRM is not answering at the moment. Try again in a minute."
        }
        Refusal::BadNote(notice) => notice.text(),
        Refusal::MethodNotAllowed(_) | Refusal::NoSuchPath | Refusal::BadHttp | Refusal::HeadTooLarge => {
            "There is nothing to see here."
        }
        Refusal::NotVerified(_) | Refusal::BadParameter(_) => {
            "This page was open for too long, or its address is incomplete."
        }
    }
}

/// A whole page. Whatever is text in the content is escaped by the template.
fn document(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    }
}
