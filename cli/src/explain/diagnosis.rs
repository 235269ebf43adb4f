//! From what came to what is wrong with it.

use super::{
    arguments::{Policy, Secrets},
    choice::{Choice, Departure, MOST, Side},
    mac::hash_of_length,
    reading::Reading,
    request::Request,
    result::{Digest, Writing, decodings},
    scheme::{Role, Scheme},
    search::{Found, Hunt, Spent},
    secret::secrets,
    spelling,
    texts::Texts,
    time,
    transit::passages,
    wrapper::{self, unwrap},
};

/// What is wrong, as far as it can be told.
pub struct Diagnosis {
    pub causes: Vec<Departure>,
    /// What gives the signature, if anything does.
    pub found: Option<Found>,
    pub spent: Spent,
    /// Whether there was a signature to explain.
    pub was_searched: bool,
}

impl Diagnosis {
    fn of_at_most(work: usize) -> Self {
        let spent = Spent::of_at_most(work);
        Self { causes: Vec::new(), found: None, spent, was_searched: false }
    }
}

/// Explains a URL that was refused, with so much work at most.
pub fn of_url(
    url: &str,
    scheme: &Scheme,
    policy: &Policy,
    known: &Secrets,
    now: u64,
    work: usize,
) -> Diagnosis {
    let mut diagnosis = Diagnosis::of_at_most(work);
    let readings = readings(url, scheme);
    let Some(nearest) = readings.first() else {
        diagnosis.causes.push(nothing_signed(url, scheme));
        return diagnosis;
    };
    let mut read = nearest;
    let candidates: Vec<&Choice<Reading>> =
        readings.iter().filter(|reading| spelling::placeholder(&reading.value.signature).is_none()).collect();
    diagnosis.was_searched = !candidates.is_empty();
    let hunts = candidates.iter().map(|reading| Subject {
        cost: reading.cost,
        texts: Box::new(|| Texts::of(&reading.value, scheme, MOST - reading.cost)),
        digests: decodings(&reading.value.signature, scheme.writing()),
    });
    if let Some((nth, found)) = hunt(hunts.collect(), known, &mut diagnosis.spent) {
        read = candidates[nth];
        diagnosis.found = Some(found);
    }
    diagnosis.causes.extend(read.departures.clone());
    match &diagnosis.found {
        Some(found) => diagnosis.causes.extend(found.departures.clone()),
        None => {
            let known = of_signature(&read.value.signature, scheme.writing());
            diagnosis.causes.push(known.unwrap_or_else(|| unknown("signature", "text that each side signs")));
        }
    }
    diagnosis.causes.extend(of_expiry(&read.value, scheme, policy, now));
    diagnosis
}

/// Explains a webhook that was refused, with so much work at most.
pub fn of_webhook(hash: &str, body: &[u8], known: &Secrets, work: usize) -> Diagnosis {
    let mut diagnosis = Diagnosis::of_at_most(work);
    diagnosis.was_searched = spelling::placeholder(hash.as_bytes()).is_none();
    if diagnosis.was_searched {
        let subject = Subject {
            cost: 0,
            texts: Box::new(|| Texts::Bodies(super::bodies::bodies(body))),
            digests: decodings(hash.as_bytes(), Writing::Hex),
        };
        diagnosis.found = hunt(vec![subject], known, &mut diagnosis.spent).map(|(_, found)| found);
    }
    diagnosis.causes = match &diagnosis.found {
        Some(found) => found.departures.clone(),
        None => {
            let known = of_signature(hash.as_bytes(), Writing::Hex);
            vec![known.unwrap_or_else(|| unknown("hash", "bytes that each side hashes"))]
        }
    };
    diagnosis
}

/// What a signature came with.
struct Subject<'s> {
    cost: usize,
    texts: Box<dyn Fn() -> Texts + 's>,
    digests: Vec<Choice<Digest>>,
}

/// The nearest explanation of any of the signatures, and of which.
fn hunt(subjects: Vec<Subject<'_>>, known: &Secrets, spent: &mut Spent) -> Option<(usize, Found)> {
    let secrets = secrets(&known.right, &known.others);
    // Texts are made when they are needed, and kept.
    let texts: Vec<std::cell::OnceCell<Texts>> =
        subjects.iter().map(|_| std::cell::OnceCell::new()).collect();
    let mut hunts: Vec<Option<Hunt<'_>>> = subjects.iter().map(|_| None).collect();
    for total in 0..=MOST {
        // What was undone first: it is special, and what is left is then little.
        for (nth, subject) in subjects.iter().enumerate().rev().filter(|(_, subject)| subject.cost <= total) {
            if spent.is_all() {
                return None;
            }
            let hunt = hunts[nth].get_or_insert_with(|| {
                Hunt::new(texts[nth].get_or_init(|| (subject.texts)()), &subject.digests, &secrets, spent)
            });
            if let Some(found) = hunt.at(total - subject.cost, spent) {
                return Some((nth, found));
            }
        }
    }
    None
}

