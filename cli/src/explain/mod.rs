//! Tells a developer why a signed URL or a webhook is refused.
//!
//! A refused request departs from the right one in independent ways. Each way is a
//! module with a list of alternatives (`secret`, `signed`, `order`, `written`,
//! `shape`, `envelope`, `mac`, `result`, `transit`, `bodies`), and `search` goes
//! through their combinations until one gives the signature that came.
//!
//! What it prints is worth as much as the secret, so it is for a terminal and
//! never for a server: the library itself has no way to ask for any of it.

mod arguments;
mod bodies;
mod bytes;
mod charsets;
mod choice;
mod diagnosis;
mod digits;
mod edit_forms;
mod edit_list;
mod edits;
mod encoder;
mod entities;
mod envelope;
mod input;
mod json;
mod lifetime;
mod mac;
mod mask;
mod nested;
mod order;
mod parameters;
mod passages;
mod places;
mod reading;
mod report;
mod result;
mod scheme;
mod search;
mod secret;
mod secret_forms;
mod secret_words;
mod shape;
mod signature;
mod signed;
mod spelling;
#[cfg(test)]
mod tests;
mod texts;
mod time;
mod tracking;
mod transit;
mod url;
mod webhook;
mod wrapper;
mod written;

use std::{
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::ArgMatches;

use self::arguments::{Arguments, Subject};
use crate::outcome::Outcome;

pub use self::arguments::command;

/// Whether a server would accept the subject now, with the explanation.
pub fn run(matches: &ArgMatches) -> Result<Outcome, Box<dyn Error>> {
    let arguments = Arguments::of(matches)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let (text, is_accepted) = match &arguments.subject {
        Subject::Url(given) => url::explain(given, &arguments, now)?,
        Subject::Webhook(hash, path) => webhook::explain(hash, path.as_deref())?,
    };
    Ok(Outcome { text: text.trim_end().to_owned(), is_accepted })
}
