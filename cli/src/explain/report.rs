//! What is printed: the verdict, the causes and what to change, each at the start of
//! a line; then the details, indented.

use std::fmt::Write;

use super::{
    choice::{Departure, Side, show},
    diagnosis::Diagnosis,
};

/// A text that is put together from its parts.
#[derive(Default)]
pub struct Report {
    summary: String,
    details: String,
}

impl Report {
    pub fn verdict(&mut self, verdict: &str) {
        writeln!(self.summary, "{verdict}").expect("a String takes all that is written");
    }

    /// What is wrong, and what to change where. A change that mends several causes
    /// is named once.
    pub fn causes(&mut self, label: &str, causes: &[Departure]) {
        let mut changes: Vec<String> = Vec::new();
        let mut said: Vec<&str> = Vec::new();
        for departure in causes {
            if said.contains(&&*departure.cause) {
                continue;
            }
            said.push(&departure.cause);
            self.verdict(&format!("{label}: {}.", departure.cause));
            let place = match departure.side {
                Side::Signer => "at the signer",
                Side::Server => "on the server",
                Side::Way => "on the way between them",
                Side::Both => "on both sides",
            };
            let change = format!("Change {place}: {}.", departure.change);
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
        for change in changes {
            self.verdict(&change);
        }
    }

    /// A heading with what belongs to it, a line each.
    pub fn detail(&mut self, heading: &str, lines: &[String]) {
        write!(self.details, "\n  {heading}\n").expect("a String takes all that is written");
        for line in lines {
            writeln!(self.details, "    {line}").expect("a String takes all that is written");
        }
    }

    /// The longest text that is shown whole.
    pub fn text(&mut self, heading: &str, text: &[u8]) {
        const LONGEST: usize = 4000;
        let mut shown = show(&text[..text.len().min(LONGEST)]);
        if text.len() > LONGEST {
            shown += &format!("… ({} bytes in all)", text.len());
        }
        self.detail(heading, &[shown]);
    }

    /// What was tried in vain.
    pub fn ruled_out(&mut self, diagnosis: &Diagnosis, what: &[&str]) {
        let extent = if diagnosis.spent.is_all() { "in most combinations" } else { "up to three together" };
        let heading = format!("Ruled out, each by itself and {extent}, by {} MACs:", diagnosis.spent.macs);
        let lines: Vec<String> = what.iter().map(|what| format!("- {what}")).collect();
        self.detail(&heading, &lines);
    }
}

impl Report {
    /// The whole text; no secret is in it, wherever it may have come from.
    pub fn finish(&self, secrets: &[&[u8]]) -> String {
        const SHORTEST: usize = 6;
        let all = self.summary.clone() + &self.details;
        let texts = secrets.iter().filter_map(|secret| str::from_utf8(secret).ok());
        texts
            .filter(|secret| secret.len() >= SHORTEST)
            .fold(all, |all, secret| all.replace(secret, "[secret]"))
    }
}
