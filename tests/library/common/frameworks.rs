//! The real Laravel and Symfony, in a live PHP.

use std::{io::Error, path::Path};

use serde_json::{Value, json};

use super::{did_not_run::did_not_run, php_script::PhpScript};

pub struct Frameworks(PhpScript);

impl Frameworks {
    /// Starts PHP with both. `None` where one of them is missing, which is said past
    /// the capture of a test's output; in CI that is a failure.
    pub fn start() -> Option<Self> {
        let packages = "php-cli php-illuminate-routing php-symfony-http-kernel";
        let are_there = ["Illuminate/Routing", "Symfony/Component/HttpKernel"]
            .iter()
            .all(|library| Path::new("/usr/share/php").join(library).join("autoload.php").exists());
        // Seen from this package or from that of the examples.
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script =
            if root.join("tests/php").exists() { "tests/php/links.php" } else { "../tests/php/links.php" };
        let script = match are_there {
            true => PhpScript::start(script, &["display_errors=0", "log_errors=0"]),
            false => Err(Error::other("there is no Laravel or no Symfony in /usr/share/php")),
        };
        script.map(Self).inspect_err(|error| did_not_run("frameworks", packages, error)).ok()
    }

    /// `URL::signedRoute`; `None` where it throws.
    pub fn laravel_sign(
        &mut self,
        key: &str,
        origin: &str,
        route: &str,
        parameters: &Value,
        expires: Option<u64>,
        is_absolute: bool,
    ) -> Option<String> {
        self.ask(json!(["laravel sign", key, origin, route, parameters, expires, is_absolute])).map(text)
    }

    /// `hasValidSignature`, or `hasValidRelativeSignature`, of a request.
    pub fn laravel_check(
        &mut self,
        key: &str,
        origin: &str,
        target: &str,
        now: u64,
        is_absolute: bool,
    ) -> bool {
        self.is_valid(json!(["laravel check", key, origin, target, now, is_absolute]))
    }

    /// `UriSigner::sign`.
    pub fn symfony_sign(&mut self, key: &str, url: &str) -> Option<String> {
        self.ask(json!(["symfony sign", key, url])).map(text)
    }

    /// `UriSigner::check`.
    pub fn symfony_check(&mut self, key: &str, url: &str) -> bool {
        self.is_valid(json!(["symfony check", key, url]))
    }

    /// `UriSigner::checkRequest`.
    pub fn symfony_check_request(&mut self, key: &str, origin: &str, target: &str) -> bool {
        self.is_valid(json!(["symfony checkRequest", key, origin, target]))
    }

    fn is_valid(&mut self, question: Value) -> bool {
        self.ask(question).is_some_and(|answer| answer.as_bool().unwrap())
    }

    /// The answer; `None` where PHP threw.
    fn ask(&mut self, question: Value) -> Option<Value> {
        let answer = self.0.ask(&question.to_string());
        Some(serde_json::from_str(&answer).unwrap()).filter(|answer: &Value| !answer.is_null())
    }
}

fn text(answer: Value) -> String {
    answer.as_str().unwrap().to_owned()
}
