//! A note to add, and what becomes of it.

/// How many notes on a person links may bring within an hour: each page has a link for
/// another, so that one address of a page is good for any number of them.
pub const MAX_NOTES_AN_HOUR: i64 = 200;

pub struct NewNote {
    pub person: String,
    pub text: String,
    /// The id of the link that it came by.
    pub link: String,
}

/// What became of a new note.
pub enum Added {
    /// It is stored with this id, now or since the same link brought the same note before.
    Stored(i64),
    /// The link brought another note before, and this one is not stored.
    LinkWasUsed,
    /// Links brought as many notes on the person within an hour as they may.
    TooMany,
    NoSuchPerson,
}
