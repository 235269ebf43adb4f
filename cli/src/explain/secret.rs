//! The secret that was used: the server's own, and what a signer may have made of
//! it.

use super::{
    choice::{Choice, Departure, RARE, Side, distinct},
    secret_forms::{FORMS, Form},
    secret_words::{ODD_FORMS, WORDS},
};
use crate::settings::Secret;

/// All secrets that a signer may have used. `right` are those that the server
/// accepts here, and `others` the ones that it has for other things; a Laravel key is
/// an `APP_KEY`.
pub fn secrets(right: &[Secret], others: &[Secret], is_app_key: bool) -> Vec<Choice<Secret>> {
    let mut all: Vec<Choice<Secret>> = right.iter().cloned().map(Choice::right).collect();
    for other in others {
        let cause = format!("the signer used the secret in {} instead of {}", other.name, right[0].name);
        let change = format!("sign this with the secret in {}", right[0].name);
        all.push(Choice::departing(other.clone(), Departure::new(cause, Side::Signer, change)));
    }
    let own: Vec<Choice<Secret>> = all.clone();
    let mut once = Vec::new();
    for secret in &own {
        once.extend(FORMS.iter().filter_map(|form| made(secret, form, is_app_key)));
        all.extend(ODD_FORMS.iter().filter_map(|form| made(secret, form, is_app_key)));
    }
    let once = distinct([own, once].concat());
    let twice = once
        .iter()
        .filter(|one| one.cost > 0)
        .flat_map(|one| FORMS.iter().filter_map(|form| made(one, form, is_app_key)));
    all.extend(once.clone());
    all.extend(twice.filter(|two| two.cost <= RARE));
    let name = &right[0].name;
    all.extend(WORDS.iter().map(|(what, word)| {
        let cause = format!("the signer's secret is `{word}`, {what}");
        let departure = Departure::new(cause, Side::Signer, format!("use the secret in {name}"));
        let value = Secret { name: format!("`{word}`"), bytes: word.as_bytes().into() };
        Choice::departing(value, departure)
    }));
    all.sort_by_key(|choice| choice.cost);
    let mut seen = std::collections::HashSet::new();
    all.retain(|choice| seen.insert(choice.value.bytes.clone()));
    all
}

/// What a form makes of a secret. Laravel's `APP_KEY` is used whole, with its `base64:`, so
/// that whoever has less is wrong.
fn made(secret: &Choice<Secret>, form: &Form, is_app_key: bool) -> Option<Choice<Secret>> {
    let bytes = (form.make)(&secret.value.bytes).filter(|bytes| *bytes != secret.value.bytes)?;
    let name = &secret.value.name;
    let is_whole = |secret: &[u8]| secret.starts_with(b"base64:");
    let side = match (is_whole(&secret.value.bytes), is_whole(&bytes)) {
        (true, false) if is_app_key => Side::Signer,
        (false, true) if is_app_key => Side::Server,
        _ => form.side,
    };
    let change = match side {
        Side::Server if is_app_key => {
            format!("set {name} to APP_KEY exactly as in .env, including `base64:`")
        }
        Side::Server => format!("set {name} to exactly what the signer uses"),
        _ if is_app_key => "use APP_KEY exactly as in .env, including `base64:`".to_owned(),
        _ => format!("use the secret in {name} exactly as it is"),
    };
    let departure = Departure::new(form.cause.replace("{}", name), side, change);
    let value = Secret { name: name.clone(), bytes };
    Some(secret.with(&Choice::departing((), departure), |_, ()| value))
}