/// The URL with what may have happened on its way undone, where that has a
/// signature; the nearest first.
pub fn readings(url: &str, scheme: &Scheme) -> Vec<Choice<Reading>> {
    let mut readings = Vec::new();
    let inner = unwrapped(url, scheme);
    for passage in passages(&inner.value) {
        let passage = inner.with(&passage, |_, url| url.clone());
        for reading in Reading::of(&Request::read(&passage.value), scheme) {
            let together = passage.with(&reading, |_, reading| reading.clone());
            if together.cost <= MOST {
                readings.push(together);
            }
        }
    }
    readings.sort_by_key(|reading| reading.cost);
    readings
}

/// The URL inside of all wrappers. That it was wrapped is plain, and costs nothing.
fn unwrapped(url: &str, scheme: &Scheme) -> Choice<String> {
    let mut all = Choice::right(url.to_owned());
    for _ in 0..MOST {
        let Some(inner) = unwrap(&all.value).filter(|inner| inner.contains(scheme.signature)) else { break };
        // A signed URL may have another one in a parameter, and is no wrapper.
        let is_signed =
            Reading::of(&Request::read(&all.value), scheme).iter().any(|reading| reading.cost == 0);
        if is_signed && !all.value.contains(&inner) {
            break;
        }
        all.value = inner;
        all.departures.push(wrapper::departure());
    }
    all
}

fn nothing_signed(url: &str, scheme: &Scheme) -> Departure {
    let name = scheme.signature;
    if !url.contains('&') && url.contains('=') {
        let cause = format!(
            "there is no `{name}` in the URL, which has one parameter: a shell may have cut it at the first `&`"
        );
        return Departure::new(cause, Side::Way, "put the URL in quotes when you pass it to a shell");
    }
    let cause =
        format!("there is no `{name}` in the URL, or anything like it: it was not signed, or was cut off");
    Departure::new(cause, Side::Signer, "sign the query, and send the signature as its last parameter")
}

/// What a signature says of itself, even where nothing explains it.
fn of_signature(signature: &[u8], writing: Writing) -> Option<Departure> {
    if let Some(placeholder) = spelling::placeholder(signature) {
        return Some(placeholder);
    }
    let decodings = decodings(signature, writing);
    let nearest = decodings.first()?;
    let length = nearest.value.length;
    let hash = hash_of_length(length)?;
    let cause = format!(
        "the signature is {length} bytes long ({} digits in hex), which {hash} gives: HMAC-SHA256 gives 32 (64 digits)",
        2 * length
    );
    Some(Departure::new(cause, Side::Signer, "take the HMAC-SHA256 of the text"))
}

/// What is left to do where nothing gives what came, a signature or a hash.
fn unknown(came: &str, made_of: &str) -> Departure {
    let change = format!("compare the secrets first, then the {made_of}");
    Departure::new(format!("none that is known gives this {came}"), Side::Both, change)
}

/// What is wrong with the expiry, by its name, its form and the clock.
fn of_expiry(reading: &Reading, scheme: &Scheme, policy: &Policy, now: u64) -> Vec<Departure> {
    let name = scheme.expires;
    let Some(one) = reading.parameters.iter().rfind(|one| one.role == Role::Expires) else {
        if policy.allows_unlimited {
            return Vec::new();
        }
        let departure = match spelling::misspelt(&reading.parameters, Role::Expires, scheme) {
            Some(place) => spelling::departure(&reading.parameters[place], name),
            None => Departure::new(
                format!("there is no `{name}` in the URL"),
                Side::Signer,
                format!("add `{name}` after the other parameters before they are signed"),
            ),
        };
        return vec![departure];
    };
    if one.name != name.as_bytes() {
        let change = format!("send a single `{name}`, and not an array");
        return vec![Departure::new(format!("`{name}` is an array"), Side::Signer, change)];
    }
    if let Some(mistake) = time::mistake(&one.value, now) {
        return vec![mistake];
    }
    let Some(expires) = str::from_utf8(&one.value).ok().and_then(|text| text.parse::<u64>().ok()) else {
        return Vec::new();
    };
    let leeway = policy.leeway.as_secs();
    if scheme.last_second(expires).saturating_add(leeway) < now {
        let ago = time::length(now.saturating_sub(expires));
        let cause = format!("it expired {ago} ago, at {}", time::date(expires));
        let change = "sign a new one for each request; if it is new, set the clocks on both sides, or allow a `leeway`";
        return vec![Departure::new(cause, Side::Signer, change)];
    }
    let latest = policy.max_lifetime.map(|most| now.saturating_add(most.as_secs()).saturating_add(leeway));
    if latest.is_some_and(|latest| expires > latest) {
        let cause = format!(
            "it is good for {}, longer than the server's `max_lifetime`",
            time::length(expires - now)
        );
        return vec![Departure::new(
            cause,
            Side::Signer,
            "let it expire sooner, or raise `max_lifetime` on the server",
        )];
    }
    Vec::new()
}
