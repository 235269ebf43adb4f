//! A webhook, explained.

use std::{
    error::Error,
    io::{self, Read},
};

use signed_query::{
    Key,
    webhook::{HASH_HEADER, Receiver},
};

use super::{arguments::Secrets, diagnosis, report::Report, search::WORK};

/// Any will do: it is no part of what is hashed.
const HOOK_ID: &[u8] = b"00000000-0000-0000-0000-000000000000";

/// What is tried, said in short.
const TRIED: [&str; 5] = [
    "the secret with other white space, quotes, case and encodings, and the other secrets that are set",
    "the body with other line ends, with or without a byte order mark, JSON rewritten",
    "other MACs: SHA-1, MD5, SHA-384, SHA-512, plain hashes of secret and body",
    "the hash in capitals, base64 and other forms, or cut",
    "What is left: another secret, or a body that was changed after it was hashed",
];

pub fn explain(hash: &str) -> Result<(String, bool), Box<dyn Error>> {
    let secrets = Secrets::from_env(Some("WEBHOOK_SECRET"))?;
    let mut body = Vec::new();
    io::stdin().lock().read_to_end(&mut body)?;
    let mut keys = secrets.right.iter().map(|secret| Key::new(&secret.bytes));
    let first = Receiver::new(keys.next().expect("there is a right secret")?);
    let receiver =
        keys.try_fold(first, |receiver, key| Ok::<_, signed_query::Error>(receiver.or_key(key?)))?;
    let header = |name: &str| Some(if name == HASH_HEADER { hash.as_bytes() } else { HOOK_ID });
    let verdict = receiver.verify(&body, header).map(|_| ());

    let mut report = Report::default();
    match &verdict {
        Ok(()) => report.verdict("Accepted."),
        Err(error) => {
            report.verdict(&format!("Refused with status {}: {error}.", error.status()));
            let diagnosis = diagnosis::of_webhook(hash, &body, &secrets, WORK);
            report.causes("Cause", &diagnosis.causes);
            match &diagnosis.found {
                Some(found) => report.text(&format!("What was hashed, with {}:", found.secret), &found.text),
                None => report.ruled_out(&diagnosis, &TRIED),
            }
        }
    }
    report.text(&format!("The body as received, {} bytes:", body.len()), &body);
    let all: Vec<&[u8]> =
        secrets.right.iter().chain(&secrets.others).map(|secret| &secret.bytes[..]).collect();
    Ok((report.finish(&all), verdict.is_ok()))
}
