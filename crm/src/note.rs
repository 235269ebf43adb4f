//! `POST /note`: adds a note about a person, through a link in the page about them.

use crate::{
    app::App,
    body::Upload,
    database::{Added, NewNote, is_blank},
    iframe::show,
    links::{NoteLink, PageLink},
    notice::{Notice, within_length},
    page::ADDED,
    reply::{Refusal, Refused, Reply, see_other},
};

/// How large a form may be, in bytes: enough for the longest note, whatever is in it.
const MAX_BYTES: usize = 64 * 1024;

/// Adds the note in a form's body. A browser's form is read even if the link is refused, so
/// that the page can show the note again; any other client still has what it sent.
pub async fn add(app: &App, query: &str, body: &mut Upload<'_>, is_document: bool) -> Result<Reply, Refused> {
    let link = app.links.verify_note(query);
    if !is_document && let Err(refusal) = link {
        return Err(refusal.into());
    }
    let form = body.read(MAX_BYTES).await;
    let typed = form.as_deref().map(note_of).unwrap_or_default();
    let stored = match (link, form) {
        (Ok(link), Ok(_)) => store(app, link, &typed, is_document).await,
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    };
    stored.map_err(|refusal| Refused { refusal, typed })
}

async fn store(app: &App, link: NoteLink, typed: &str, is_document: bool) -> Result<Reply, Refusal> {
    let text = typed.trim();
    let notice = if is_blank(text) {
        Notice::Empty
    } else if within_length(typed).len() < typed.len() {
        Notice::TooLong
    } else {
        let note = NewNote { person: link.person.clone(), text: text.to_owned(), link: link.id.clone() };
        match app.database.add_note(note).await? {
            Added::Stored(id) => {
                let page = PageLink { added: Some(id), ..PageLink::to(link.person, link.expires) };
                return Ok(see_other(&format!("{}#{ADDED}", app.links.page(&page)?)));
            }
            Added::NoSuchPerson => return Err(Refusal::NoSuchPerson),
            Added::LinkWasUsed => Notice::LinkWasUsed,
            Added::TooMany => Notice::TooMany,
        }
    };
    if !is_document {
        return Err(Refusal::BadNote(notice));
    }
    let page = PageLink::to(link.person, link.expires);
    let mut reply = show(app, page, Some((notice, typed))).await?;
    *reply.status_mut() = notice.status();
    Ok(Refusal::BadNote(notice).headed(reply))
}

fn note_of(form: &[u8]) -> String {
    let text = form_urlencoded::parse(form).find(|(name, _)| name == "text");
    // Forms send each line end as two characters; pages show one.
    text.map(|(_, text)| text.replace("\r\n", "\n")).unwrap_or_default()
}
