//! How much is found and shown. Other programs write to the database, and may have put
//! anything there.

use super::{Note, folding::is_blank};

/// How many people a search gives at most.
pub const MAX_RESULTS: usize = 50;
/// How many notes a page has at most, and after how many bytes of text, as HTML has them,
/// it has no more.
pub const MAX_NOTES: usize = 50;
pub const MAX_NOTES_BYTES: usize = 256 * 1024;
/// How many orders a page has, and how many years of sales.
pub const MAX_ORDERS: usize = 5;
pub const MAX_YEARS: u32 = 100;
/// How long the id of a person who is found may be, in bytes: it is given whole, and in a
/// URL, where it may be three times as long, must fit into a request's head.
pub const MAX_ID_BYTES: usize = 3000;
/// How much of a name, an address or a title is shown, and how much of a note, in
/// characters.
pub const MAX_NAME_CHARS: usize = 300;
pub const MAX_NOTE_CHARS: usize = 4000;

/// What stands for a person who has no name.
pub fn name_or_id(name: String, id: &str) -> String {
    if is_blank(&name) { id.to_owned() } else { name }
}

/// Text of at most so many characters, and where it is cut with `…`.
pub fn bounded(bytes: &[u8], max_chars: usize) -> String {
    // More than that can't be shown, however few bytes a character has.
    let most = max_chars.saturating_add(1).saturating_mul(4).min(bytes.len());
    let mut text = String::from_utf8_lossy(&bytes[..most]).into_owned();
    if text.len() > max_chars
        && let Some((end, _)) = text.char_indices().nth(max_chars)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Keeps of notes those that a page shows, and tells whether there are older ones. One
/// more than it shows at most has to be among them.
pub fn keep_shown(notes: &mut Vec<Note>) -> bool {
    let mut bytes = 0;
    let has_room = |note: &&Note| {
        let had_room = bytes < MAX_NOTES_BYTES;
        bytes += length_in_html(&note.text);
        had_room
    };
    let shown = notes.iter().take(MAX_NOTES).take_while(has_room).count();
    let has_older = notes.len() > shown;
    notes.truncate(shown);
    has_older
}

/// How long text is once it is escaped, in bytes.
fn length_in_html(text: &str) -> usize {
    let length = |byte| match byte {
        b'<' | b'>' => "&lt;".len(),
        b'&' => "&amp;".len(),
        b'"' => "&quot;".len(),
        _ => 1,
    };
    text.bytes().map(length).sum()
}
