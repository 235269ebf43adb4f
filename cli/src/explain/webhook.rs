//! A webhook, explained.

use std::{
    error::Error,
    io::{self, Read},
};

use signed_query::{
    Key,
    webhook::{HASH_HEADER, Receiver},
};

use super::{bodies::LONGEST, diagnosis, report::Report, search::WORK};
use crate::{
    settings::{SECRET_OF_HOOK, Secret, Secrets},
    verdict::refusal,
};

/// Any will do, since it isn't hashed.
const HOOK_ID: &[u8] = b"00000000-0000-0000-0000-000000000000";

/// What is tried, in short.
const TRIED: [&str; 4] = [
    "the secret with other white space, quotes, case and encodings, and the other secrets that are set",
    "MD5, SHA-1 and SHA-2 hashes at least as long as the hash sent; plain hashes of secret and body",
    "the hash in upper case, base64 and other forms, or cut short",
    "the body with other line endings, with or without a byte order mark, or as rewritten JSON",
];
const LEFT: &str = "another secret, or a body that was changed after it was hashed";

/// Explains the hash of the body on standard input, which was sent to a path: `/webhook`, or
/// `/webhook/name` for a hook with a secret of its own. Without a path it may be any of them.
pub fn explain(hash: &str, path: Option<&str>) -> Result<(String, bool), Box<dyn Error>> {
    let secrets = secrets(path)?;
    let mut body = Vec::new();
    io::stdin().lock().read_to_end(&mut body)?;
    let mut verdict = Err(signed_query::Error::Mismatch);
    let mut matching = None;
    for secret in &secrets.right {
        let header = |name: &str| Some(if name == HASH_HEADER { hash.as_bytes() } else { HOOK_ID });
        let receiver = Receiver::new(Key::new(&secret.bytes)?);
        verdict = receiver.verify(&body, header).map(|_| ());
        if verdict.is_ok() {
            matching = Some(secret);
            break;
        }
    }

    let mut report = Report::default();
    match &verdict {
        Ok(()) => {
            report.verdict("Accepted.");
            if let Some(hook) = matching.and_then(|secret| secret.name.strip_prefix(SECRET_OF_HOOK))
                && path.is_none()
            {
                let hook = hook.to_ascii_lowercase();
                report.detail(&format!("Assumed: it was sent to /webhook/{hook}."), &[]);
            }
        }
        Err(error) => {
            report.verdict(&refusal(error));
            let diagnosis = diagnosis::of_webhook(hash, &body, &secrets, WORK);
            report.causes("Cause", &diagnosis.causes);
            match &diagnosis.found {
                Some(found) => report.text(&found.heading(), &found.text),
                // A body that is too long is not changed, and a placeholder is not looked for.
                None if diagnosis.spent.macs > 0 => {
                    let tried = if body.len() < LONGEST { &TRIED[..] } else { &TRIED[..3] };
                    report.ruled_out(&diagnosis, tried, LEFT);
                }
                None => {}
            }
        }
    }
    report.text(&format!("The body as received, {} bytes:", body.len()), &body);
    Ok((report.finish(&secrets.all().collect::<Vec<_>>()), verdict.is_ok()))
}

/// The server's secrets for a webhook that was sent to this path.
fn secrets(path: Option<&str>) -> Result<Secrets, Box<dyn Error>> {
    let Some(path) = path else {
        let mut secrets = Secrets::from_env(Some("WEBHOOK_SECRET"))?;
        let is_hook = |secret: &mut Secret| secret.name.starts_with(SECRET_OF_HOOK);
        secrets.right.extend(secrets.others.extract_if(.., is_hook));
        return Ok(secrets);
    };
    let end = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let own = match end.rsplit('/').next().unwrap_or_default() {
        name if name.eq_ignore_ascii_case("webhook") => "WEBHOOK_SECRET".to_owned(),
        name => format!("{SECRET_OF_HOOK}{}", name.to_ascii_uppercase()),
    };
    let secrets = Secrets::from_env(Some(&own))?;
    match secrets.right[0].name == own || own == "WEBHOOK_SECRET" {
        true => Ok(secrets),
        false => Err(format!("there is no webhook at {path}: {own} is not set").into()),
    }
}
