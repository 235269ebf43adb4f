//! A live PHP to compare with: one long-lived process, asked line by line.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

pub struct Php {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Php {
    /// Starts PHP. `None` where there is none, which is said past the capture of
    /// a test's output; in CI its absence is a failure.
    pub fn start() -> Option<Self> {
        let oracle = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/php/oracle.php");
        let process = Command::new("php")
            .args(["-d", "display_errors=0", "-d", "log_errors=0", oracle])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = match process {
            Ok(process) => process,
            Err(error) => {
                super::did_not_run("php", "php-cli", &error);
                return None;
            }
        };
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Some(Self { process, questions, answers })
    }

    /// The canonical form; `None` where PHP's limits are passed.
    pub fn canonical(&mut self, query: &str) -> Option<String> {
        text(self.ask("canonical", &[query]))
    }

    /// The status by the reference rule.
    pub fn verdict(&mut self, query: &str, secret: &str, now: u64) -> u16 {
        self.ask("verdict", &[query, secret, &now.to_string()]).parse().unwrap()
    }

    /// The signed query of the query's parameters.
    pub fn sign(&mut self, query: &str, secret: &str, expires: u64) -> Option<String> {
        text(self.ask("sign", &[query, secret, &expires.to_string()]))
    }

    fn ask(&mut self, verb: &str, arguments: &[&str]) -> String {
        let arguments: String =
            arguments.iter().map(|argument| format!(" x{}", hex::encode(argument))).collect();
        let questions = self.questions.as_mut().unwrap();
        questions.write_all(format!("{verb}{arguments}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert!(answer.ends_with('\n'), "PHP ended early: {answer}");
        answer.trim_end().to_owned()
    }
}

impl Drop for Php {
    fn drop(&mut self) {
        drop(self.questions.take());
        let _ = self.process.wait();
    }
}

fn text(answer: String) -> Option<String> {
    let hex = answer.strip_prefix('x').or_else(|| {
        assert_eq!(answer, "limit");
        None
    })?;
    Some(String::from_utf8(hex::decode(hex).unwrap()).unwrap())
}
