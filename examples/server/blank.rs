//! Text in which nothing can be seen.

use deunicode::deunicode_char;

/// Whether all of a text is spaces, and characters that take no room or look like spaces.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|char| char.is_whitespace() || is_invisible(char))
}

fn is_invisible(char: char) -> bool {
    match char {
        // These count as letters, or are tags.
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}' => true,
        _ if char.is_alphanumeric() => false,
        _ => deunicode_char(char).is_some_and(|spelt| spelt.trim().is_empty()),
    }
}
