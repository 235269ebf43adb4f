//! Folding, which makes text comparable in searches: it removes case, accents, apostrophes and
//! invisible characters, and makes all dashes the same.

use std::{collections::BTreeSet, sync::LazyLock};

use deunicode::deunicode_char;
use regex_syntax::hir::{Class, ClassUnicode, HirKind};
use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::phone::{Number, numbers};

/// The length of the longest gram, in characters.
const GRAM: usize = 3;

/// The version of the folding. When it changes, each engine indexes everybody again.
pub const VERSION: i32 = 3;

/// Marks of direction, joiners, soft hyphens, variation selectors and the like.
static INVISIBLE: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"\p{Default_Ignorable_Code_Point}"));
static DASH: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"\p{Dash}"));
/// What an apostrophe can be: not a letter of another script that becomes one in ASCII.
static MARK: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"[\p{Punctuation}\p{Sk}\p{Lm}]"));

/// The text, folded.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        let chars = text.chars().filter(|&char| !is_apostrophe(char));
        return chars.map(|char| without_control(char.to_ascii_lowercase())).collect();
    }
    let is_written = |char: &char| !is_apostrophe(*char) && !is_in(*char, &INVISIBLE);
    // Before decomposition, which turns some of them into a space and an accent, and after it.
    let text = text.chars().filter(is_written).nfkd().filter(is_written);
    let text: String = text.filter(|&char| !is_accent(char)).collect();
    let mut folded = String::new();
    for char in UniCase::unicode(text).to_folded_case().chars() {
        // Letters with a stroke and the like, which Unicode does not decompose.
        match deunicode_char(char).filter(|_| is_latin(char)) {
            Some(latin) => folded.push_str(&latin.to_lowercase()),
            None if is_in(char, &DASH) => folded.push('-'),
            None => folded.push(without_control(char)),
        }
    }
    folded
}

/// Whether a text is invisible. (Unicode does not count the empty Braille pattern as a space.)
pub fn is_blank(text: &str) -> bool {
    let is_unseen = |char: char| char.is_whitespace() || char.is_control() || char == '\u{2800}';
    text.chars().all(|char| is_unseen(char) || is_in(char, &INVISIBLE))
}

/// Accents stand above or below letters, or belong to scripts that mostly omit them. Classes
/// below ten are marks that make a different letter, in Indic scripts and kana.
fn is_accent(char: char) -> bool {
    canonical_combining_class(char) >= 10
}

/// Whatever becomes an apostrophe in ASCII: primes, accents that stand alone, ʻokina.
fn is_apostrophe(char: char) -> bool {
    let is_written_so = matches!(deunicode_char(char), Some("'" | "`"));
    is_written_so && is_in(char, &MARK)
}

/// The characters in a regular expression's class.
fn class(pattern: &str) -> ClassUnicode {
    match regex_syntax::parse(pattern).map(|class| class.into_kind()) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        other => unreachable!("{pattern} is a class: {other:?}"),
    }
}

fn is_in(char: char, class: &ClassUnicode) -> bool {
    let ranges = class.ranges();
    let after = ranges.partition_point(|range| range.start() <= char);
    ranges[..after].last().is_some_and(|range| char <= range.end())
}

fn is_latin(char: char) -> bool {
    char.is_alphabetic() && matches!(char, '\u{80}'..'\u{250}' | '\u{1E00}'..'\u{1F00}')
}

fn without_control(char: char) -> char {
    if char.is_control() { ' ' } else { char }
}

/// An e-mail address and phone numbers, as they are searched: the address folded, and the
/// numbers as digits on a second line.
pub fn contacts(email: &str, phone: &str) -> String {
    let numbers = numbers(phone);
    fold(email) + if numbers.is_empty() { "" } else { "\n" } + &numbers
}

/// The words that a search looks for, and a phone number.
pub struct Words {
    words: BTreeSet<String>,
    number: Option<Number>,
}

impl Words {
    pub fn of(text: &str) -> Self {
        Self { words: fold(text).split_whitespace().map(str::to_owned).collect(), number: None }
    }

    /// The same, with the words that make up a phone number taken as one; `None` if there is none.
    pub fn with_number(text: &str) -> Option<Self> {
        Number::of(text).map(|(number, rest)| Self { number: Some(number), ..Self::of(&rest) })
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.number.is_none()
    }

    /// Whether each word is part of the name or, if it is long enough, of the address, and the
    /// number is among theirs.
    pub fn are_in(&self, name: &str, contacts: &str) -> bool {
        let (email, numbers) = contacts.split_once('\n').unwrap_or((contacts, ""));
        let is_in = |word: &String| name.contains(word) || (is_for_addresses(word) && email.contains(word));
        self.words.iter().all(is_in) && self.number.as_ref().is_none_or(|number| number.is_among(numbers))
    }

    /// The words to look for in names and addresses, and those to look for in names only.
    #[cfg(feature = "postgres")]
    pub fn by_place(&self) -> (Vec<&str>, Vec<&str>) {
        self.words.iter().map(String::as_str).partition(|word| is_for_addresses(word))
    }

    /// The digits that are in the number of everyone who is found by it.
    pub fn digits(&self) -> Option<&str> {
        self.number.as_ref().map(Number::tail)
    }

    /// Grams that everyone with these words must have, word by word.
    pub fn grams(&self) -> impl Iterator<Item = BTreeSet<&str>> {
        let of_words = self.words.iter().map(|word| match is_for_addresses(word) {
            true => grams(word, GRAM).collect(),
            false => BTreeSet::from([word.as_str()]),
        });
        self.digits().map(|digits| grams(digits, GRAM).collect()).into_iter().chain(of_words)
    }
}

/// All grams by which a person can be found.
pub fn all_grams<'t>(name: &'t str, contacts: &'t str) -> BTreeSet<&'t str> {
    let of_name = name.split_whitespace().flat_map(|word| (1..=GRAM).flat_map(|length| grams(word, length)));
    let of_contacts = contacts.split_whitespace().flat_map(|word| grams(word, GRAM));
    of_name.chain(of_contacts).collect()
}

/// Words of one or two characters are in almost every address.
fn is_for_addresses(word: &str) -> bool {
    word.chars().nth(GRAM - 1).is_some()
}

/// The runs of `length` characters in a word.
fn grams(word: &str, length: usize) -> impl Iterator<Item = &str> {
    let starts = word.char_indices().map(|(at, _)| at);
    let ends = word.char_indices().map(|(at, char)| at + char.len_utf8()).skip(length - 1);
    starts.zip(ends).map(|(start, end)| &word[start..end])
}
