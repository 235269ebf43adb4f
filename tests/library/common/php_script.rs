//! A PHP script as a long-lived process, asked line by line.

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// The command: `php`, unless `PHP` in the environment names another, such as
/// `tests/php/versions/php`.
pub fn command() -> Command {
    let mut php = Command::new(env::var_os("PHP").unwrap_or_else(|| OsString::from("php")));
    php.current_dir(env!("CARGO_MANIFEST_DIR"));
    php
}

pub struct PhpScript {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl PhpScript {
    /// Starts a script of this repository, with settings such as `log_errors=0`.
    pub fn start(script: &str, settings: &[&str]) -> io::Result<Self> {
        let mut process = command()
            .args(settings.iter().flat_map(|setting| ["-d", setting]))
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Ok(Self { process, questions, answers })
    }

    /// The line that the script answers to a line.
    pub fn ask(&mut self, question: &str) -> String {
        let questions = self.questions.as_mut().unwrap();
        questions.write_all(format!("{question}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert!(answer.ends_with('\n'), "PHP ended early: {answer}");
        answer.trim_end().to_owned()
    }
}

impl Drop for PhpScript {
    fn drop(&mut self) {
        // Without more questions, the script ends.
        drop(self.questions.take());
        let _ = self.process.wait();
    }
}
