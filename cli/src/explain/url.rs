//! A URL, explained.

use std::error::Error;

use super::{
    arguments::{Arguments, Secrets},
    choice::show,
    diagnosis::{self, Diagnosis},
    input::url_in,
    parameters::{Parameter, as_php_reads},
    reading::Reading,
    report::Report,
    request::Request,
    scheme::{Kind, Role, Scheme},
    search::WORK,
    texts::Texts,
    time,
    verdict::verdict,
};

/// What is tried, said in short.
const TRIED: [&str; 8] = [
    "the secret with other white space, quotes, case and encodings, and the other secrets that are set",
    "more or fewer parameters, and more or less of the URL around them",
    "the parameters sorted, or in another order",
    "other encoders, character sets and separators, decoded text, JSON",
    "other MACs: SHA-1, MD5, SHA-384, SHA-512, plain hashes of secret and text",
    "the signature in capitals, base64 and other forms, or cut",
    "wrappers, entities, escapes and other changes on the way",
    "What is left: another secret, or a value that was changed after it was signed",
];

pub fn explain(given: &str, arguments: &Arguments, now: u64) -> Result<(String, bool), Box<dyn Error>> {
    let Arguments { scheme, policy, .. } = arguments;
    let url = url_in(given);
    let request = Request::read(&url);
    // What is wrapped has no query of its own.
    if request.query.is_none() && diagnosis::readings(&url, scheme).is_empty() {
        return Err("there is no query in this; in a URL it begins with `?`".into());
    }
    let is_iframe = scheme.kind == Kind::Platform && request.path.trim_end_matches('/').ends_with("/iframe");
    let secrets = Secrets::from_env(is_iframe.then_some("IFRAME_SECRET"))?;
    let verdict = verdict(&request, scheme, policy, &secrets, now)?;

    let mut report = Report::default();
    match &verdict {
        Ok(()) => {
            report.verdict("Accepted.");
            accepted_but(&mut report, &request, scheme, now);
        }
        Err(error) => {
            report.verdict(&format!(
                "Refused with status {}: {}.",
                error.status(),
                show(error.to_string().as_bytes())
            ));
            let diagnosis = diagnosis::of_url(&url, scheme, policy, &secrets, now, WORK);
            refused(&mut report, &diagnosis);
        }
    }
    parameters(&mut report, &request, scheme, now);
    let all: Vec<&[u8]> =
        secrets.right.iter().chain(&secrets.others).map(|secret| &secret.bytes[..]).collect();
    Ok((report.finish(&all), verdict.is_ok()))
}

/// What is odd about a URL that is good.
fn accepted_but(report: &mut Report, request: &Request, scheme: &Scheme, now: u64) {
    let parameters = as_php_reads(request.query.as_deref().unwrap_or_default(), scheme).unwrap_or_default();
    let expiry = parameters.iter().find(|one| one.role == Role::Expires);
    let mistake = expiry.and_then(|one| time::mistake(&one.value, now));
    report.causes("But", mistake.as_slice());
}

fn refused(report: &mut Report, diagnosis: &Diagnosis) {
    report.causes("Cause", &diagnosis.causes);
    match &diagnosis.found {
        Some(found) => {
            report.text(&format!("What was signed, with {}:", found.secret), &found.text);
        }
        None if diagnosis.was_searched => report.ruled_out(diagnosis, &TRIED),
        None => {}
    }
}

/// The text to be signed, what PHP reads, and until when it is good.
fn parameters(report: &mut Report, request: &Request, scheme: &Scheme, now: u64) {
    // A query past PHP's limits is not to be signed at all.
    let Some(parameters) = as_php_reads(request.query.as_deref().unwrap_or_default(), scheme) else { return };
    if let Some(text) = right_text(request, scheme) {
        report.text("The text to be signed:", &text);
    }
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
    if let Some(expires) = expires {
        let when = match expires < now {
            true => format!("It expired {} ago", time::length(now - expires)),
            false => format!("It expires in {}", time::length(expires - now)),
        };
        report.detail(&format!("{when}, at {expires} ({}).", time::date(expires)), &[]);
    }
    let has = |name: &str| parameters.iter().any(|one| one.name == name.as_bytes());
    if scheme.kind == Kind::Platform && has("signature") {
        report.detail("If Laravel signed this, say so with `--laravel ORIGIN` or `--laravel-relative`.", &[]);
    }
    if scheme.kind == Kind::Platform && has("_hash") {
        report.detail("If Symfony signed this, say so with `--symfony ORIGIN`.", &[]);
    }
}

/// The text that departs in nothing: what the search begins with.
fn right_text(request: &Request, scheme: &Scheme) -> Option<Vec<u8>> {
    let reading = Reading::of(request, scheme).into_iter().find(|reading| reading.cost == 0)?;
    let mut right = None;
    Texts::of(&reading.value, scheme, 0).visit(0, &mut |text, _| {
        right = Some(text.to_vec());
        false
    });
    right
}
