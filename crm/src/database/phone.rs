//! Phone numbers, however they are written: for callers from abroad or not, with spaces, dashes
//! and parentheses or without.

use deunicode::deunicode_char;

/// From how many digits on a number is one.
const MIN_DIGITS: usize = 5;
/// How many digits at most a number has in front where it is written for callers from abroad, and
/// not where it is written for others: those of a country, and a zero that some then keep.
const MAX_PREFIX: usize = 4;

/// The numbers in a text, as digits alone, with spaces between them.
pub fn numbers(text: &str) -> String {
    let text = text.replace("(0)", "").replace(" / ", ";");
    let pieces = text.split(|char: char| char.is_alphabetic() || matches!(char, ',' | ';'));
    // Without what some dial in front: 0, or 00 in place of +.
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

/// A number that is looked for.
pub struct Number {
    digits: String,
    /// Whether it is certain that there is no prefix of a country.
    is_national: bool,
}

impl Number {
    /// The number in what somebody looks for, if there is one, and the rest.
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

    /// Whether one of these numbers is this one, or has it in it.
    pub fn is_among(&self, numbers: &str) -> bool {
        numbers.split_whitespace().any(|number| {
            let is_without_prefix = number.len() >= self.tail().len() && self.digits.ends_with(number);
            number.contains(&self.digits) || is_without_prefix
        })
    }

    /// What is in each number that is found.
    pub fn tail(&self) -> &str {
        let has_prefix = !self.is_national && self.digits.len() >= MAX_PREFIX + MIN_DIGITS;
        if has_prefix { &self.digits[MAX_PREFIX..] } else { &self.digits }
    }
}
