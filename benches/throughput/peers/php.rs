//! PHP, as it verifies the same requests.

#[path = "../../../tests/library/common/php_script.rs"]
mod php_script;

use std::{io, path::Path, time::Duration};

use self::php_script::{PhpScript, command};
use super::Names;

/// With its JIT on.
const SETTINGS: [&str; 3] = ["opcache.enable_cli=1", "opcache.jit=tracing", "opcache.jit_buffer_size=64M"];

/// PHP with its JIT on: one process, which runs as many verifications as it is
/// told, and tells how long they took.
pub struct Php(PhpScript);

impl Php {
    /// # Errors
    ///
    /// What is to be installed.
    pub fn start() -> Result<Self, String> {
        Self::run("throughput/peers/verify.php")
    }

    fn run(script: &str) -> Result<Self, String> {
        let missing = |error| format!("PHP is not installed ({error}): apt-get install php-cli");
        match &*answer("echo @opcache_get_status()['jit']['on'] ? 'on' : 'off';").map_err(missing)? {
            "on" => PhpScript::start(script, &SETTINGS).map(Self).map_err(missing),
            _ => Err("PHP has no JIT: apt-get install php-opcache".into()),
        }
    }

    /// How long it takes to verify a query so many times.
    pub fn verify(&mut self, times: u64, names: Names, raw: &str) -> Duration {
        let Names { signature, time, unsigned } = names;
        self.ask(times, &format!("{signature} {time} {} {raw}", unsigned.join(",")))
    }

    fn ask(&mut self, times: u64, question: &str) -> Duration {
        let answer = self.0.ask(&format!("{times} {question}"));
        let (valid, nanoseconds) = answer.split_once(' ').unwrap();
        assert_eq!(valid, times.to_string(), "PHP refuses {question}");
        Duration::from_nanos(nanoseconds.parse().unwrap())
    }

    /// `8.2.36`, if it is installed.
    pub fn version() -> Option<String> {
        answer("echo PHP_VERSION;").ok()
    }
}

/// What a line of PHP prints.
fn answer(line: &str) -> io::Result<String> {
    let settings = SETTINGS.iter().flat_map(|setting| ["-d", setting]);
    let output = command().args(settings).args(["-r", line]).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Debian's Laravel and Symfony, in another such process.
pub struct Frameworks(Php);

impl Frameworks {
    /// # Errors
    ///
    /// What is to be installed.
    pub fn start() -> Result<Self, String> {
        for (library, package) in [
            ("Illuminate/Routing", "php-illuminate-routing"),
            ("Symfony/Component/HttpKernel", "php-symfony-http-kernel"),
        ] {
            if !Path::new("/usr/share/php").join(library).exists() {
                return Err(format!("{library} is not installed: apt-get install {package}"));
            }
        }
        Php::run("throughput/peers/links.php").map(Self)
    }

    /// How long one takes to verify a link so many times: `laravel`, `laravel-relative` or
    /// `symfony`.
    pub fn verify(&mut self, times: u64, framework: &str, link: &str) -> Duration {
        self.0.ask(times, &format!("{framework} {link}"))
    }
}
