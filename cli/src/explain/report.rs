//! What is printed: the verdict, the causes and what to change, each at the start of
//! a line; then the details, indented.

use std::fmt::Write;

use super::{
    choice::{Departure, MOST, Side, show},
    diagnosis::Diagnosis,
    mask::masked,
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
                Side::Way => "between signer and server",
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

    /// A text by itself; of a long one, the start.
    pub fn text(&mut self, heading: &str, text: &[u8]) {
        self.detail(heading, &[window(text, 0)]);
    }

    /// Two texts under each other, marked where they first differ.
    pub fn texts(&mut self, [heading, other_heading]: [&str; 2], [text, other]: [&[u8]; 2]) {
        let place = text.iter().zip(other).take_while(|(a, b)| a == b).count();
        let place = (0..=place).rev().find(|place| is_boundary(text, *place)).unwrap_or(0);
        let start = place.saturating_sub(BEFORE);
        let start = if text.len().max(other.len()) <= LONGEST { 0 } else { start };
        let start = (0..=start).rev().find(|start| is_boundary(text, *start)).unwrap_or(0);
        let before = window(&text[..place], start).chars().count();
        let mark = format!("{}^ they differ here", " ".repeat(before));
        self.detail(heading, &[window(text, start)]);
        self.detail(other_heading, &[window(other, start), mark]);
    }

    /// What was tried in vain, and what is left.
    pub fn ruled_out(&mut self, diagnosis: &Diagnosis, what: &[&str], left: &str) {
        let extent = match diagnosis.spent.whole {
            0 => "in part, since the request is too large to try everything",
            MOST => "singly and up to three at a time",
            _ => "singly and in some combinations",
        };
        let heading = format!("Ruled out, {extent} ({} MACs computed):", grouped(diagnosis.spent.macs));
        let lines: Vec<String> = what.iter().map(|what| format!("- {what}")).collect();
        self.detail(&heading, &lines);
        self.detail(&format!("Not ruled out: {left}."), &[]);
    }
}

/// A number with a comma after every three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// The longest text that is shown whole.
const LONGEST: usize = 4000;
/// What is shown of a longer one before the place where it differs from another.
const BEFORE: usize = 100;

fn is_boundary(text: &[u8], place: usize) -> bool {
    text.get(place).is_none_or(|byte| byte & 0xc0 != 0x80)
}

/// What is shown of a text, from a place on.
fn window(text: &[u8], start: usize) -> String {
    let end = text.len().min(start + LONGEST);
    let mut shown = show(text.get(start..end).unwrap_or_default());
    if start > 0 {
        shown.insert(0, '…');
    }
    if end < text.len() {
        shown += &format!("… ({} bytes in all)", text.len());
    }
    shown
}

impl Report {
    /// The whole text; no secret is in it, wherever it may have come from.
    pub fn finish(&self, secrets: &[&[u8]]) -> String {
        masked(&(self.summary.clone() + &self.details), secrets)
    }
}
