//! A live PHP to compare with.

use signed_query::Error;

use super::{did_not_run::did_not_run, php_script::PhpScript};

pub struct Php(PhpScript);

impl Php {
    /// Starts PHP. `None` where there is none, which is said past the capture of
    /// a test's output; in CI its absence is a failure.
    pub fn start() -> Option<Self> {
        match PhpScript::start("tests/php/oracle.php", &["display_errors=0", "log_errors=0"]) {
            Ok(script) => Some(Self(script)),
            Err(error) => {
                did_not_run("php", "php-cli", &error);
                None
            }
        }
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
        self.0.ask(&(verb.to_owned() + &arguments))
    }
}

/// What is asked about values.
#[cfg(feature = "serde")]
impl Php {
    /// What `http_build_query` makes of a JSON text.
    pub fn build(&mut self, json: &str) -> String {
        text(self.ask("build", &[json])).unwrap()
    }

    /// The parameters of a query as JSON; `None` where PHP's limits are passed, or where one
    /// is not UTF-8.
    pub fn read(&mut self, query: &str) -> Option<String> {
        text(self.ask("read", &[query]))
    }

    /// Whether PHP reads what a JSON text has back from its query.
    pub fn reads_back(&mut self, json: &str) -> bool {
        self.ask("reads_back", &[json]) == "yes"
    }
}

fn text(answer: String) -> Option<String> {
    let hex = answer.strip_prefix('x').or_else(|| {
        assert_eq!(answer, "limit");
        None
    })?;
    Some(String::from_utf8(hex::decode(hex).unwrap()).unwrap())
}

/// Whether a query passes PHP's limits.
pub fn is_limit(error: &Error) -> bool {
    matches!(error, Error::TooManyParameters | Error::TooDeep)
}
