//! `POST /note`: adds a note about a person, by a link that the page about them has.

use crate::{
    app::App,
    body::Upload,
    database::{Added, NewNote, is_blank},
    iframe::show,
    links::PageLink,
    notice::{Notice, within_length},
    reply::{Refusal, Reply, see_other},
};

/// What a form may take up, in bytes: enough for such a note, whatever is in it.
const MAX_BYTES: usize = 64 * 1024;

/// Adds the note in a form's body. What was typed goes to `typed` whatever becomes of
/// it, where a page can show it again.
pub async fn add(
    app: &App,
    query: &str,
    body: &mut Upload<'_>,
    is_document: bool,
    typed: &mut String,
) -> Result<Reply, Refusal> {
    let link = app.links.verify_note(query);
    // Else nobody would see what is in the body of a bad request.
    if is_document || link.is_ok() {
        let form = body.read(MAX_BYTES).await;
        *typed = form.as_deref().map(note_of).unwrap_or_default();
        if link.is_ok() {
            form?;
        }
    }
    let link = link?;
    let text = typed.trim();
    let notice = if is_blank(text) {
        Notice::Empty
    } else if within_length(typed).len() < typed.len() {
        Notice::TooLong
    } else {
        let note = NewNote { person: link.person.clone(), text: text.to_owned(), link: link.id.clone() };
        match app.database.add_note(note).await? {
            Added::Stored => return Ok(see_other(&app.links.page(&link.person, None, link.expires)?)),
            Added::NoSuchPerson => return Err(Refusal::NoSuchPerson),
            Added::LinkWasUsed => Notice::LinkWasUsed,
        }
    };
    if !is_document {
        return Err(Refusal::BadNote(notice));
    }
    let page = PageLink { person: link.person, before: None, expires: link.expires };
    let mut reply = show(app, page, Some((notice, typed))).await?;
    *reply.status_mut() = notice.status();
    Ok(reply)
}

fn note_of(form: &[u8]) -> String {
    let text = form_urlencoded::parse(form).find(|(name, _)| name == "text");
    // Forms send each line end as two characters, of which pages show one.
    text.map(|(_, text)| text.replace("\r\n", "\n")).unwrap_or_default()
}
