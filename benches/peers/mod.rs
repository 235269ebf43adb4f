//! Other ways to verify the same request.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The floor: the MAC alone, with a key that was hashed before.
pub fn bare(key: &Hmac<Sha256>, signed: &[u8]) -> [u8; 32] {
    key.clone().chain_update(signed).finalize().into_bytes().into()
}

pub fn bare_key(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).unwrap()
}

/// The plain way, as one writes it at first; right for simple queries only.
pub fn plain(secret: &[u8], raw: &str, now: u64) -> bool {
    let mut signature = None;
    let mut expires = None;
    let mut signed = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        if name == "sig" {
            signature = Some(value.into_owned());
            continue;
        }
        if name == "expires" {
            expires = value.parse::<u64>().ok();
        }
        signed.append_pair(&name, &value);
    }
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(signed.finish()).finalize();
    let expected = hex::encode(mac.into_bytes());
    let is_signed = signature.is_some_and(|signature| signature.as_bytes().ct_eq(expected.as_bytes()).into());
    is_signed && expires.is_some_and(|expires| expires >= now)
}

/// PHP with its JIT on: one process, which runs as many verifications as it is
/// told, and tells how long they took.
pub struct Php {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Php {
    /// `None` where there is no PHP, which is said.
    pub fn start() -> Option<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/verify.php");
        let options = ["opcache.enable_cli=1", "opcache.jit=tracing", "opcache.jit_buffer_size=64M"];
        let process = Command::new("php")
            .args(options.iter().flat_map(|option| ["-d", option]))
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = match process {
            Ok(process) => process,
            Err(error) => {
                eprintln!("PHP is not measured: {error}; install php-cli");
                return None;
            }
        };
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Some(Self { process, questions, answers })
    }

    /// How long PHP takes to verify a query so many times.
    pub fn verify(&mut self, times: u64, raw: &str) -> Duration {
        writeln!(self.questions.as_mut().unwrap(), "{times} {raw}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let (good, nanoseconds) = answer.trim().split_once(' ').unwrap();
        assert_eq!(good, times.to_string(), "PHP refuses {raw}");
        Duration::from_nanos(nanoseconds.parse().unwrap())
    }
}

impl Drop for Php {
    fn drop(&mut self) {
        drop(self.questions.take());
        let _ = self.process.wait();
    }
}
