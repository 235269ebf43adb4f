//! How long a note may be, and why one is not added.

use hyper::StatusCode;

/// How long a note may be, as browsers count: in UTF-16 code units, with each line end as
/// one.
pub const MAX_LENGTH: usize = 4000;

/// Why a note is not added although its link is valid.
#[derive(Clone, Copy, Debug)]
pub enum Notice {
    Empty,
    TooLong,
    LinkWasUsed,
    TooMany,
}

impl Notice {
    pub fn text(self) -> &'static str {
        match self {
            Self::Empty => "The note is empty.",
            Self::TooLong => "This note is too long: a note can have at most 4,000 characters.",
            Self::LinkWasUsed => {
                "A note has already been added from this page. To add this one as well, press the button again."
            }
            Self::TooMany => {
                "Too many notes about this person were added within the last hour. Copy this one, and try again later."
            }
        }
    }

    pub fn status(self) -> StatusCode {
        match self {
            Self::Empty => StatusCode::BAD_REQUEST,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::LinkWasUsed => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

/// As much of a text as fits in a note.
pub fn within_length(text: &str) -> &str {
    let mut length = 0;
    let end = text.char_indices().find(|(_, char)| {
        length += char.len_utf16();
        length > MAX_LENGTH
    });
    &text[..end.map_or(text.len(), |(end, _)| end)]
}
