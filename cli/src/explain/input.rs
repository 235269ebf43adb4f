//! What people have: a URL, a path with a query, a query alone, or the line of a
//! log that holds one.

use super::transit::unescape;

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// The URL in what was given, as far as there is more than a URL.
pub fn url_in(given: &str) -> String {
    let given = given.trim_matches(|char: char| char.is_ascii_whitespace());
    in_log(given).or_else(|| in_command(given)).unwrap_or_else(|| given.to_owned())
}

/// The target after a method, as servers log it: in quotes or between spaces, and on
/// some servers with the query apart.
fn in_log(line: &str) -> Option<String> {
    let is_between = |char: char| char.is_whitespace() || "\"'`".contains(char);
    let mut words = line.split(is_between).filter(|word| !word.is_empty());
    words.find(|word| METHODS.contains(word))?;
    let mut words = words.take_while(|word| !word.starts_with("HTTP/"));
    let target = words.next()?;
    let target = match target.contains('?') {
        true => target.to_owned(),
        false => match words.find(|word| word.contains('=') && !word.contains("://")) {
            Some(query) => format!("{target}?{query}"),
            None => target.to_owned(),
        },
    };
    (target.starts_with(['/', '?']) || target.contains("://")).then(|| unescape(&target, "\\x"))
}

/// A URL among other words, as in a command, a sentence or a line of `name="value"`.
fn in_command(text: &str) -> Option<String> {
    let is_target = |word: &&str| {
        (word.starts_with('/') || word.starts_with("https://") || word.starts_with("http://"))
            && word.contains(['?', '%'])
            && word.contains(['=', '%'])
    };
    if is_target(&text) {
        return None;
    }
    // In quotes there may be spaces.
    let quoted =
        ['"', '\'', '`'].iter().find_map(|quote| text.split(*quote).skip(1).step_by(2).find(is_target));
    // A query that has a URL in a parameter is not a sentence with a URL in it.
    let is_query = |word: &str| word.contains('=') && word.contains('&') && !is_target(&word);
    let begins_as_query = text.split(char::is_whitespace).next().is_some_and(is_query);
    let word = || text.split(char::is_whitespace).find(is_target).filter(|_| !begins_as_query);
    quoted
        .filter(|_| !begins_as_query)
        .or_else(word)
        .map(|url| url.replace("\\/", "/").replace("\\u0026", "&"))
}
