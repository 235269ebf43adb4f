//! From what came to what is wrong with it.

use signed_query::Writing;

use super::{
    bodies::{SHORT, bodies},
    choice::{Choice, Departure, MOST, Side},
    lifetime,
    order::Order,
    parameters::as_sent,
    reading::Reading,
    result::{Digest, decodings},
    scheme::Scheme,
    search::{Found, Hunt, Spent},
    secret::secrets,
    signature, spelling,
    texts::Texts,
    transit::{self, passages},
    wrapper::{self, unwrap},
};
use crate::{
    request::Request,
    rules::{Own, Rules},
    settings::{Policy, Secrets},
};

/// What is wrong, as far as it can be told.
pub struct Diagnosis {
    pub causes: Vec<Departure>,
    /// What gives the signature, if anything does.
    pub found: Option<Found>,
    pub spent: Spent,
}

impl Diagnosis {
    fn of_at_most(work: usize) -> Self {
        let spent = Spent::of_at_most(work);
        Self { causes: Vec::new(), found: None, spent }
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
    diagnosis.spent.is_cut = transit::MANY * url.len() > transit::LARGEST;
    let readings = readings(url, scheme);
    let Some(nearest) = readings.first() else {
        diagnosis.causes.push(nothing_signed(url, scheme));
        return diagnosis;
    };
    let mut read = nearest;
    let candidates: Vec<&Choice<Reading>> = readings
        .iter()
        .filter(|reading| spelling::placeholder(&reading.value.signature, "signature").is_none())
        .collect();
    let hunts = candidates.iter().map(|reading| Subject {
        cost: reading.cost,
        texts: Box::new(|| Texts::Query(&reading.value, scheme)),
        digests: decodings(&reading.value.signature, scheme.writings(), "signature"),
    });
    if let Some((nth, found)) = hunt(hunts.collect(), known, scheme, &mut diagnosis.spent) {
        read = candidates[nth];
        diagnosis.found = Some(found);
    }
    if passages(&unwrapped(url, scheme).value).len() >= transit::MANY {
        // The farthest of them are missing.
        diagnosis.spent.whole = diagnosis.spent.whole.min(MOST - 1);
    }
    diagnosis.causes.extend(read.departures.clone());
    match &diagnosis.found {
        Some(found) => diagnosis.causes.extend(found.departures.clone()),
        None => {
            let signature = &read.value.signature;
            let known = signature::secret(signature, known, "signature")
                .or_else(|| signature::odd(signature, scheme.writings(), scheme.hash(), "signature"));
            diagnosis
                .causes
                .push(known.unwrap_or_else(|| signature::unknown("signature", "text that each side signs")));
        }
    }
    diagnosis.causes.extend(lifetime::departures(&read.value, scheme, policy, now));
    diagnosis
}

/// Explains a webhook that was refused, with so much work at most.
pub fn of_webhook(hash: &str, body: &[u8], known: &Secrets, work: usize) -> Diagnosis {
    let mut diagnosis = Diagnosis::of_at_most(work);
    diagnosis.spent.is_cut = body.len() >= SHORT;
    let platform = Scheme::new(Rules::Query(Own::default()), &Policy::default());
    if spelling::placeholder(hash.as_bytes(), "hash").is_none() {
        let subject = Subject {
            cost: 0,
            texts: Box::new(|| Texts::Bodies(bodies(body))),
            digests: decodings(hash.as_bytes(), &[Writing::Hex], "hash"),
        };
        diagnosis.found = hunt(vec![subject], known, &platform, &mut diagnosis.spent).map(|(_, found)| found);
    }
    diagnosis.causes = match &diagnosis.found {
        Some(found) => found.departures.clone(),
        None => {
            let known = signature::secret(hash.as_bytes(), known, "hash")
                .or_else(|| signature::odd(hash.as_bytes(), &[Writing::Hex], "SHA-256", "hash"));
            let empty = body.is_empty().then(|| {
                let cause = "the body on standard input is empty; perhaps `< body.json` was forgotten";
                Departure::new(cause, Side::Both, "give the body on standard input, as in `… < body.json`")
            });
            vec![empty.or(known).unwrap_or_else(|| signature::unknown("hash", "bytes that each side hashes"))]
        }
    };
    diagnosis
}

/// What a signature came with.
struct Subject<'s> {
    cost: usize,
    texts: Box<dyn Fn() -> Texts<'s> + 's>,
    digests: Vec<Choice<Digest>>,
}

/// The nearest explanation of any of the signatures, and of which.
fn hunt(
    subjects: Vec<Subject<'_>>,
    known: &Secrets,
    scheme: &Scheme,
    spent: &mut Spent,
) -> Option<(usize, Found)> {
    let is_app_key = matches!(scheme.rules, Rules::Laravel { .. });
    let secrets = secrets(&known.right, &known.others, is_app_key);
    let mut hunts: Vec<Option<Hunt<'_>>> = subjects.iter().map(|_| None).collect();
    for total in 0..=MOST {
        // What was undone first: it is special, and what is left is then little.
        for (nth, subject) in subjects.iter().enumerate().rev().filter(|(_, subject)| subject.cost <= total) {
            if spent.is_all() {
                return None;
            }
            let hunt = hunts[nth].get_or_insert_with(|| {
                Hunt::new((subject.texts)(), subject.digests.clone(), &secrets, scheme.hash())
            });
            if let Some(found) = hunt.at(total - subject.cost, spent) {
                return Some((nth, found));
            }
        }
        if !spent.is_all() && !spent.is_cut {
            spent.whole = total;
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
        let Some(inner) = unwrap(&all.value).filter(|inner| inner.contains(&scheme.signature)) else { break };
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

/// The names of the signatures of frameworks, whose links may be taken for the server's, with the
/// framework and the options that name it.
pub const OF_FRAMEWORKS: [(&str, &str, &str); 2] = [
    ("signature", "Laravel", "`--laravel ORIGIN` or `--laravel-relative`"),
    ("_hash", "Symfony", "`--symfony ORIGIN`"),
];

fn nothing_signed(url: &str, scheme: &Scheme) -> Departure {
    let name = &scheme.signature;
    let missing = format!("there is no `{name}` in the URL");
    let parameters = as_sent(Request::read(url).query.as_deref().unwrap_or_default(), scheme);
    let has = |name: &str| parameters.iter().any(|one| one.name == name.as_bytes());
    if let Some((other, framework, _)) = OF_FRAMEWORKS.iter().find(|(other, ..)| has(other)) {
        let cause = format!("{missing}; it has `{other}`, which {framework}'s links use");
        return Departure::new(cause, Side::Signer, format!("name the parameter exactly `{name}`"));
    }
    let change = match scheme.order() {
        Order::AsSent | Order::Listed(_) => "sign the query, and send the signature as its last parameter",
        Order::ByName => "sign the query, and send the signature with it",
    };
    if parameters.iter().filter(|one| !one.raw.is_empty()).count() == 1 {
        let cause = format!(
            "{missing}, which has only one parameter: it was not signed, or a shell cut it at the first `&`"
        );
        return Departure::new(cause, Side::Signer, format!("{change}; in a shell, put the URL in quotes"));
    }
    let cause = format!(
        "{missing}, and no other parameter looks like a signature; it was not signed, or was cut off"
    );
    Departure::new(cause, Side::Signer, change)
}
