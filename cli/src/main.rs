//! `signed-query`: signs, verifies and explains signed URLs, for a developer's terminal.
//!
//!     SECRET=changeme! signed-query sign 'http://127.0.0.1:8080/search?q=smith'

mod explain;
mod outcome;
mod request;
mod rules;
mod settings;
mod sign;
mod verdict;
mod verify;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clap::{ArgMatches, Command, error::ErrorKind};

use crate::outcome::Outcome;

const AFTER: &str = "Exit status: 0 for success or a valid request, 1 for a refused request, 2 for input that
can't be used.

Secrets are read from the environment, never from an argument.";

/// A subcommand: how it is called, and what it does.
type Subcommand = (fn() -> Command, fn(&ArgMatches) -> Result<Outcome, Box<dyn Error>>);

const SUBCOMMANDS: [Subcommand; 3] =
    [(sign::command, sign::run), (verify::command, verify::run), (explain::command, explain::run)];

fn main() -> ExitCode {
    let all = SUBCOMMANDS.map(|(command, _)| command());
    let command = Command::new("signed-query")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Sign, verify and explain signed URLs of PHP systems.")
        .after_help(AFTER)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(all);
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return not_run(&error),
    };
    let (name, matches) = matches.subcommand().expect("one is required");
    let run = SUBCOMMANDS.iter().find(|(command, _)| command().get_name() == name);
    let (_, run) = run.expect("all that clap knows are in the table");
    // `println!` would panic where nobody reads.
    match run(matches) {
        Ok(Outcome { text, is_accepted }) => {
            let _ = writeln!(io::stdout(), "{text}");
            if is_accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "signed-query {name}: {error}");
            ExitCode::from(2)
        }
    }
}

/// Help that was asked for, or what is wrong with the arguments.
fn not_run(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    let is_asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_asked_for { ExitCode::SUCCESS } else { ExitCode::from(2) }
}
