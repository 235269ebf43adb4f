//! A URL, explained.

use std::error::Error;

use super::{
    arguments::Arguments,
    choice::show,
    diagnosis::{self, Diagnosis, OF_FRAMEWORKS},
    input::url_in,
    parameters::{Parameter, as_php_reads},
    reading::Reading,
    report::Report,
    scheme::{Role, Scheme},
    search::{Spent, WORK},
    texts::Texts,
    time,
};
use crate::{
    request::Request,
    settings::Secrets,
    verdict::{last_second, refusal, verdict},
};

/// What is tried, in short.
const TRIED: [&str; 8] = [
    "the secret with other white space, quotes, case and encodings, and the other secrets that are set",
    "more or fewer parameters, and more or less of the URL around them",
    "the parameters sorted, or in another order",
    "other encoders, character sets and separators, decoded text, flat and nested JSON",
    "values trimmed, in another case, or as other programs write them",
    "MD5, SHA-1 and SHA-2 hashes at least as long as the signature; plain hashes of secret and text",
    "the signature in upper case, base64 and other forms, or cut short",
    "wrappers, entities, escapes and other changes in transit",
];
const LEFT: &str =
    "another secret, a value that was changed after it was signed, or a parameter that was dropped";

pub fn explain(given: &str, arguments: &Arguments, now: u64) -> Result<(String, bool), Box<dyn Error>> {
    let Arguments { scheme, policy, .. } = arguments;
    let url = url_in(given);
    let request = Request::read(&url);
    // A wrapped URL may have no query of its own.
    if request.query.is_none() && diagnosis::readings(&url, scheme).is_empty() {
        return Err("there is no query here; in a URL it follows the `?`".into());
    }
    let secrets = Secrets::at(&request.path, &scheme.rules)?;
    let verdict = verdict(&request, &scheme.rules, policy, &secrets.right, now)?;

    let right = right_text(&request, scheme);
    let mut report = Report::default();
    match &verdict {
        Ok(_) => {
            report.verdict("Accepted.");
            accepted_but(&mut report, &request, scheme, now);
            if let Some(right) = &right {
                report.text("What was signed:", right);
            }
        }
        Err(error) => {
            report.verdict(&show(refusal(error).as_bytes()));
            let diagnosis = diagnosis::of_url(&url, scheme, policy, &secrets, now, WORK);
            refused(&mut report, &diagnosis, right.as_deref());
        }
    }
    parameters(&mut report, &request, scheme, now);
    if !policy.assumed.is_empty() {
        report.detail("Assumed, as the server does:", &policy.assumed);
    }
    Ok((report.finish(&secrets.all().collect::<Vec<_>>()), verdict.is_ok()))
}

/// What is odd about a valid URL.
fn accepted_but(report: &mut Report, request: &Request, scheme: &Scheme, now: u64) {
    let parameters = as_php_reads(request.query.as_deref().unwrap_or_default(), scheme).unwrap_or_default();
    let expiry = parameters.iter().find(|one| one.role == Role::Expires);
    let mistake = expiry.and_then(|one| time::mistake(&show(&one.name), &one.value, now));
    report.causes("But", mistake.as_slice());
}

fn refused(report: &mut Report, diagnosis: &Diagnosis, right: Option<&[u8]>) {
    report.causes("Cause", &diagnosis.causes);
    match (&diagnosis.found, right) {
        (Some(found), Some(right)) if found.text != right => {
            report.texts([&found.heading(), "What should have been signed:"], [&found.text, right]);
        }
        (Some(found), _) => report.text(&found.heading(), &found.text),
        (None, _) if diagnosis.spent.macs > 0 => report.ruled_out(diagnosis, &TRIED, LEFT),
        (None, _) => {}
    }
    if let Some(right) = right
        && diagnosis.found.is_none()
    {
        report.text("What should have been signed:", right);
    }
}

/// What PHP reads, and until when it is valid.
fn parameters(report: &mut Report, request: &Request, scheme: &Scheme, now: u64) {
    // A query past PHP's limits is not to be signed at all.
    let Some(parameters) = as_php_reads(request.query.as_deref().unwrap_or_default(), scheme) else { return };
    const MOST: usize = 100;
    let line = |one: &Parameter| {
        let note = match one.role {
            Role::Unsigned => "   (not signed: the server ignores it)",
            _ => "",
        };
        format!("\"{}\" = \"{}\"{note}", show(&one.name), show(&one.value))
    };
    let mut lines: Vec<String> = parameters.iter().take(MOST).map(line).collect();
    if parameters.len() > MOST {
        lines.push(format!("and {} more", parameters.len() - MOST));
    }
    report.detail("The parameters as PHP reads them:", &lines);
    let expires = parameters.iter().find(|one| one.role == Role::Expires);
    let expires = expires.and_then(|one| str::from_utf8(&one.value).ok()?.parse::<u64>().ok());
    if let Some(expires) = expires.and_then(|time| last_second(time, &scheme.rules)) {
        let when = match expires < now {
            true => format!("It expired {} ago", time::length(now - expires)),
            false => format!("It expires in {}", time::length(expires - now)),
        };
        report.detail(&format!("{when}, at {expires} ({}).", time::date(expires)), &[]);
    }
    let has = |name: &str| parameters.iter().any(|one| one.name == name.as_bytes());
    for (_, framework, options) in OF_FRAMEWORKS.iter().filter(|(name, ..)| has(name)) {
        if scheme.rules.is_platform() {
            report.detail(&format!("If {framework} signed this, say so with {options}."), &[]);
        }
    }
}

/// The text that should be signed, with which the search begins. A query past PHP's limits has
/// none.
fn right_text(request: &Request, scheme: &Scheme) -> Option<Vec<u8>> {
    as_php_reads(request.query.as_deref().unwrap_or_default(), scheme)?;
    let reading = Reading::of(request, scheme).into_iter().find(|reading| reading.cost == 0)?;
    let mut right = None;
    Texts::Query(&reading.value, scheme).visit(0, &mut Spent::of_at_most(WORK), &mut |text, _, _| {
        right = Some(text.to_vec());
        false
    });
    right
}
