//! A new note, and the result of adding it.

/// How many notes about a person links can add within an hour: since each page has a link for
/// another note, whoever has the address of one page could otherwise add any number.
pub const MAX_NOTES_AN_HOUR: i64 = 200;

pub struct NewNote {
    pub person: String,
    pub text: String,
    /// The id of the link that it was sent through.
    pub link: String,
}

/// The result of adding a note.
pub enum Added {
    /// It is stored under this id: either now, or when the same note came through this link before.
    Stored(i64),
    /// A different note came through this link before; this one is not stored.
    LinkWasUsed,
    /// The limit of notes about the person within an hour is reached.
    TooMany,
    NoSuchPerson,
}
