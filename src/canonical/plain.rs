//! How far the bytes reach that stand for themselves in a canonical query: the
//! shortcut spends its time here, and so eight bytes are looked at together, or
//! sixteen where there are many. A loop over single bytes is as fast while the
//! processor guesses when it ends, which it can't for names and values of
//! different lengths.

/// How many bytes at the start may stand in a name: letters, digits, `-` and `_`,
/// which PHP rewrites nowhere.
#[inline]
pub(super) fn name_length(bytes: &[u8]) -> usize {
    length(bytes, |word| alphanumeric(word) | between(word, b'-', b'-') | between(word, b'_', b'_'))
}

/// How many bytes at the start may stand in a value: the same, and `.` and `+`.
#[inline]
pub(super) fn value_length(bytes: &[u8]) -> usize {
    length(bytes, |word| {
        let marks = between(word, b'-', b'.') | between(word, b'_', b'_') | between(word, b'+', b'+');
        alphanumeric(word) | marks
    })
}

/// The same for a value that is long, as a signature is.
pub(super) fn long_value_length(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks();
    let whole: usize = blocks.iter().take_while(|block| is_in_value(block)).map(|block| block.len()).sum();
    whole + value_length(&bytes[whole..])
}

/// Whether all bytes of a block may stand in a value, without a branch for any, so
/// that the compiler can look at many at a time.
fn is_in_value(block: &[u8; 16]) -> bool {
    let others = block.iter().fold(0, |others, &byte| {
        let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let is_digit = byte.wrapping_sub(b'0') < 10;
        let is_mark = (byte == b'-') | (byte == b'.') | (byte == b'_') | (byte == b'+');
        others | u8::from(!(is_letter | is_digit | is_mark))
    });
    others == 0
}

/// The highest bit of each of a word's bytes.
const HIGH: u64 = repeat(0x80);

/// Counts the bytes for which `wanted` sets the highest bit, up to the first for
/// which it does not. It gets words of ASCII; other bytes are not wanted.
#[inline]
fn length(bytes: &[u8], wanted: impl Fn(u64) -> u64) -> usize {
    let others = |word: u64| (!wanted(word & !HIGH) | word) & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (nth, word) in words.iter().enumerate() {
        let others = others(u64::from_le_bytes(*word));
        if others != 0 {
            return 8 * nth + others.trailing_zeros() as usize / 8;
        }
    }
    // The last word is filled up with NULs, which are not wanted.
    let last = rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    8 * words.len() + others(last).trailing_zeros() as usize / 8
}

fn alphanumeric(word: u64) -> u64 {
    between(word | repeat(0x20), b'a', b'z') | between(word, b'0', b'9')
}

/// The highest bit of each byte that is in a range. What is missing to 0x80 is
/// added to each, which carries into that bit and never into the next byte, since
/// all bytes are ASCII.
fn between(word: u64, first: u8, last: u8) -> u64 {
    let from_first = word + repeat(0x80 - first);
    let behind_last = word + repeat(0x7F - last);
    from_first & !behind_last & HIGH
}

const fn repeat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}
