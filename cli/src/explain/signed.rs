//! Which of the parameters were signed.

use super::{
    choice::{Choice, Departure, RARE, Side, list},
    parameters::Parameter,
    scheme::Role,
    tracking::is_tracking,
};

/// Which parameters, by their places in a list, and in which order.
pub type Places = Vec<u16>;

/// Up to this many parameters, every subset is tried; with more, only likely ones.
const FEW: usize = 8;

/// With more parameters than this, none is looked at by itself.
const MANY: usize = 100;

/// All that may have been signed, at most this far from right, beginning with what should have
/// been. The last parameter is an empty signature, which is not in the query.
pub fn selections(parameters: &[Parameter], most: usize) -> Vec<Choice<Places>> {
    let empty_signature = parameters.len() - 1;
    let sent = &parameters[..empty_signature];
    let places = |is_in: &dyn Fn(usize, &Parameter) -> bool| -> Places {
        let all = sent.iter().enumerate().filter(|(place, one)| is_in(*place, one));
        all.map(|(place, _)| place as u16).collect()
    };
    let is_usual = |one: &Parameter| matches!(one.role, Role::Signed | Role::Expires);
    let names = |is_in: &dyn Fn(&Parameter) -> bool| -> Vec<&[u8]> {
        let mut names: Vec<&[u8]> = sent.iter().filter(|one| is_in(one)).map(Parameter::base).collect();
        names.dedup();
        names
    };
    let mut found = vec![Choice::right(places(&|_, one| is_usual(one)))];
    if most == 0 {
        return found;
    }
    let mut push = |places: Places, departure: Departure, cost: usize| {
        found.push(Choice::departing(places, departure).costing(cost));
    };

    // More than what should be.
    let unsigned = names(&|one| one.role == Role::Unsigned);
    let signed_too = |names: &[&[u8]]| {
        let cause = format!("{} {} signed too, but must not be", list(names), are(names));
        Departure::new(cause, Side::Signer, "do not sign what the server ignores")
    };
    for chosen in subsets(unsigned.len()) {
        let names: Vec<&[u8]> = of(&unsigned, &chosen);
        let cost = if names.len() == 1 || names.len() == unsigned.len() { 1 } else { RARE };
        let is_in =
            |one: &Parameter| is_usual(one) || names.contains(&one.base()) && one.role == Role::Unsigned;
        push(places(&|_, one| is_in(one)), signed_too(&names), cost);
    }
    let usual = || places(&|_, one| is_usual(one));
    let cause =
        format!("an empty `{}` was signed too", super::choice::show(&parameters[empty_signature].name));
    let without = Departure::new(cause, Side::Signer, "do not sign the parameter of the signature");
    push([usual(), vec![empty_signature as u16]].concat(), without.clone(), 1);
    if let Some(place) = sent.iter().position(|one| one.role == Role::Signature) {
        let mut all = usual();
        let at = all.iter().take_while(|one| usize::from(**one) < place).count();
        all.insert(at, empty_signature as u16);
        push(all, without, 1);
    }
    let signatures: Vec<usize> =
        (0..sent.len()).filter(|place| sent[*place].role == Role::Signature).collect();
    if let [earlier @ .., _] = &signatures[..]
        && !earlier.is_empty()
    {
        let cause = "the URL was signed twice, the second time with its first signature in it";
        let departure = Departure::new(cause, Side::Signer, "sign the URL without a signature in it");
        push(places(&|place, one| is_usual(one) || earlier.contains(&place)), departure, 1);
    }

    // Less than what should be.
    let usual_names = names(&is_usual);
    let left_out = |names: &[&[u8]], side: Side| {
        let cause = format!(
            "{} {} not signed (added in transit, or left out by the signer)",
            list(names),
            are(names)
        );
        let change = match side {
            Side::Way => "keep the URL as it was signed, or have the server ignore what is added, by name",
            _ => "sign every parameter that is sent, or have the server ignore those, by name",
        };
        Departure::new(cause, side, change)
    };
    let mut without = |is_out: &dyn Fn(usize, &Parameter) -> bool,
                       departure: &dyn Fn(&[&[u8]]) -> Departure,
                       cost: usize| {
        let kept = places(&|place, one| is_usual(one) && !is_out(place, one));
        let mut out: Vec<&[u8]> = Vec::new();
        for (place, one) in sent.iter().enumerate() {
            if is_usual(one)
                && is_out(place, one)
                && !out.iter().rev().take(MANY).any(|name| *name == one.base())
            {
                out.push(one.base());
            }
        }
        if !out.is_empty() {
            push(kept, departure(&out), cost);
        }
    };
    let on_the_way = |names: &[&[u8]]| left_out(names, Side::Way);
    let by_the_signer = |names: &[&[u8]]| left_out(names, Side::Signer);
    without(&|_, one| is_tracking(one.base()), &on_the_way, 1);
    if let Some(last) = signatures.last() {
        without(&|place, _| place > *last, &on_the_way, 1);
        without(&|place, one| place > *last || is_tracking(one.base()), &on_the_way, 1);
    }
    let expires = |names: &[&[u8]]| {
        let cause = format!("{} was not signed, but must be", list(names));
        Departure::new(cause, Side::Signer, "sign the time with the other parameters")
    };
    without(&|_, one| one.role == Role::Expires, &expires, 1);
    if let Some(place) = sent.iter().position(|one| one.role == Role::Expires) {
        without(&|other, _| other > place, &on_the_way, 1);
        without(&|other, _| other < place, &by_the_signer, 1);
    }
    let empty = |names: &[&[u8]]| {
        let cause = format!("empty parameters were not signed ({})", list(names));
        Departure::new(cause, Side::Signer, "sign empty parameters too, or don't send them")
    };
    without(&|_, one| one.value.is_empty(), &empty, 1);
    without(&|_, one| matches!(&one.value[..], b"" | b"0" | b"false" | b"null"), &by_the_signer, 1);
    let arrays = |names: &[&[u8]]| {
        let cause = format!("arrays were not signed ({})", list(names));
        Departure::new(cause, Side::Signer, "sign arrays too, each element as `name[key]=value`")
    };
    without(&|_, one| one.name.contains(&b'['), &arrays, 1);
    if sent.len() > MANY {
        return found;
    }
    // A name that was sent twice, where the list is of what was sent.
    let repeated = |names: &[&[u8]]| {
        let cause = format!("{} {} sent more than once, but signed only once", list(names), are(names));
        Departure::new(cause, Side::Signer, "send each name once")
    };
    let stands_in = |part: &[Parameter], one: &Parameter| part.iter().any(|other| other.name == one.name);
    without(&|place, one| stands_in(&sent[..place], one), &repeated, 1);
    without(&|place, one| stands_in(&sent[place + 1..], one), &repeated, 1);
    for name in &usual_names {
        without(&|_, one| one.base() == *name, &by_the_signer, 1);
    }
    for name in &usual_names {
        without(&|_, one| one.base() != *name, &by_the_signer, RARE);
        without(&|_, one| one.base() != *name && one.role != Role::Expires, &by_the_signer, RARE);
    }
    for end in 1..sent.len() {
        without(&|place, _| place >= end, &on_the_way, 1);
        without(&|place, _| place < end, &by_the_signer, 1);
    }
    if usual_names.len() <= FEW {
        for chosen in subsets(usual_names.len()) {
            let names: Vec<&[u8]> = of(&usual_names, &chosen);
            let cost = if names.len() < 3 { 1 } else { RARE };
            without(&|_, one| names.contains(&one.base()), &by_the_signer, cost);
        }
    }
    found
}

/// All subsets of this many things but the empty one, the small ones first; of many things, only
/// each by itself and all together.
fn subsets(count: usize) -> Vec<Vec<usize>> {
    let mut subsets: Vec<Vec<usize>> = if count <= FEW {
        (1_u32..1 << count).map(|chosen| (0..count).filter(|one| chosen >> one & 1 == 1).collect()).collect()
    } else {
        (0..count).map(|one| vec![one]).chain([(0..count).collect()]).collect()
    };
    subsets.sort_by_key(Vec::len);
    subsets
}

fn of<'n>(names: &[&'n [u8]], chosen: &[usize]) -> Vec<&'n [u8]> {
    chosen.iter().map(|one| names[*one]).collect()
}

fn are(names: &[&[u8]]) -> &'static str {
    if names.len() == 1 { "was" } else { "were" }
}
