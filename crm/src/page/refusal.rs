//! The page shown instead of one that was refused, in words for the agent, to whom a signature
//! means nothing.

use maud::{Markup, html};

use super::document;
use crate::{database::is_blank, notice::within_length, reply::Refusal};

const AGAIN: &str = "Close this panel and open the person again.";

/// What happened, what to do about it, and the note that was typed. The note need not come
/// from a valid request, so no more of it is shown than fits in a note.
pub fn refusal_page(refusal: &Refusal, typed: &str) -> Markup {
    let note = within_length(typed);
    let title = if is_blank(typed) { "This can't be shown" } else { "Your note was not added" };
    let (reason, advice) = words(refusal);
    let content = html! {
        h1 { (title) }
        p { (reason) }
        @if is_blank(typed) {
            p { (advice) }
        } @else {
            p { "Copy the note and add it once this works again. " (advice) }
            @if note.len() < typed.len() { p { "It is too long. Only this much fits in a note." } }
            label for="text" { "Your note" }
            textarea #text readonly rows="8" dir="auto" { "\n" (note) }
        }
    };
    document(title, &content)
}

/// What happened, and what to do about it. A forged link and an expired one get the same words,
/// so that nobody can tell which it was.
fn words(refusal: &Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::NoSuchPerson => (
            "This person is not in the CRM, or no longer is.",
            "Search again. If they should be there, ask whoever looks after the CRM.",
        ),
        Refusal::BodyTooLarge => ("The note is far too long.", AGAIN),
        Refusal::BodyTimeout | Refusal::BadBody => ("The note did not arrive.", AGAIN),
        Refusal::Busy | Refusal::Unhealthy(_) | Refusal::Fault(_) => (
            "The CRM is not answering at the moment.",
            "Try again in a minute. If that does not help, tell whoever looks after the CRM.",
        ),
        Refusal::BadNote(notice) => (notice.text(), AGAIN),
        Refusal::MethodNotAllowed(_) | Refusal::NoSuchPath | Refusal::BadHttp | Refusal::HeadTooLarge => {
            ("There is nothing to see here.", AGAIN)
        }
        Refusal::NotVerified(error) if error.status() == 403 => (
            "The address of this page is no longer valid, or the CRM does not know who made it.",
            "If the panel has been open for a long time, close it and open the person again. If you see this as soon \
             as you open a person, ask whoever connected the CRM to this platform: their settings may differ.",
        ),
        Refusal::NotVerified(_) | Refusal::BadParameter(_) => (
            "The address of this page is incomplete.",
            "Close this panel and open the person again. If that does not help, ask whoever connected the CRM to \
             this platform.",
        ),
    }
}
