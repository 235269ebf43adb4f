//! The pages that the platform shows in a frame.

mod amount;
mod contact;
mod moment;
mod person;
mod refusal;
mod rows;

use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

pub use self::{person::person_page, refusal::refusal_page};

/// The id in a page of a note that was just added.
pub const ADDED: &str = "added";
/// The id of the field for a note: the answer to a form scrolls there and has the focus.
const FIELD: &str = "text";

const STYLE: &str = include_str!("page/style.css");

/// The policy for a page: it loads nothing but its own style, sends its form only to this
/// server, and only `frame_ancestors` may frame it.
pub fn content_security_policy(frame_ancestors: &str) -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {frame_ancestors}"
    )
}

/// A whole page. The template has escaped all text in the content.
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
