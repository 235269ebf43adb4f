//! Tells a developer why a signed URL or a webhook is refused:
//!
//!     SECRET=changeme! cargo run -q --example explain -- 'http://127.0.0.1:8080/search?q=red&expires=…&sig=…'
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
mod choice;
mod diagnosis;
mod envelope;
mod input;
mod json;
mod mac;
mod order;
mod parameters;
mod reading;
mod report;
mod request;
mod result;
mod scheme;
mod search;
mod secret;
mod shape;
mod signed;
mod spelling;
#[cfg(test)]
mod tests;
mod texts;
mod time;
mod transit;
mod url;
mod verdict;
mod webhook;
mod wrapper;
mod written;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::arguments::{Arguments, Subject};

fn main() -> ExitCode {
    let arguments = Arguments::of(&arguments::command().get_matches());
    match explain(&arguments) {
        Ok((text, is_good)) => {
            // `println!` would panic where nobody reads it.
            let _ = writeln!(io::stdout(), "{}", text.trim_end());
            if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "explain: {error}");
            ExitCode::from(2)
        }
    }
}

/// The explanation, and whether a server would accept the subject now.
fn explain(arguments: &Arguments) -> Result<(String, bool), Box<dyn Error>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    match &arguments.subject {
        Subject::Url(given) => url::explain(given, arguments, now),
        Subject::Webhook(hash) => webhook::explain(hash),
    }
}
