//! Limits on what is found and shown: other programs write to the database as well, and may
//! have put anything there.

use super::{Note, folding::is_blank};

/// The most people that a search returns.
pub const MAX_RESULTS: usize = 50;
/// The most notes that a page shows, and the number of bytes of their HTML after which it shows
/// no more.
pub const MAX_NOTES: usize = 50;
pub const MAX_NOTES_BYTES: usize = 256 * 1024;
/// The most orders that a page shows, and the most years of sales.
pub const MAX_ORDERS: usize = 5;
pub const MAX_YEARS: u32 = 100;
/// The longest id of a person who can be found, in bytes: it is never cut, and must fit into the
/// head of a request, where escaping can make it three times as long.
pub const MAX_ID_BYTES: usize = 3000;
/// How many characters are shown of a name, an address or a title, and of a note.
pub const MAX_NAME_CHARS: usize = 300;
pub const MAX_NOTE_CHARS: usize = 4000;

/// The name, or the id of a person who has none.
pub fn name_or_id(name: String, id: &str) -> String {
    if is_blank(&name) { id.to_owned() } else { name }
}

/// Text of at most `max_chars`; if it is cut, `…` follows.
pub fn bounded(bytes: &[u8], max_chars: usize) -> String {
    // No more than that can be shown, however few bytes each character has.
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

/// Keeps only the notes that a page shows, and returns whether there are older ones. `notes`
/// must hold one more than a page can show, if there are as many.
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
