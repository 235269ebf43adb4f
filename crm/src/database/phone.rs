//! Phone numbers, however they are written: in international or national form, with or without
//! spaces, dashes and parentheses.

use deunicode::deunicode_char;

/// The fewest digits that make a phone number.
const MIN_DIGITS: usize = 5;
/// The most digits that the international form of a number has in front of the national one: the
/// country code, and a zero that some people keep.
const MAX_PREFIX: usize = 4;

/// The phone numbers in a text, as digits only, separated by spaces.
pub fn numbers(text: &str) -> String {
    let text = text.replace("(0)", "").replace(" / ", ";");
    let pieces = text.split(|char: char| char.is_alphabetic() || matches!(char, ',' | ';'));
    // Without the prefixes for dialling: 0, or 00 instead of +.
    let digits = pieces.map(|piece| digits(piece).trim_start_matches('0').to_owned());
    digits.filter(|digits| digits.len() >= MIN_DIGITS).collect::<Vec<_>>().join(" ")
}

fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// A digit of any script.
fn digit(char: char) -> Option<char> {
    let latin =
        if char.is_ascii() { return Some(char).filter(char::is_ascii_digit) } else { deunicode_char(char) };
    latin.filter(|latin| char.is_numeric() && latin.len() == 1)?.chars().next().filter(char::is_ascii_digit)
}

/// A phone number that a search looks for.
pub struct Number {
    digits: String,
    /// Whether it certainly has no country code.
    is_national: bool,
}

impl Number {
    /// The phone number in the text of a search, if there is exactly one, and the rest of the text.
    pub fn of(text: &str) -> Option<(Self, String)> {
        let is_of_number = |word: &&str| {
            !word.contains(|char: char| char.is_alphabetic() || matches!(char, '@' | ',' | ';'))
        };
        let (written, rest) = text.split_whitespace().partition::<Vec<_>, _>(is_of_number);
        let written = written.join(" ");
        let digits = numbers(&written);
        let all = self::digits(&written);
        let is_national = all.starts_with('0') && !all.starts_with("00");
        let is_one = !digits.is_empty() && !digits.contains(' ');
        is_one.then(|| (Self { digits, is_national }, rest.join(" ")))
    }

    /// Whether one of these numbers is this one, or contains it.
    pub fn is_among(&self, numbers: &str) -> bool {
        numbers.split_whitespace().any(|number| {
            let is_without_prefix = number.len() >= self.tail().len() && self.digits.ends_with(number);
            number.contains(&self.digits) || is_without_prefix
        })
    }

    /// The digits that every number found by this one contains.
    pub fn tail(&self) -> &str {
        let has_prefix = !self.is_national && self.digits.len() >= MAX_PREFIX + MIN_DIGITS;
        if has_prefix { &self.digits[MAX_PREFIX..] } else { &self.digits }
    }
}
